"""The typed expression that every language lowers to: what is asked of one event.

Two levels. **Conditions** (`And`, `Or`, `Not`, `Constant`, `Leaf`) are about a whole event and two-valued. An **atomic
condition** (`Leaf`) asks one `Test` of one `Value`: it is true when, for *some* choice of one value of each field that
the value refers to (a field without values contributes the single value null), the test is true of the result. `Not` is
the complement, so a negated condition is true of an event without the field. Source: semantics B1, "exists a value";
the same holds in KQL and Lucene. **Values** (`Field`, `Literal`, `Call`) are three-valued: a null argument gives null
unless the function says otherwise.

Nodes are frozen, so they hash and compare by content; spans are half-open offsets into the query text and do not
take part in comparison.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import cast

from rulewright_engine.ir.tree import Tree
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.source import NOWHERE, Span

__all__ = [
    "And",
    "Between",
    "Call",
    "Compare",
    "Comparison",
    "Condition",
    "Constant",
    "Equals",
    "Exists",
    "Field",
    "FieldType",
    "InNetwork",
    "InOtherFields",
    "IsTrue",
    "Leaf",
    "Literal",
    "MatchesFuzzy",
    "MatchesGlob",
    "MatchesRegex",
    "MatchesText",
    "MatchesToken",
    "Nested",
    "Not",
    "Or",
    "Scalar",
    "Test",
    "Value",
]


class FieldType(StrEnum):
    """The families of field types that evaluation distinguishes; `ir.fields` maps Elasticsearch's names to them."""

    KEYWORD = "keyword"  # keyword, constant_keyword, flattened leaves: one exact term
    WILDCARD = "wildcard"  # exact term, pattern-indexed: differs from keyword in KQL only
    TEXT = "text"  # analysed: text, match_only_text
    LONG = "long"  # every integer type
    DOUBLE = "double"  # every floating type
    BOOLEAN = "boolean"
    DATE = "date"  # value: epoch milliseconds
    IP = "ip"
    VERSION = "version"
    FLATTENED = "flattened"  # the root of a flattened field: the text of every value below it
    GEO = "geo"  # a point or shape: a test sees only whether there is one
    OBJECT = "object"  # object, nested: holds no value that a test can see
    NULL = "null"  # an unmapped field behind `?`, or a literal null


Scalar = str | int | float | bool | None


# Values


class _ValueNode(Tree["Value"]):
    __slots__ = ()

    def fields(self) -> Iterator["Field"]:
        """Every field that the value refers to, in order, repeats included.

        >>> name = Field("process.name", FieldType.KEYWORD)
        >>> [field.name for field in Call("concat", (name, Literal(".exe"), name)).fields()]
        ['process.name', 'process.name']
        """
        return self.find(Field)


@dataclass(frozen=True, slots=True)
class Field(_ValueNode):
    """A field of the event. `optional` is EQL's `?`: an unmapped field is null instead of an error.

    `name` is where the event holds the value; `alias` the multi-field of it that the query names, if it names one. How
    an index keeps the value: `lowercase` is a normalizer, `ignore_above` the length from which on it keeps no text (0:
    none), `unsigned` says that a whole number has no sign.
    """

    name: str
    type: FieldType
    optional: bool = False
    span: Span = field(default=NOWHERE, compare=False)
    alias: str = field(default="", compare=False)
    lowercase: bool = False
    ignore_above: int = field(default=0, compare=False)
    unsigned: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Literal(_ValueNode):
    """A constant: text, number, boolean or null."""

    value: Scalar
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Call(_ValueNode):
    """A function or operator over values; `function` is a key of `evaluate.functions.FUNCTIONS` (lower case).

    Operators have the names add, subtract, multiply, divide, modulo, negate, and in value position also equals,
    is_null (a comparison with the word `null`), less, less_equal, greater, greater_equal, like, regex, and, or, not.
    `insensitive` is EQL's `~`.
    """

    function: str
    arguments: tuple["Value", ...]
    insensitive: bool = False
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def children(self) -> tuple["Value", ...]:
        return self.arguments

    def with_children(self, children: tuple["Value", ...]) -> "Value":
        return replace(self, arguments=children)


Value = Field | Literal | Call


