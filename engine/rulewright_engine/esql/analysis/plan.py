"""A query once it is typed: one step a command, columns as slots of a row.

A row is a list. Slot 0 holds the event it was read from (None behind STATS), slot 1 the positions of the events it
came from: an int, or a tuple behind STATS. STATS begins a new segment: rows of another width. Within a segment a column
never changes its slot, and a column that is assigned again gets a new one, so that KEEP, DROP and RENAME cost nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rulewright_engine.esql.functions.aggregates import Aggregation
from rulewright_engine.esql.functions.capture import Captured
from rulewright_engine.esql.functions.registry import VARIES, Function
from rulewright_engine.esql.functions.traits import Given, Measure
from rulewright_engine.esql.functions.types import Type, type_of_field
from rulewright_engine.esql.syntax.ast import Query
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import FieldInfo
from rulewright_engine.ir.operators import Operator
from rulewright_engine.ir.tree import Tree
from rulewright_schema.source import NOWHERE, Span

__all__ = [
    "EVENT",
    "FIRST_SLOT",
    "ORIGIN",
    "Aggregate",
    "AggregateStep",
    "Answer",
    "Apply",
    "Assign",
    "AssignStep",
    "CaptureStep",
    "Column",
    "Constant",
    "EventTest",
    "Expand",
    "Filter",
    "JoinStep",
    "Plan",
    "ReadEvents",
    "ReadRow",
    "Reference",
    "Row",
    "Segment",
    "SortKey",
    "SortStep",
    "Step",
    "TableColumns",
    "Take",
    "Typed",
    "given",
]

EVENT, ORIGIN, FIRST_SLOT = 0, 1, 2
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a row. `field` is set for one that is read from events as it is; `metadata` for `_id` and so on.

    `constant` is what the query says that it always holds.
    """

    name: str
    type: Type
    slot: int
    field: FieldInfo | None = None
    metadata: bool = False
    constant: "Constant | None" = None

    @property
    def from_event(self) -> bool:
        return self.field is not None or self.metadata

    @property
    def read_from(self) -> str:
        """The field of events whose values it holds: of a multi-field, the one that it belongs to."""
        return (self.field and self.field.multi_field_of) or self.name


class Segment:
    """Rows of one width; hands out their slots while the query is typed."""

    def __init__(self) -> None:
        self.width = FIRST_SLOT

    def new_slot(self) -> int:
        self.width += 1
        return self.width - 1


class TableColumns:
    """The columns that the rows of a lookup index or an enrich policy bring; as `Segment`, it grows while the query is
    typed: where it is open, a name that nothing else defines is one of them.

    `columns`: name -> the column, and the field of the rows that it holds. `label` tells apart what is joined twice.
    """

    def __init__(self, name: str, label: str, describe: Callable[[str], FieldInfo], segment: Segment) -> None:
        self.name = name
        self.label = label
        self.columns: dict[str, tuple[Column, FieldInfo]] = {}
        self.is_open = False
        self._describe = describe
        self._segment = segment

    def add(self, name: str, field_name: str) -> Column:
        """The column `name`, of a field of the rows."""
        info = self._describe(field_name)
        column = Column(name, type_of_field(info), self._segment.new_slot())
        self.columns[name] = column, info
        return column


# Typed expressions


class _TypedNode(Tree["Typed"]):
    __slots__ = ()

    def conjuncts(self) -> Iterator["Typed"]:
        """The conditions that must all hold: the operands of nested ANDs."""
        return self.flatten(lambda node: isinstance(node, Apply) and node.function.operator is Operator.AND)

    def slots(self) -> Iterator[int]:
        """The slots of the columns that the expression refers to, in order, repeats included."""
        return (reference.column.slot for reference in self.find(Reference))


@dataclass(frozen=True, slots=True)
class Constant(_TypedNode):
    value: Any
    type: Type
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Reference(_TypedNode):
    column: Column
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def type(self) -> Type:
        return self.column.type


@dataclass(frozen=True, slots=True)
class Apply(_TypedNode):
    """A call; `run` is the implementation that its function bound to these types and constants."""

    function: Function
    arguments: tuple["Typed", ...]
    type: Type
    run: Callable[..., Any] = field(compare=False)
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def given(self) -> Given:
        return given(self.arguments)

    @property
    def children(self) -> tuple["Typed", ...]:
        return self.arguments

    def with_children(self, children: tuple["Typed", ...]) -> "Typed":
        return replace(self, arguments=children)


