"""From the value that a column or expression should have to the fields that give it that value.

`Inverter.want` notes what fields should hold: it goes through functions backwards, fills the patterns of GROK and
DISSECT, and picks the branch of a CASE. It may be wrong where wishes meet: the query is run afterwards.
"""

import base64
import math
import re
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    Apply,
    CaptureStep,
    Column,
    Constant,
    Reference,
    Typed,
)
from rulewright_engine.esql.functions.instants import add, negate
from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_engine.esql.syntax.timespans import Duration, Period
from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.ir.expression import Scalar
from rulewright_generators.cases.esql.events.text_templates import can_capture, fill, sample
from rulewright_generators.cases.esql.plan.column_lineage import (
    Aggregated,
    Answered,
    Captured,
    Computed,
    Expanded,
    GroupKey,
    Raw,
    View,
)

__all__ = ["Inverter"]

_PLAIN = frozenset(
    {
        "to_string",
        "to_lower",
        "to_upper",
        "trim",
        "ltrim",
        "rtrim",
        "replace",
        "mv_first",
        "mv_last",
        "mv_min",
        "mv_max",
        "mv_dedupe",
        "mv_sort",
        "mv_slice",
        "mv_concat",
        "split",
        "date_trunc",
        "to_ip",
        "to_datetime",
        "to_version",
        "to_geopoint",
        "abs",
        "round",
        "ceil",
        "floor",
        "substring",
        "left",
        "right",
        "values",
        "coalesce",
    }
)
"""Functions of which the wanted value itself is an argument that gives it, more often than not."""

_DECODED: dict[str, Callable[[str], str]] = {
    "url_decode": lambda text: urllib.parse.quote(text, safe="/:?=&.-_~*+"),
    "from_base64": lambda text: base64.b64encode(text.encode()).decode(),
    "to_base64": lambda text: base64.b64decode(text.encode()).decode(),
    "url_encode": urllib.parse.unquote_plus,
}
_ANY = re.compile(r"sample(?:-[a-z-]+)?")
"""What stands for any text: whatever a field holds already will do."""

_UNITS = {"second": 1_000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "millisecond": 1}


def _undone(name: str, wanted: float, amount: float, *, on_the_right: bool) -> float:
    """What an operand must be for the result `wanted`, where the other operand is `amount`."""
    match name:
        case "add":
            return wanted - amount
        case "subtract":
            return wanted + amount if on_the_right else amount - wanted
        case "multiply":
            return wanted / amount if amount else 0
        case _:
            return wanted * amount