# Tests: what is asked of one value. None of them is true of null.


@dataclass(frozen=True, slots=True)
class Equals:
    """The value equals `value`, which lowering has converted to the field's type (a date is epoch milliseconds)."""

    value: str | int | float | bool
    insensitive: bool = False


@dataclass(frozen=True, slots=True)
class MatchesGlob:
    """The whole value matches `parts`: literal texts and wildcards, in order; no two texts are neighbours."""

    parts: tuple[str | Wild, ...]
    insensitive: bool = False


@dataclass(frozen=True, slots=True)
class MatchesRegex:
    """The whole value matches a regular expression in Lucene's dialect."""

    pattern: str
    insensitive: bool = False


@dataclass(frozen=True, slots=True)
class MatchesFuzzy:
    """The whole value is at most `edits` edits away from `text`: see `values.patterns.fuzzy`."""

    text: str
    edits: int
    prefix_length: int = 0
    transpositions: bool = True


class Comparison(StrEnum):
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="


@dataclass(frozen=True, slots=True)
class Compare:
    """The value is on the given side of `bound`: numbers and dates by size, text by code point, addresses by number."""

    operator: Comparison
    bound: str | int | float


@dataclass(frozen=True, slots=True)
class Between:
    """One value lies on the right side of both bounds (`[1 TO 5]` in Lucene, a day in KQL)."""

    low: Compare
    high: Compare


@dataclass(frozen=True, slots=True)
class InNetwork:
    """The address lies in the network (`10.0.0.0/8`; host bits are ignored; never across IPv4 and IPv6)."""

    network: str


@dataclass(frozen=True, slots=True)
class MatchesText:
    """Analysed text: the value's tokens hold `tokens` in a row (`phrase`), or hold any one of them.

    `slop` loosens a phrase: that many moves of a token by one place may bring `tokens` in a row.
    """

    tokens: tuple[str, ...]
    phrase: bool
    slop: int = 0


@dataclass(frozen=True, slots=True)
class MatchesToken:
    """Analysed text: some token of the value meets `test` (wildcards, regexes, ranges and fuzzy terms).

    Tokens, here and in `MatchesText`, are those of `values.text_analyzer.tokens`: lower case.
    """

    test: "MatchesGlob | MatchesRegex | MatchesFuzzy | Compare | Between"


@dataclass(frozen=True, slots=True)
class Exists:
    """The value is not null; an empty text counts."""


@dataclass(frozen=True, slots=True)
class IsTrue:
    """The value is the boolean true."""


@dataclass(frozen=True, slots=True)
class InOtherFields:
    """Some one of `conditions` holds, each of which asks a field of its own: what is left of a value that is looked
    for in more fields than anybody looks at one by one. It stands beside the value null, for it refers to no field.
    """

    conditions: tuple["Condition", ...] = field(hash=False)
    asked: str


Test = (
    Equals
    | MatchesGlob
    | MatchesRegex
    | MatchesFuzzy
    | Compare
    | Between
    | InNetwork
    | MatchesText
    | MatchesToken
    | Exists
    | IsTrue
    | InOtherFields
)


def _lowered(test: Test) -> Test:
    """The test as a normalizer leaves it: Elasticsearch lowers what is asked for as it lowers the values."""
    match test:
        case Equals(str(text)):
            return Equals(text.lower(), insensitive=True)
        case MatchesGlob(parts):
            lowered = tuple(part if isinstance(part, Wild) else part.lower() for part in parts)
            return MatchesGlob(lowered, insensitive=True)
        case MatchesRegex(pattern):
            return MatchesRegex(pattern.lower(), insensitive=True)
        case Compare(operator, str(bound)):
            return Compare(operator, bound.lower())
        case Between(Compare(above, str(low)), Compare(below, str(high))):
            return Between(Compare(above, low.lower()), Compare(below, high.lower()))
        case _:
            return test


# Conditions


