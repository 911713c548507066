"""From the value that a column or expression should have to the fields that give it that value.

`Inverter.want` notes what fields should hold: it goes through functions backwards, fills the patterns of GROK and
DISSECT, and picks the branch of a CASE. It may be wrong where wishes meet: the query is run afterwards.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    Apply,
    CaptureStep,
    Column,
    Constant,
    Reference,
    Typed,
)
from rulewright_engine.esql.functions.registry import Failure
from rulewright_engine.esql.functions.traits import Related, Several, Wish, Within
from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.operators import ARITHMETIC
from rulewright_generators.cases.esql.events.text_templates import beginning_of, can_capture, fill, sample
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

_ANY = re.compile(r"sample(?:-[a-z-]+)?")
"""What stands for any text: whatever a field holds already will do."""


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
            case Apply():
                self._want_call(value, wanted, segment)

    def _want_column(self, slot: int, wanted: Any, segment: int) -> None:
        match self.view.segments[segment].origins.get(slot):
            case Raw(column) if column.field is not None:
                self._wish(column.read_from, _as_type(wanted, column.type), is_text=column.type in GROUPS["string"])
            case Computed(expression):
                self.want(expression, wanted, segment)
            case Expanded(source):
                self._want_column(source, wanted, segment)
            case GroupKey(before):
                self._want_column(before, wanted, segment - 1)
            case Answered(step):
                self.answers[step.target.name] = string(wanted)
            case Captured(step, index):
                self._want_captured(step, index, wanted, segment)
            case Aggregated(aggregate) if aggregate.arguments and not aggregate.is_count:
                inlined = any(aggregate in step.aggregates for step in self.view.segments[segment].inlined)
                self.want(aggregate.arguments[0], wanted, segment if inlined else segment - 1)

    def _want_captured(self, step: CaptureStep, index: int, wanted: Any, segment: int) -> None:
        """All values that are wanted of one pattern come from one text, which is made when all are known."""
        name = list(step.captured.columns)[index]
        _, values, _ = self._captures.setdefault(id(step), (step, {}, segment))
        is_said = name in values and _ANY.fullmatch(string(wanted)) is not None
        if not is_said and can_capture(step.captured.pattern, name, string(wanted)):
            values[name] = string(wanted)

    def finish(self) -> None:
        """Fill the patterns; what a pattern takes apart may come from another one."""
        while self._captures:
            step, values, segment = self._captures.pop(next(reversed(self._captures)))
            known = self.taken(step, segment)
            before, self._anew = self._anew, self._anew or bool(known)
            self.want(step.input, fill(step.captured.pattern, {**known, **values}), segment)
            self._anew = before

    def taken(self, step: CaptureStep, segment: int) -> dict[str, str]:
        """What the pattern takes from the text that the field is known to hold: it stays if nothing else is wanted."""
        raw = self._raw_column(step.input, segment) if isinstance(step.input, Reference) else None
        text = self.fields.get(raw.read_from, self._known.get(raw.read_from, ())) if raw else ()
        if len(text) != 1 or not isinstance(text[0], str):
            return {}
        try:
            found = step.captured.extract(text[0])
        except Failure:
            return {}
        if found is None:
            return beginning_of(step.captured.pattern, text[0])
        columns = zip(step.captured.columns, found, strict=True)
        return {name: string(each) for name, each in columns if each is not None}

    def _wish(self, name: str, wanted: Any, *, is_text: bool = True) -> None:
        """A second wish for a text is put behind the first, so that both parts are found in it."""
        before = self.fields.get(name, self._known.get(name, ()))
        if len(before) > 1:
            self.fields[name] = (wanted, *before[1:])
        elif self._anew or not is_text or not before:
            self.fields[name] = (wanted,)
        elif isinstance(wanted, str) and isinstance(text := before[0], str) and not _ANY.fullmatch(wanted):
            joined = wanted if text in wanted else text if wanted in text else f"{text} {wanted}"
            self.fields[name] = (joined,)

    def _want_call(self, call: Apply, wanted: Any, segment: int) -> None:
        inverse = call.function.traits.inverse
        if inverse is None:
            return
        if counted := self._counted(call, segment):
            self._pump(*counted, wanted)
            return
        for wish in inverse(call.given, wanted):
            match wish:
                case Wish(position, value):
                    self.want(call.arguments[position], value, segment)
                case Related(same):
                    self._want_relation(call.arguments[:2], segment, same=same)
                case Several(count):
                    self._want_multi_valued(call.arguments[0], count, segment)
                case Within(path, value):
                    self._wish(path, value)

    def _counted(self, call: Apply, segment: int) -> tuple[str, str] | None:
        """Where a number is computed from two texts of which one has lost its matches: the field, and the pattern."""
        if call.function.operator not in ARITHMETIC or len(call.given.varying) < 2:
            return None
        left, right = call.arguments
        return self._counted_pattern(left, segment) or self._counted_pattern(right, segment)

    def _counted_pattern(self, value: Typed, segment: int) -> tuple[str, str] | None:
        """Where matches are counted by replacing them: the field, and the pattern."""
        for node in self.view.walk(value, segment):
            if isinstance(node, Apply) and node.function.traits.replaces and isinstance(node.arguments[1], Constant):
                inner = list(self.view.walk(node.arguments[0], segment))
                if not any(isinstance(each, Apply) and each.function.traits.replaces for each in inner):
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

    def _want_relation(self, arguments: tuple[Typed, ...], segment: int, *, same: bool) -> None:
        """Two values that are equal, or that differ; of the kind of the fields that they are made of."""
        kinds = {type_ for each in arguments for type_ in self._raw_types(each, segment)}
        type_ = Type.IP if Type.IP in kinds else Type.LONG if kinds <= GROUPS["number"] else Type.KEYWORD
        first, second = _PAIRS[type_]
        self._anew = True
        for index, each in enumerate(arguments):
            self.want(each, first if same or index == 0 else second, segment)
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

    def _want_multi_valued(self, value: Typed, count: int, segment: int) -> None:
        if isinstance(value, Reference):
            origin = self.view.segments[segment].origins.get(value.column.slot)
            if isinstance(origin, Raw):
                texts = tuple(f"sample-{number}" for number in range(1, min(count, 100) + 1))
                name = origin.column.read_from
                known = self.fields.get(name, self._known.get(name, ()))[:1]
                self.fields[name] = (*known, *texts[len(known) :])


_PAIRS: dict[Type, tuple[Any, Any]] = {
    Type.IP: ("192.0.2.44", "192.0.2.77"),
    Type.LONG: (1, 2),
    Type.KEYWORD: ("123456789012", "210987654321"),
}
"""Two different values of a kind; the texts also fit where accounts are taken from a name."""


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
