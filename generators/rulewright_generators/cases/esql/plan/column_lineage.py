"""What each column of a plan is made of, segment by segment: STATS ends a segment and begins the next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rulewright_engine.esql.analysis.plan import (
    Aggregate,
    AggregateStep,
    Answer,
    Apply,
    AssignStep,
    CaptureStep,
    Column,
    Constant,
    EventTest,
    Expand,
    Filter,
    JoinStep,
    Plan,
    ReadEvents,
    Reference,
    Typed,
)
from rulewright_engine.esql.functions.traits import Choice
from rulewright_engine.esql.functions.types import Type
from rulewright_generators.cases.esql.plan.conditions import Atom
from rulewright_generators.cases.esql.plan.joined_fields import joined_fields

__all__ = [
    "Aggregated",
    "Answered",
    "Captured",
    "Computed",
    "Expanded",
    "GroupKey",
    "Origin",
    "Raw",
    "Segment",
    "View",
    "fields_asked",
    "fields_behind",
    "raw_fields",
    "raw_of_slot",
    "sources_of",
    "view_of",
]


@dataclass(frozen=True, slots=True)
class Raw:
    """A field of the events, or a metadata column."""

    column: Column


@dataclass(frozen=True, slots=True)
class Computed:
    expression: Typed


@dataclass(frozen=True, slots=True)
class Captured:
    """The column that GROK or DISSECT puts at `index`."""

    step: CaptureStep
    index: int


@dataclass(frozen=True, slots=True)
class Expanded:
    source: int


@dataclass(frozen=True, slots=True)
class Answered:
    step: Answer


@dataclass(frozen=True, slots=True)
class Aggregated:
    aggregate: Aggregate


@dataclass(frozen=True, slots=True)
class GroupKey:
    """A grouping column: the column at `slot` of the segment before."""

    slot: int


Origin = Raw | Computed | Captured | Expanded | Answered | Aggregated | GroupKey


@dataclass(slots=True)
class Segment:
    """The rows between two STATS. `ending` is the STATS behind it; `inlined` the INLINE STATS in it."""

    origins: dict[int, Origin] = field(default_factory=dict)
    filters: list[Filter] = field(default_factory=list)
    ending: AggregateStep | None = None
    inlined: list[AggregateStep] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class View:
    """A plan as its segments, and the fields of events that it reads.

    Fields of joined rows are `joined`: to whoever makes events, fields of theirs (`read`), by names that no field has.
    """

    plan: Plan
    segments: tuple[Segment, ...]
    read: Mapping[str, Column]
    joined: Mapping[str, JoinStep]

    def definition(self, value: Typed, segment: int) -> Typed:
        """A value, or in the place of the name of a computed column what it is computed from."""
        while isinstance(value, Reference):
            origin = self.segments[segment].origins.get(value.column.slot)
            if not isinstance(origin, Computed):
                break
            value = origin.expression
        return value

    def walk(self, value: Typed, segment: int) -> Iterator[Typed]:
        """A value and all below it, outer ones first; behind the name of a computed column, its definition."""
        pending = [value]
        while pending:
            node = pending.pop()
            yield node
            if (defined := self.definition(node, segment)) is not node:
                pending.append(defined)
            pending += node.children[::-1]


def view_of(plan: Plan) -> View:
    segments = [Segment()]
    read: dict[str, Column] = {}
    joined: dict[str, JoinStep] = {}
    for step in plan.steps:
        current = segments[-1]
        match step:
            case ReadEvents(columns):
                read = {column.read_from: column for column in columns if column.field is not None}
                current.origins |= {column.slot: Raw(column) for column in columns}
            case AssignStep(assigns):
                current.origins |= {assign.slot: Computed(assign.expression) for assign in assigns}
            case CaptureStep(slots=slots):
                current.origins |= {slot: Captured(step, index) for index, slot in enumerate(slots)}
            case Expand(source, target):
                current.origins[target] = Expanded(source)
            case Answer(target=target):
                current.origins[target.slot] = Answered(step)
            case JoinStep():
                columns = joined_fields(step)
                current.origins |= {column.slot: Raw(column) for column in columns}
                read |= {column.name: column for column in columns}
                joined |= {column.name: step for column in columns}
            case Filter():
                current.filters.append(step)
            case AggregateStep():
                _aggregate(step, segments)
    return View(plan, tuple(segments), read, joined)


def _aggregate(step: AggregateStep, segments: list[Segment]) -> None:
    current = segments[-1]
    current.origins |= {assign.slot: Computed(assign.expression) for assign in step.before}
    made: dict[int, Origin] = {aggregate.slot: Aggregated(aggregate) for aggregate in step.aggregates}
    made |= {new: GroupKey(old) for old, new in step.keys}
    made |= {assign.slot: Computed(assign.expression) for assign in step.after}
    if step.inline:
        current.origins |= {old: made[new] for new, old in step.copied}
        current.inlined.append(step)
    else:
        current.ending = step
        segments.append(Segment(origins=made))


def raw_fields(view: View, value: Typed, segment: int) -> list[str]:
    """The fields of events that a value is made of, in the order of its text."""
    return list(dict.fromkeys(_raw_fields(view, value, segment)))


def raw_of_slot(view: View, slot: int, segment: int) -> Iterator[str]:
    """The fields of events that a column is made of; none, if it is gathered from several events."""
    match view.segments[segment].origins.get(slot):
        case Raw(column):
            yield column.read_from
        case Computed(expression):
            yield from _raw_fields(view, expression, segment)
        case Captured(step):
            yield from _raw_fields(view, step.input, segment)
        case Expanded(source):
            yield from raw_of_slot(view, source, segment)
        case GroupKey(before):
            yield from raw_of_slot(view, before, segment - 1)
        case _:
            pass


def _raw_fields(view: View, value: Typed, segment: int) -> Iterator[str]:
    if isinstance(value, Reference):
        yield from raw_of_slot(view, value.column.slot, segment)
    parts = list(value.children)
    if isinstance(value, Apply) and value.function.traits.choice is Choice.BY_CONDITION:
        # what it gives before what it asks
        parts = [*parts[1::2], *parts[-1:], *parts[:-1:2]]
    if isinstance(value, Apply) and value.function.traits.reads_path and isinstance(parts[1], Constant):
        yield str(parts[1].value)
    for part in parts:
        yield from _raw_fields(view, part, segment)


def sources_of(view: View, slot: int, segment: int) -> list[str]:
    """The fields of which a column may hold the value: not those that a CASE only asks about."""
    found: list[str] = []
    pending: list[Typed] = [Reference(Column("", Type.KEYWORD, slot))]
    while pending:
        value = pending.pop(0)
        match value:
            case Reference(column):
                origin = view.segments[segment].origins.get(column.slot)
                if isinstance(origin, Raw):
                    found.append(origin.column.read_from)
                elif isinstance(origin, Computed):
                    pending.append(origin.expression)
            case Apply(function, arguments) if function.traits.choice is Choice.BY_CONDITION:
                pending += [*arguments[1::2], *(arguments[-1:] if len(arguments) % 2 else ())]
            case _:
                pending += value.children
    return list(dict.fromkeys(found))


def fields_asked(view: View, atom: Atom) -> frozenset[str]:
    """The fields of events that a condition reads, in any of its occurrences."""
    read: set[str] = set()
    for occurrence in atom.occurrences:
        read.update(_raw_fields(view, occurrence.node, atom.segment))
        if occurrence.leaf is not None:
            read.update(field.name for field in occurrence.leaf.value.fields())
    return frozenset(read)


def fields_behind(view: View, value: Typed, segment: int) -> Iterator[str]:
    """The fields of events that a value is made of, also of several events: what aggregates gather, and which."""
    for node in view.walk(value, segment):
        if isinstance(node, EventTest):
            yield from node.fields
        if isinstance(node, Reference):
            match view.segments[segment].origins.get(node.column.slot):
                case Aggregated(aggregate):
                    inlined = any(aggregate in step.aggregates for step in view.segments[segment].inlined)
                    for part in (*aggregate.arguments, *([aggregate.where] if aggregate.where else [])):
                        yield from fields_behind(view, part, segment if inlined else segment - 1)
                case GroupKey(slot):
                    before = Reference(Column(node.column.name, node.column.type, slot))
                    yield from fields_behind(view, before, segment - 1)
                case _:
                    yield from raw_of_slot(view, node.column.slot, segment)