class Inverter:
    """Collects wishes; once they are finished, `fields` maps a field to what it should hold, and `answers` a column of
    COMPLETION to its text.
    """

    def __init__(self, view: View, known: Mapping[str, tuple[Scalar, ...]]) -> None:
        self.view = view
        self.fields: dict[str, tuple[Scalar, ...]] = {}
        self.answers: dict[str, str] = {}
        self._known = known
        self._anew = False
        self._captures: dict[int, tuple[CaptureStep, dict[str, str], int]] = {}

    def want(self, value: Typed, wanted: Any, segment: int) -> None:
        """Wish that `value` be `wanted`: a text, number, date in milliseconds, boolean, or address as text."""
        match value:
            case Reference(column):
                self._want_column(column.slot, wanted, segment)
            case Apply(function, arguments):
                self._want_call(function.name, arguments, wanted, segment)

    def _want_column(self, slot: int, wanted: Any, segment: int) -> None:
        match self.view.segments[segment].origins.get(slot):
            case Raw(column) if column.field is not None:
                self._wish(column.name, _as_type(wanted, column.type), is_text=column.type in GROUPS["string"])
            case Computed(expression):
                self.want(expression, wanted, segment)
            case Expanded(source):
                self._want_column(source, wanted, segment)
            case GroupKey(before):
                self._want_column(before, wanted, segment - 1)
            case Answered(step):
                self.answers[step.target.name] = string(wanted)
            case Captured(step, place):
                self._want_captured(step, place, wanted, segment)
            case Aggregated(aggregate) if aggregate.arguments and not aggregate.name.startswith("count"):
                inlined = any(aggregate in step.aggregates for step in self.view.segments[segment].inlined)
                self.want(aggregate.arguments[0], wanted, segment if inlined else segment - 1)

    def _want_captured(self, step: CaptureStep, place: int, wanted: Any, segment: int) -> None:
        """All values that are wanted of one pattern come from one text, which is made when all are known."""
        name = list(step.captured.columns)[place]
        _, values, _ = self._captures.setdefault(id(step), (step, {}, segment))
        if can_capture(step.captured.pattern, name, string(wanted)):
            values[name] = string(wanted)

    def finish(self) -> None:
        """Fill the patterns; what a pattern takes apart may come from another one."""
        while self._captures:
            step, values, segment = self._captures.pop(next(reversed(self._captures)))
            self.want(step.input, fill(step.captured.pattern, values), segment)

    def _wish(self, name: str, wanted: Any, *, is_text: bool = True) -> None:
        """A second wish for a text is put behind the first, so that both parts are found in it."""
        before = self.fields.get(name, self._known.get(name, ()))
        if self._anew or not is_text or not before:
            self.fields[name] = (wanted,)
        elif isinstance(wanted, str) and isinstance(text := before[0], str) and not _ANY.fullmatch(wanted):
            joined = wanted if text in wanted else text if wanted in text else f"{text} {wanted}"
            self.fields[name] = (joined,)

    def _want_call(self, name: str, arguments: tuple[Typed, ...], wanted: Any, segment: int) -> None:
        match name:
            case _ if name in _PLAIN:
                self.want(_subject(arguments), wanted, segment)
            case _ if name in _DECODED:
                self.want(arguments[0], _DECODED[name](string(wanted)), segment)
            case "concat":
                self._want_concat(arguments, string(wanted), segment)
            case "case":
                self._want_case(arguments, wanted, segment)
            case "length":
                self.want(arguments[0], "x" * min(int(wanted), 100_000), segment)
            case "locate" if not isinstance(arguments[1], Constant):
                self._want_relation(arguments[:2], segment, same=wanted > 0)
            case "locate":
                self.want(arguments[0], _constant(arguments[1], "") if wanted > 0 else "sample", segment)
            case "to_long" | "to_integer" | "to_double":
                is_text = arguments[0].type in GROUPS["string"]
                self.want(arguments[0], string(wanted) if is_text else wanted, segment)
            case "json_extract":
                self._wish(_constant(arguments[1], "sample"), wanted)
            case "add" | "subtract" | "multiply" | "divide":
                self._want_arithmetic(name, arguments, wanted, segment)
            case "date_diff":
                self._want_difference(arguments, wanted, segment)
            case "equals" | "not_equals":
                self._want_relation(arguments, segment, same=(name == "equals") == wanted)
            case "mv_intersection" | "mv_contains" | "starts_with" | "ends_with" | "contains":
                self._want_relation(arguments, segment, same=bool(wanted))
            case "greater" | "greater_equal" | "less" | "less_equal":
                is_first_greater = name.startswith("greater") == (wanted is True)
                self.want(arguments[0], 2 if is_first_greater else 1, segment)
                self.want(arguments[1], 1 if is_first_greater else 2, segment)
            case "mv_count":
                self._want_several(arguments[0], int(wanted), segment)

    def _want_concat(self, arguments: tuple[Typed, ...], wanted: str, segment: int) -> None:
        """Literal ends are taken off; what is left is the first argument that is no literal, the rest ordinary."""
        for each in arguments:
            if isinstance(each, Constant) and isinstance(each.value, str):
                wanted = wanted.removeprefix(each.value)
            else:
                self.want(each, wanted, segment)
                return

    def _want_case(self, arguments: tuple[Typed, ...], wanted: Any, segment: int) -> None:
        for value in (*arguments[1::2], arguments[-1]):
            if not isinstance(value, Constant):
                self.want(value, wanted, segment)
                return

    def _want_arithmetic(self, name: str, arguments: tuple[Typed, ...], wanted: Any, segment: int) -> None:
        left, right = arguments
        known = right if isinstance(right, Constant) else left
        other = left if known is right else right
        amount = known.value if isinstance(known, Constant) else None
        if isinstance(amount, Duration | Period) and isinstance(wanted, int):
            self.want(other, add(wanted, negate(amount) if name == "add" else amount), segment)
        elif isinstance(amount, int | float) and isinstance(wanted, int | float):
            undone = _undone(name, wanted, amount, on_the_right=known is right)
            is_whole = other.type is not Type.DOUBLE
            self.want(other, math.ceil(undone) if is_whole else float(undone), segment)
        elif amount is None and (
            counted := self._counted_pattern(left, segment) or self._counted_pattern(right, segment)
        ):
            self._pump(*counted, wanted)
        elif amount is None and isinstance(wanted, int | float):
            factor = max(int(wanted), 1) if name in ("multiply", "divide") else int(wanted) + 1
            self.want(left, factor, segment)
            self.want(right, 1, segment)

    def _counted_pattern(self, value: Typed, segment: int) -> tuple[str, str] | None:
        """Where matches are counted by replacing them: the field, and the pattern."""
        for node in self.view.walk(value, segment):
            if isinstance(node, Apply) and node.function.name == "replace" and isinstance(node.arguments[1], Constant):
                inner = list(self.view.walk(node.arguments[0], segment))
                if not any(isinstance(each, Apply) and each.function.name == "replace" for each in inner):
                    columns = [self._raw_column(each, segment) for each in inner if isinstance(each, Reference)]
                    raw = [column for column in columns if column]
                    return (raw[0].name, str(node.arguments[1].value)) if raw else None
        return None

    def _raw_column(self, value: Reference, segment: int) -> Column | None:
        origin = self.view.segments[segment].origins.get(value.column.slot)
        return origin.column if isinstance(origin, Raw) else None

    def _pump(self, name: str, pattern: str, wanted: Any) -> None:
        """A text in which the pattern matches often: as long as the field's text must be, and often enough."""
        known = self._known.get(name, ())
        length = len(known[0]) if known and isinstance(known[0], str) else 0
        piece = sample(pattern) + " "
        count = wanted if isinstance(wanted, int) and wanted < 10_000 else 1
        self.fields[name] = (piece * max(count, length // len(piece) + 1, 1),)

    def _want_difference(self, arguments: tuple[Typed, ...], wanted: Any, segment: int) -> None:
        unit = _constant(arguments[0], "second").lower().rstrip("s")
        start, end = arguments[1:]
        if isinstance(end, Constant) and isinstance(wanted, int):
            self.want(start, end.value - wanted * _UNITS.get(unit, 1_000), segment)
        elif isinstance(start, Constant) and isinstance(wanted, int):
            self.want(end, start.value + wanted * _UNITS.get(unit, 1_000), segment)

    def _want_relation(self, arguments: tuple[Typed, ...], segment: int, *, same: bool) -> None:
        """Two values that are equal, or that differ; of the kind of the fields that they are made of."""
        kinds = {type_ for each in arguments for type_ in self._raw_types(each, segment)}
        type_ = Type.IP if Type.IP in kinds else Type.LONG if kinds <= GROUPS["number"] else Type.KEYWORD
        first, second = _PAIRS[type_]
        self._anew = True
        for place, each in enumerate(arguments):
            self.want(each, first if same or place == 0 else second, segment)
        self._anew = False

    def _raw_types(self, value: Typed, segment: int) -> Iterator[Type]:
        if isinstance(value, Reference):
            match self.view.segments[segment].origins.get(value.column.slot):
                case Raw(column):
                    yield column.type
                case Computed(expression):
                    yield from self._raw_types(expression, segment)
                case Aggregated(aggregate):
                    for argument in aggregate.arguments:
                        yield from self._raw_types(argument, segment - 1)
                case GroupKey(slot):
                    origin = self.view.segments[segment - 1].origins.get(slot)
                    if isinstance(origin, Raw):
                        yield origin.column.type
                case _:
                    yield value.type
        for operand in value.children:
            yield from self._raw_types(operand, segment)

    def _want_several(self, value: Typed, count: int, segment: int) -> None:
        if isinstance(value, Reference):
            origin = self.view.segments[segment].origins.get(value.column.slot)
            if isinstance(origin, Raw):
                texts = tuple(f"sample-{number}" for number in range(1, min(count, 100) + 1))
                self.fields[origin.column.name] = texts


_PAIRS: dict[Type, tuple[Any, Any]] = {
    Type.IP: ("192.0.2.44", "192.0.2.77"),
    Type.LONG: (1, 2),
    Type.KEYWORD: ("123456789012", "210987654321"),
}
"""Two different values of a kind; the texts also fit where accounts are taken from a name."""


def _subject(arguments: tuple[Typed, ...]) -> Typed:
    """The argument that a function works on: the first that is no constant."""
    return next((each for each in arguments if not isinstance(each, Constant)), arguments[0])


def _constant(value: Typed, otherwise: str) -> str:
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else otherwise


def _as_type(wanted: Any, type_: Type) -> Any:
    """A wish in the form in which a field of the type holds values."""
    if type_ in GROUPS["string"] and not isinstance(wanted, str):
        return string(wanted)
    if type_ in (Type.INTEGER, Type.LONG) and isinstance(wanted, float | str):
        try:
            return math.ceil(float(wanted))
        except ValueError:
            return 1
    return wanted