class _ConditionNode(Tree["Condition"]):
    """What conditions have beside the walks, rebuilding and folding of every tree.

    >>> a, b, c = (Leaf(Field(name, FieldType.KEYWORD), Exists(), name) for name in "abc")
    >>> condition = And((a, Not(Or((b, c)))))
    >>> list(condition.conjuncts()) == [a, Not(Or((b, c)))]
    True
    >>> [(leaf.text, sign) for leaf, sign in condition.literals()]
    [('a', True), ('b', False), ('c', False)]
    >>> list(condition.signed_conjuncts()) == [(a, True), (b, False), (c, False)]
    True
    """

    __slots__ = ()

    def leaves(self) -> Iterator["Leaf"]:
        """Every atomic condition in the order of the text; a repeated one comes as often as it stands there."""
        return self.find(Leaf)

    def fields(self) -> Iterator[Field]:
        """Every field that an atomic condition refers to, in order, repeats included."""
        return (used for leaf in self.leaves() for used in leaf.value.fields())

    def conjuncts(self) -> Iterator["Condition"]:
        """The conditions that must all hold: the operands of nested `And`s."""
        return self.flatten(lambda node: isinstance(node, And))

    def disjuncts(self) -> Iterator["Condition"]:
        """The conditions of which one must hold: the operands of nested `Or`s."""
        return self.flatten(lambda node: isinstance(node, Or))

    def literals(self) -> Iterator[tuple["Leaf", bool]]:
        """Every atomic condition with its sign: False below an odd number of `Not`s."""
        pending = [(cast("Condition", self), True)]
        while pending:
            node, sign = pending.pop()
            if isinstance(node, Leaf):
                yield node, sign
            else:
                sign = sign is not isinstance(node, Not)
                pending += [(child, sign) for child in node.children[::-1]]

    def signed_conjuncts(self, truth: bool = True) -> Iterator[tuple["Condition", bool]]:
        """The nodes, each with its truth, that together are the condition being of this truth."""
        pending = [(cast("Condition", self), truth)]
        while pending:
            node, wanted = pending.pop()
            if isinstance(node, Not):
                pending.append((node.child, not wanted))
            elif isinstance(node, And if wanted else Or):
                pending += [(child, wanted) for child in node.children[::-1]]
            else:
                yield node, wanted


@dataclass(frozen=True, slots=True)
class Leaf(_ConditionNode):
    """An atomic condition. `text` names it and is valid query text (one list element stands alone).

    Invariant: the test of a field that a normalizer lowers is lowered, too.
    """

    value: Value
    test: Test
    text: str = field(compare=False)
    span: Span = field(default=NOWHERE, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.value, Field) and self.value.lowercase:
            object.__setattr__(self, "test", _lowered(self.test))


@dataclass(frozen=True, slots=True)
class Constant(_ConditionNode):
    value: bool
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not(_ConditionNode):
    child: "Condition"
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def children(self) -> tuple["Condition", ...]:
        return (self.child,)

    def with_children(self, children: tuple["Condition", ...]) -> "Condition":
        return replace(self, child=children[0])


@dataclass(frozen=True, slots=True)
class And(_ConditionNode):
    operands: tuple["Condition", ...]
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def children(self) -> tuple["Condition", ...]:
        return self.operands

    def with_children(self, children: tuple["Condition", ...]) -> "Condition":
        return replace(self, operands=children)


@dataclass(frozen=True, slots=True)
class Or(_ConditionNode):
    """At least one child holds.

    `listed` marks the elements of one `in`, `:`, `like` or `regex` list, which read as one condition. Where there is a
    `minimum`, the operands write out that so many of the leaves hold.
    """

    operands: tuple["Condition", ...]
    listed: bool = field(default=False, compare=False)
    span: Span = field(default=NOWHERE, compare=False)
    minimum: int = field(default=0, compare=False)

    @property
    def children(self) -> tuple["Condition", ...]:
        return self.operands

    def with_children(self, children: tuple["Condition", ...]) -> "Condition":
        return replace(self, operands=children)


@dataclass(frozen=True, slots=True)
class Nested(_ConditionNode):
    """Some one object in the array at `path` meets `child` (KQL `path: { ... }`); names in `child` are absolute."""

    path: str
    child: "Condition"
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def children(self) -> tuple["Condition", ...]:
        return (self.child,)

    def with_children(self, children: tuple["Condition", ...]) -> "Condition":
        return replace(self, child=children[0])


Condition = Leaf | Constant | Not | And | Or | Nested
