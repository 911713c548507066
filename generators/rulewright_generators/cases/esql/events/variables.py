"""The fields that a condition of one event may ask about: fields of events, and variables in place of other values."""

from dataclasses import dataclass, replace

from rulewright_engine.esql.analysis.plan import Apply, Column, Constant, Reference, Typed
from rulewright_engine.esql.functions.traits import Choice, Measure
from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_engine.ir.expression import Field, FieldType
from rulewright_generators.cases.esql.plan.column_lineage import Aggregated, Computed, GroupKey, Raw, View

__all__ = ["FAMILIES", "UninterpretedVariable", "event_field", "is_count", "text_field"]

FAMILIES = {
    Type.BOOLEAN: FieldType.BOOLEAN,
    Type.INTEGER: FieldType.LONG,
    Type.LONG: FieldType.LONG,
    Type.UNSIGNED_LONG: FieldType.LONG,
    Type.DOUBLE: FieldType.DOUBLE,
    Type.DATE: FieldType.DATE,
    Type.IP: FieldType.IP,
    Type.VERSION: FieldType.VERSION,
}
"""The type that the solver gives to values of a type of ES|QL; any other is text."""


@dataclass(frozen=True, slots=True)
class UninterpretedVariable:
    """A value that a field of the events does not hold as it is: a column or an expression of a segment."""

    name: str
    value: Typed
    segment: int


def event_field(column: Column) -> Field:
    """A field of events as the solver knows it: scalars see the whole text of an analysed field."""
    family = column.field.type if column.field else FAMILIES.get(column.type, FieldType.KEYWORD)
    read = column.field.field() if column.field else Field(column.name, family)
    is_free = family in (FieldType.TEXT, FieldType.GEO, FieldType.OBJECT)
    return replace(read, type=FieldType.KEYWORD) if is_free else read


def text_field(view: View, value: Typed, segment: int) -> Field | None:
    """The field whose text a value is."""
    if isinstance(value, Apply):
        traits, first = value.function.traits, value.arguments[:1]
        keeps_length = traits.changes_case is not None or (first and first[0].type in traits.keeps)
        return text_field(view, first[0], segment) if keeps_length else None
    if isinstance(value, Reference) and value.type in GROUPS["string"]:
        match view.segments[segment].origins.get(value.column.slot):
            case Raw(raw):
                return event_field(raw)
            case Computed(expression):
                return text_field(view, expression, segment)
            case GroupKey(slot):
                before = Reference(Column(value.column.name, value.column.type, slot))
                return text_field(view, before, segment - 1)
    return None


def is_count(view: View, column: Column, segment: int) -> bool:
    """Whether a column is never null: a count, also one that is written `SUM(CASE(..., 1, 0))`."""
    origin = view.segments[segment].origins.get(column.slot)
    if not isinstance(origin, Aggregated):
        return False
    aggregate = origin.aggregate
    is_sum = aggregate.measure is Measure.SUM
    return aggregate.is_count or (is_sum and _is_never_null(view, aggregate.arguments[0], segment - 1))


def _is_never_null(view: View, value: Typed, segment: int) -> bool:
    match value:
        case Constant(constant):
            return constant is not None
        case Reference(column):
            origin = view.segments[segment].origins.get(column.slot)
            return isinstance(origin, Computed) and _is_never_null(view, origin.expression, segment)
        case Apply(function, arguments) if function.traits.choice is Choice.BY_CONDITION and len(arguments) % 2:
            return all(_is_never_null(view, each, segment) for each in (*arguments[1::2], arguments[-1]))
        case _:
            return False
