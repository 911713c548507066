"""Strategies for the values of one field: what the conditions on it hint at, and what has nothing to do with them.

They only propose; whoever draws asks evaluation whether the event still means the same.
"""

import ipaddress
from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from rulewright_engine.ir.expression import (
    Between,
    Compare,
    Equals,
    Field,
    FieldType,
    InNetwork,
    MatchesFuzzy,
    MatchesGlob,
    MatchesText,
    MatchesToken,
    Scalar,
    Test,
)
from rulewright_engine.solver.theories.typos import typos
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["OTHER_FIELDS", "Values", "other_fields", "values_of", "words"]

Values = tuple[Scalar, ...]
"""The values of a field; empty: the event does without it."""

MAX_LONG = 2**63 - 1
"""The greatest value of a `long` field."""

HOUR = 3_600_000

words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.", min_size=1, max_size=8)
texts = st.one_of(words, st.text(st.characters(exclude_categories=["C"]), max_size=12))
integers = st.one_of(st.integers(0, 100), st.integers(-(2**31), 2**31))
addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses()).map(str)


def values_of(field: Field, tests: Sequence[Test], held: Values, several: bool | None) -> st.SearchStrategy[Values]:
    """What a field may hold instead of `held`; `tests` are those that conditions make of it.

    `several` is whether it may hold several values (None: nobody knows). The simplest is to leave it as it is.
    """
    single = st.one_of(*_singles(field, tests, held))
    changes = [st.just(held), single.map(lambda value: (value,)), st.just(())]
    if several or len(held) > 1:
        changes += [
            st.lists(single, min_size=1, max_size=3).map(lambda more: (*held, *more)),
            st.permutations(held).map(tuple),
        ]
    return st.one_of(*changes)


def _singles(field: Field, tests: Sequence[Test], held: Values) -> Iterator[st.SearchStrategy[Scalar]]:
    match field.type:
        case FieldType.KEYWORD | FieldType.WILDCARD | FieldType.TEXT | FieldType.VERSION:
            for value in held:
                if isinstance(value, str):
                    yield _adjacent(value)
            yield from (_passing(test) for test in tests if isinstance(test, _TEXTUAL))
            yield texts
        case FieldType.LONG | FieldType.DATE:
            step = HOUR if field.type is FieldType.DATE else 8
            for bound in (*_bounds(tests), *held):
                if isinstance(bound, int | float):
                    middle = int(bound)
                    yield st.integers(max(middle - step, -MAX_LONG), min(middle + step, MAX_LONG))
            if field.type is FieldType.LONG:
                yield integers
            elif not held:
                yield st.nothing()
        case FieldType.DOUBLE:
            for bound in (*_bounds(tests), *held):
                if isinstance(bound, int | float):
                    yield st.floats(bound - 1, bound + 1)
            yield st.floats(0, 1000)
        case FieldType.BOOLEAN:
            yield st.booleans()
        case FieldType.IP:
            for test in tests:
                if isinstance(test, InNetwork):
                    yield st.ip_addresses(network=ipaddress.ip_network(test.network, strict=False)).map(str)
            yield addresses
        case _:
            yield st.nothing()


_TEXTUAL = (Equals, MatchesGlob, MatchesFuzzy, MatchesText, MatchesToken)


def _adjacent(text: str) -> st.SearchStrategy[Scalar]:
    """A text like `text`: in other letters, or longer."""
    longer = (lambda more: f"{text} {more}", lambda more: f"{more} {text}", lambda more: f"{text}{more}")
    return st.one_of(_cased(text), *(texts.map(extend) for extend in longer), texts.map(lambda more: f"{more}{text}"))


def _cased(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([text, text.lower(), text.upper(), text.swapcase()])


def _passing(test: Test) -> st.SearchStrategy[Scalar]:
    """Texts that pass a test, most of them."""
    match test:
        case Equals(str(text), insensitive):
            return _cased(text) if insensitive else st.just(text)
        case MatchesGlob(parts, insensitive):
            filled = st.tuples(*map(_part, parts)).map("".join)
            return filled.flatmap(_cased) if insensitive else filled
        case MatchesFuzzy():
            return st.sampled_from(list(typos(test)))
        case MatchesText(tokens, phrase):
            found = st.just(" ".join(tokens)) if phrase else st.sampled_from(tokens)
            return st.tuples(texts, found, texts).map(" ".join)
        case MatchesToken(inner):
            return st.tuples(texts, _passing(inner).map(str)).map(" ".join)
        case _:
            return st.nothing()


def _part(part: str | Wild) -> st.SearchStrategy[str]:
    match part:
        case Wild.ANY:
            return texts
        case Wild.ONE:
            return st.characters(exclude_categories=["C"])
        case _:
            return st.just(str(part))


def _bounds(tests: Sequence[Test]) -> Iterator[Scalar]:
    for test in tests:
        match test:
            case Equals(value) | Compare(bound=value):
                yield value
            case Between(low, high):
                yield low.bound
                yield high.bound


def other_fields(read: set[str]) -> st.SearchStrategy[dict[str, Values]]:
    """Fields that have nothing to do with a rule that reads the fields `read`; the simplest is none."""
    roots = {name.partition(".")[0] for name in read}
    free = {
        name: values
        for name, values in OTHER_FIELDS.items()
        if name not in read and not (name in roots or any(f"{name}.".startswith(f"{each}.") for each in read))
    }
    return st.fixed_dictionaries({}, optional=free)


def _one(values: st.SearchStrategy[Scalar]) -> st.SearchStrategy[Values]:
    return values.map(lambda value: (value,))


OTHER_FIELDS: dict[str, st.SearchStrategy[Values]] = {
    "event.sequence": _one(st.integers(0, 2**31)),
    "host.name": _one(words),
    "host.ip": st.lists(addresses, min_size=1, max_size=3).map(tuple),
    "labels.note": _one(texts),
    "message": _one(texts),
    "organization.id": _one(words),
    "process.pid": _one(st.integers(1, 2**22)),
    "source.port": _one(st.integers(0, 65_535)),
    "tags": st.lists(words, min_size=1, max_size=3).map(tuple),
    "user.name": _one(words),
}