@dataclass(frozen=True, slots=True)
class EventTest(_TypedNode):
    """A question to the event itself: KQL and its like, where any value of a field may match."""

    text: str
    condition: Condition
    test: Callable[[Event], bool] = field(compare=False)
    fields: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)
    type: Type = Type.BOOLEAN


Typed = Constant | Reference | Apply | EventTest


def given(arguments: Sequence[Typed]) -> Given:
    """What is known of arguments without the rows."""
    return Given(
        types=tuple(argument.type for argument in arguments),
        constants=tuple(argument.value if isinstance(argument, Constant) else VARIES for argument in arguments),
        varying=tuple(index for index, argument in enumerate(arguments) if not isinstance(argument, Constant)),
    )


# Steps


@dataclass(frozen=True, slots=True)
class Assign:
    slot: int
    expression: Typed


@dataclass(frozen=True, slots=True)
class ReadEvents:
    """FROM: a row for each event, with the columns that the rest of the query uses.

    Those that only the result shows are `late`: they need to be read of the rows that are left.
    """

    columns: tuple[Column, ...]
    segment: Segment
    span: Span
    late: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """ROW: one row."""

    assigns: tuple[Assign, ...]
    segment: Segment
    span: Span


@dataclass(frozen=True, slots=True)
class Filter:
    condition: Typed
    span: Span


@dataclass(frozen=True, slots=True)
class AssignStep:
    assigns: tuple[Assign, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class CaptureStep:
    """GROK and DISSECT: what is captured goes to the slots, in its order."""

    input: Typed
    captured: Captured
    slots: tuple[int, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Expand:
    """MV_EXPAND: a row for each value."""

    source: int
    target: int
    span: Span


@dataclass(frozen=True, slots=True)
class SortKey:
    expression: Typed
    descending: bool
    nulls_first: bool


@dataclass(frozen=True, slots=True)
class SortStep:
    keys: tuple[SortKey, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Take:
    count: int
    span: Span


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate. `arguments` are those evaluated for each row; `slot` is where its result goes."""

    function: Function
    aggregation: Aggregation
    arguments: tuple[Typed, ...]
    where: Typed | None
    slot: int
    span: Span

    @property
    def measure(self) -> Measure | None:
        return self.function.traits.measure

    @property
    def is_count(self) -> bool:
        return self.measure in (Measure.COUNT, Measure.DISTINCT)


@dataclass(frozen=True, slots=True)
class AggregateStep:
    """STATS: `before` computes grouping keys in the old row, `after` what is made of aggregates in the new one.

    `keys` are pairs of slots, in the old and the new row. With `inline` the rows stay as they are and are joined to
    their group's aggregates; the new row's slots are then copied to `copied`: pairs of new and old slots.
    """

    before: tuple[Assign, ...]
    keys: tuple[tuple[int, int], ...]
    aggregates: tuple[Aggregate, ...]
    after: tuple[Assign, ...]
    segment: Segment
    span: Span
    inline: bool = False
    copied: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class JoinStep:
    """LOOKUP JOIN and ENRICH: the columns of the rows of a table that a row agrees with.

    It agrees where each of `keys`, a value and a field of the table's rows, is the same, or where `condition` is true
    of both. ENRICH has one key, or none where only the policy says what it matches, and gathers what it finds in one
    row (`gathers`).
    """

    table: TableColumns
    keys: tuple[tuple[Typed, FieldInfo], ...]
    condition: Typed | None
    gathers: bool
    span: Span

    @property
    def slots(self) -> frozenset[int]:
        """Those of the columns that it adds."""
        return frozenset(column.slot for column, _ in self.table.columns.values())

    @property
    def asked(self) -> tuple[Typed, ...]:
        """What it asks of a row."""
        return (*(value for value, _ in self.keys), *(() if self.condition is None else (self.condition,)))


@dataclass(frozen=True, slots=True)
class Answer:
    """COMPLETION: the answer to a prompt, which comes from outside."""

    prompt: Typed
    target: Column
    span: Span


Step = (
    ReadEvents
    | ReadRow
    | Filter
    | AssignStep
    | CaptureStep
    | Expand
    | SortStep
    | Take
    | AggregateStep
    | JoinStep
    | Answer
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run; `columns` are those of the result, in order."""

    query: Query
    steps: tuple[Step, ...]
    columns: tuple[Column, ...]
