"""Random conditions over a world that is small enough to look at every event."""

from functools import cache
from itertools import product

from hypothesis import strategies as st

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Call,
    Compare,
    Comparison,
    Condition,
    Constant,
    Equals,
    Exists,
    Field,
    FieldType,
    InNetwork,
    IsTrue,
    Leaf,
    Literal,
    MatchesGlob,
    MatchesRegex,
    Not,
    Or,
    Test,
)
from rulewright_engine.values.patterns.glob import Wild

NAME, NUMBER, FLAG, ADDRESS = (
    Field("name", FieldType.KEYWORD),
    Field("number", FieldType.LONG),
    Field("flag", FieldType.BOOLEAN),
    Field("address", FieldType.IP),
)
LETTERS = "abA"
WORDS = ["", *("".join(letters) for size in (1, 2, 3) for letters in product(LETTERS, repeat=size)), "x", "xx", "axb"]
NUMBERS = [-1, 0, 1, 2, 3, 4]
ADDRESSES = ["10.0.0.0", "10.0.0.1", "10.0.0.255", "10.0.1.0", "9.255.255.255", "2001:db8::1"]

texts = st.text("ab", max_size=2)
parts = st.lists(st.sampled_from(["a", "b", Wild.ANY, Wild.ANY, Wild.ONE]), min_size=1, max_size=3)


def glob(pieces: list[str | Wild]) -> tuple[str | Wild, ...]:
    merged: list[str | Wild] = []
    for piece in pieces:
        if merged and not isinstance(piece, Wild) and not isinstance(merged[-1], Wild):
            merged[-1] = str(merged[-1]) + piece
        else:
            merged.append(piece)
    return tuple(merged)


text_tests: st.SearchStrategy[Test] = st.one_of(
    st.builds(Equals, texts, st.booleans()),
    st.builds(MatchesGlob, parts.map(glob), st.booleans()),
    st.builds(MatchesRegex, st.sampled_from(["a*", "[ab]+", "a.?", "~(a.*)", "b|ab"]), st.booleans()),
    st.just(Exists()),
)
numbers = st.builds(Compare, st.sampled_from(list(Comparison)), st.integers(0, 3))


def leaf(value: Field | Call, test: Test) -> Leaf:
    return Leaf(value, test, f"{value} {test}")


leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(leaf, st.just(NAME), text_tests),
    st.builds(leaf, st.just(NAME), text_tests),
    st.builds(leaf, st.just(NUMBER), st.one_of(st.builds(Equals, st.integers(0, 3)), numbers)),
    st.builds(leaf, st.just(FLAG), st.sampled_from([IsTrue(), Equals(False), Exists()])),
    st.builds(leaf, st.just(ADDRESS), st.sampled_from([InNetwork("10.0.0.0/24"), Equals("10.0.0.1"), Exists()])),
    st.builds(leaf, st.just(Call("length", (NAME,))), numbers),
    st.builds(leaf, st.builds(lambda text: Call("startswith", (NAME, Literal(text))), texts), st.just(IsTrue())),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda children: And(tuple(children)), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda children: Or(tuple(children)), st.lists(inner, min_size=2, max_size=3)),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)


def events(condition: Condition, multi_valued: bool) -> tuple[Event, ...]:
    """Every event of the small world, with the fields of the condition; with `multi_valued`, names may be two."""
    return _events(frozenset(used.name for used in condition.fields()), multi_valued)


@cache
def _events(read: frozenset[str], multi_valued: bool) -> tuple[Event, ...]:
    pairs = [[one, other] for one, other in product(WORDS[:10], repeat=2)] if multi_valued else []
    worlds: dict[str, list[list[object]]] = {
        "name": [[], *([word] for word in WORDS), *pairs],
        "number": [[], *([number] for number in NUMBERS)],
        "flag": [[], [True], [False]],
        "address": [[], *([address] for address in ADDRESSES)],
    }
    choices = [[(name, values) for values in worlds[name]] for name in sorted(read)]
    return tuple(Event(dict(chosen)) for chosen in product(*choices))


def with_constant(condition: Condition, position: int, value: bool) -> Condition:
    """The tree with the condition at `position` replaced by a constant."""
    replaced, _ = _replace(condition, position, value)
    return replaced


def _replace(condition: Condition, position: int, value: bool) -> tuple[Condition, int]:
    """`condition` changed, and the position counted on past its atomic ones."""
    match condition:
        case Leaf():
            return (Constant(value) if position == 0 else condition), position - 1
        case Not(child):
            inner, position = _replace(child, position, value)
            return Not(inner), position
        case And(children) | Or(children):
            changed = []
            for child in children:
                inner, position = _replace(child, position, value)
                changed.append(inner)
            return type(condition)(tuple(changed)), position
        case _:
            return condition, position
