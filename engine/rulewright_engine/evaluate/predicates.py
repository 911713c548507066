"""What a test asks of one value that is not null."""

import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from rulewright_engine.ir.expression import (
    Between,
    Compare,
    Comparison,
    Equals,
    Exists,
    FieldType,
    InNetwork,
    InOtherFields,
    IsTrue,
    MatchesFuzzy,
    MatchesGlob,
    MatchesRegex,
    MatchesText,
    MatchesToken,
    Test,
)
from rulewright_engine.values import text_analyzer
from rulewright_engine.values.addresses import canonical_address, parse_address, parse_network
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns import compile_fuzzy, compile_glob, compile_regex
from rulewright_engine.values.versions import version_key

__all__ = ["Predicate", "compile_test", "constant_of"]

Predicate = Callable[[Any], bool]

_OPERATORS: dict[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.LESS: operator.lt,
    Comparison.LESS_EQUAL: operator.le,
    Comparison.GREATER: operator.gt,
    Comparison.GREATER_EQUAL: operator.ge,
}

_tokens = lru_cache(maxsize=1024)(text_analyzer.tokens)


def compile_test(test: Test, family: FieldType | None) -> Predicate:
    """The test of a value of a field of that family; None: of a computed value, whose type shows when it is there."""
    match test:
        case Equals():
            return _equality(test, family)
        case MatchesGlob():
            return _of_text(compile_glob(test.parts, test.insensitive))
        case MatchesRegex():
            return _of_text(compile_regex(test.pattern, test.insensitive))
        case MatchesFuzzy(text, edits, prefix_length, transpositions):
            return _of_text(compile_fuzzy(text, edits, prefix_length, transpositions))
        case Compare():
            return _comparison(test, family)
        case Between(low, high):
            above, below = _comparison(low, family), _comparison(high, family)
            return lambda value: above(value) and below(value)
        case InNetwork(network):
            return _membership(network)
        case MatchesText(tokens, phrase, slop):
            if phrase and slop:
                return _of_text(_loose_phrase(tokens, slop))
            return _of_text(_phrase(tokens) if phrase else _any_token(frozenset(tokens)))
        case MatchesToken(inner):
            holds = compile_test(inner, FieldType.KEYWORD)
            return _of_text(lambda text: any(map(holds, _tokens(text))))
        case Exists():
            return lambda value: True
        case IsTrue():
            return lambda value: value is True
        case InOtherFields():  # asked of an event, never of a value
            return lambda value: False


def constant_of(test: Equals, family: FieldType | None) -> Any:
    """What a field's value must equal, in the form that events hold values in."""
    if family is FieldType.IP and isinstance(test.value, str):
        return canonical_address(test.value) or test.value
    return fold_case(test.value) if test.insensitive and isinstance(test.value, str) else test.value


def _equality(test: Equals, family: FieldType | None) -> Predicate:
    constant = constant_of(test, family)
    if isinstance(constant, bool):
        return lambda value: value is constant
    if isinstance(constant, str):
        if test.insensitive:
            return _of_text(lambda text: fold_case(text) == constant)
        return lambda value: bool(value == constant)
    return lambda value: value == constant and not isinstance(value, bool)


def _of_text(matcher: Predicate) -> Predicate:
    return lambda value: isinstance(value, str) and matcher(value)


def _comparison(test: Compare, family: FieldType | None) -> Predicate:
    compare, bound = _OPERATORS[test.operator], test.bound
    if not isinstance(bound, str):
        return lambda value: not isinstance(value, str) and compare(value, bound)
    if family is FieldType.IP:
        return _ordered(compare, parse_address, bound)
    if family is FieldType.VERSION:
        return _ordered(compare, version_key, bound)
    return lambda value: isinstance(value, str) and compare(value, bound)


def _ordered(compare: Callable[[Any, Any], bool], key: Callable[[str], Any], bound: str) -> Predicate:
    limit = key(bound)
    return lambda value: limit is not None and compare(key(value), limit)


def _membership(network: str) -> Predicate:
    addresses = parse_network(network)

    def holds(value: Any) -> bool:
        address = parse_address(value) if isinstance(value, str) else None
        return addresses is not None and address is not None and address in addresses

    return holds


def _any_token(wanted: frozenset[str]) -> Predicate:
    return lambda text: not wanted.isdisjoint(_tokens(text))


def _phrase(wanted: tuple[str, ...]) -> Predicate:
    """No tokens are in no text: Elasticsearch finds nothing for a phrase that analysis empties."""
    count = len(wanted)

    def holds(text: str) -> bool:
        tokens = _tokens(text)
        return count > 0 and any(tokens[at : at + count] == wanted for at in range(len(tokens) - count + 1))

    return holds


def _loose_phrase(wanted: tuple[str, ...], slop: int) -> Predicate:
    """Each token stands somewhere, no two of them in one place, and each is moved as far as the others, up to `slop`.

    How far a token is moved is its place in the text less its place in the phrase: two that are swapped need 2.
    """

    def holds(text: str) -> bool:
        tokens = _tokens(text)
        moves = {place - at for at, token in enumerate(wanted) for place, other in enumerate(tokens) if other == token}
        return any(_fits(wanted, tokens, least, slop) for least in sorted(moves))

    return holds


def _fits(wanted: tuple[str, ...], tokens: tuple[str, ...], least: int, slop: int) -> bool:
    """Whether every token finds a free place, moved by `least` to `least + slop`. The first one is right for each,
    because tokens that are alike come in the order of their ranges, which are equally long."""
    taken: set[int] = set()
    for at, token in enumerate(wanted):
        places = range(max(at + least, 0), min(at + least + slop + 1, len(tokens)))
        place = next((place for place in places if place not in taken and tokens[place] == token), None)
        if place is None:
            return False
        taken.add(place)
    return True
