"""What a query says, before anyone asks what its names mean.

Operators and functions are one node, `Call`: `a + b` is `add(a, b)`, `a LIKE "x*"` is `like(a, "x*")`. `functions/`
says what each means. Spans are half-open offsets into the query and no part of equality.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rulewright_engine.ir.operators import Operator
from rulewright_engine.ir.tree import Tree
from rulewright_schema.source import NOWHERE, Span

__all__ = [
    "Assignment",
    "Call",
    "Column",
    "Command",
    "Completion",
    "Dissect",
    "Drop",
    "Enrich",
    "Eval",
    "Expression",
    "From",
    "Grok",
    "InlineStats",
    "Keep",
    "Limit",
    "ListLiteral",
    "Literal",
    "LookupJoin",
    "MapLiteral",
    "MvExpand",
    "Name",
    "Order",
    "Parts",
    "Pattern",
    "Query",
    "Rename",
    "Renaming",
    "Row",
    "Setting",
    "Sort",
    "Star",
    "Stats",
    "TimeSpan",
    "Unreadable",
    "Unsupported",
    "Where",
    "is_aggregating",
]


@dataclass(frozen=True, slots=True)
class Name:
    """A column's name without its backquotes."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A column name of KEEP or DROP; `*` is a wildcard where `wild` (it may also be part of a backquoted name)."""

    text: str
    wild: bool
    span: Span = field(compare=False)


# Expressions


class _ExpressionNode(Tree["Expression"]):
    __slots__ = ()

    def conjuncts(self) -> Iterator["Expression"]:
        """The conditions that must all hold: the operands of nested ANDs."""
        return self.flatten(lambda node: isinstance(node, Call) and node.function == Operator.AND)


@dataclass(frozen=True, slots=True)
class Column(_ExpressionNode):
    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(_ExpressionNode):
    value: str | int | float | bool | None
    span: Span = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class ListLiteral(_ExpressionNode):
    """`[1, 2]`: literals of one type; a constant, so that they are no children."""

    items: tuple[Literal, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MapLiteral(_ExpressionNode):
    """`{"key": value}`: the options of a function or command. `keys` are the places of the keys."""

    items: tuple[tuple[str, "Expression"], ...]
    span: Span = field(compare=False)
    keys: tuple[Span, ...] = field(default=(), compare=False)

    @property
    def children(self) -> tuple["Expression", ...]:
        return tuple(value for _, value in self.items)

    def with_children(self, children: tuple["Expression", ...]) -> "Expression":
        return replace(self, items=tuple((key, child) for (key, _), child in zip(self.items, children, strict=True)))


@dataclass(frozen=True, slots=True)
class TimeSpan(_ExpressionNode):
    """`5 minutes`."""

    amount: int
    unit: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Star(_ExpressionNode):
    """The `*` of `count(*)`."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call(_ExpressionNode):
    """`name` is the span of the function's name or of the operator; `infix` tells an operator from a function.

    `depth` counts the calls on the longest path down.
    """

    function: str
    arguments: tuple["Expression", ...]
    span: Span = field(compare=False)
    name: Span = field(compare=False, default=NOWHERE)
    infix: bool = field(compare=False, default=False)
    depth: int = field(compare=False, init=False)

    def __post_init__(self) -> None:
        below = max((argument.depth for argument in self.arguments if isinstance(argument, Call)), default=0)
        object.__setattr__(self, "depth", below + 1)

    @property
    def children(self) -> tuple["Expression", ...]:
        return self.arguments

    def with_children(self, children: tuple["Expression", ...]) -> "Expression":
        return replace(self, arguments=children)


@dataclass(frozen=True, slots=True)
class Unreadable(_ExpressionNode):
    """Where an expression was expected and something else stood; already reported."""

    span: Span = field(compare=False)


Expression = Column | Literal | ListLiteral | MapLiteral | TimeSpan | Star | Call | Unreadable


# Commands


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name = expression`, or an expression whose source text becomes the name. `where` filters an aggregate."""

    name: Name
    expression: Expression
    named: bool
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class From:
    sources: tuple[str, ...]
    metadata: tuple[Name, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    fields: tuple[Assignment, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Where:
    condition: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Eval:
    fields: tuple[Assignment, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Keep:
    patterns: tuple[Pattern, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Drop:
    patterns: tuple[Pattern, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Renaming:
    old: Name
    new: Name


@dataclass(frozen=True, slots=True)
class Rename:
    renamings: tuple[Renaming, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Order:
    expression: Expression
    descending: bool
    nulls_first: bool


@dataclass(frozen=True, slots=True)
class Sort:
    orders: tuple[Order, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Limit:
    count: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Stats:
    aggregates: tuple[Assignment, ...]
    by: tuple[Assignment, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class InlineStats:
    aggregates: tuple[Assignment, ...]
    by: tuple[Assignment, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MvExpand:
    column: Name
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Grok:
    input: Expression
    patterns: tuple[Literal, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Dissect:
    input: Expression
    pattern: Literal
    separator: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """`URI_PARTS prefix = input` and `REGISTERED_DOMAIN prefix = input`, by the `name` of the command."""

    name: str
    prefix: Name
    input: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class LookupJoin:
    """`on` are the columns that both sides have, or there is a `condition` over the columns of both."""

    index: Name
    on: tuple[Column, ...]
    condition: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Enrich:
    """`fields` are those that WITH names, each with the name of its column; None: all that the policy has."""

    policy: Name
    on: Column | None
    fields: tuple[Renaming, ...] | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Completion:
    target: Name
    prompt: Expression
    options: MapLiteral | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A command of the language that needs what no offline run has, or one that could not be read (`name` empty)."""

    name: str
    span: Span = field(compare=False)


Command = (
    From
    | Row
    | Where
    | Eval
    | Keep
    | Drop
    | Rename
    | Sort
    | Limit
    | Stats
    | InlineStats
    | MvExpand
    | Grok
    | Dissect
    | Parts
    | LookupJoin
    | Enrich
    | Completion
    | Unsupported
)


@dataclass(frozen=True, slots=True)
class Setting:
    """`SET name = value;` in front of a query."""

    name: Name
    value: Expression


@dataclass(frozen=True, slots=True)
class Query:
    """`text` is the query as written: spans point into it, and an unnamed column is named by its part of it."""

    text: str
    commands: tuple[Command, ...]
    settings: tuple[Setting, ...] = ()


def is_aggregating(query: Query) -> bool:
    """Whether a top-level command is STATS; INLINE STATS keeps its rows and does not count."""
    return any(isinstance(command, Stats) for command in query.commands)
