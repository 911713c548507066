"""How far events came through a sequence or a sample: which stage each meets, and what the best of them lacked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rulewright._explain.content import content_lines, contents_to_json, said_by
from rulewright._explain.explanation import Explanation
from rulewright._explain.inputs import Input
from rulewright._explain.nearest_event import NearestEvent, nearest_event
from rulewright._explain.wording import line_of
from rulewright._project.project import Rule
from rulewright._report.style import Style, printable
from rulewright_engine.evaluate import compile_keys
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.partial_matches import (
    Demand,
    SequenceProgress,
    events_of,
    sample_progress,
    sequence_progress,
)
from rulewright_engine.ir.expression import Field, FieldType, Scalar
from rulewright_engine.ir.query import Sample, Stage
from rulewright_engine.ir.query import Sequence as SequenceQuery
from rulewright_engine.rules import Alert, AlertContent, CompiledRule, Execution
from rulewright_engine.rules.wording import numbers_text, value_text
from rulewright_schema.durations import time_words
from rulewright_schema.files.load import RuleFile
from rulewright_schema.wording import counted, shortened

__all__ = ["StagesExplanation", "explain_stages"]

MAX_STAGE_TEXT = 110
"""Characters of a stage in the line that says whether it is met."""


@dataclass(frozen=True, slots=True)
class StageReport:
    """A stage and the numbers of the events that meet it by themselves."""

    text: str
    line: int | None
    events: tuple[int, ...]
    missing: bool


@dataclass(frozen=True, slots=True)
class StagesExplanation(Explanation):
    """`alerts` are sentences, one for each; where there is none, `reasons` say how far the events came and what they
    lacked, and `nearest` is the event that is nearest to a stage that none meets."""

    name: str
    stages: tuple[StageReport, ...]
    alerts: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    nearest: NearestEvent | None = None
    said: tuple[AlertContent, ...] = ()

    def to_json(self) -> dict[str, Any]:
        described: dict[str, Any] = {"case": self.name, "match": bool(self.alerts)}
        described["stages"] = [
            {"stage": number, "line": stage.line, "missing": stage.missing, "events": list(stage.events)}
            for number, stage in enumerate(self.stages, 1)
        ]
        described["reasons"] = list(self.alerts or self.reasons)
        described |= contents_to_json(self.said)
        return described | ({"nearest": self.nearest.to_json()} if self.nearest else {})

    def lines(self, style: Style) -> Iterator[str]:
        name = style.paint("bold", printable(self.name or "the events"))
        verb = "raises" if self.name else "raise"
        colour, alert = ("green", "an alert") if self.alerts else ("yellow", "no alert")
        yield f"{name} {style.paint(colour, f'{verb} {alert}')}"
        for number, stage in enumerate(self.stages, 1):
            met = bool(stage.events) != stage.missing
            mark = style.paint("green", "+") if met else style.paint("red", "-")
            text = printable(shortened(stage.text, MAX_STAGE_TEXT))
            place = "" if stage.line is None else f" line {stage.line}:"
            yield f"  {mark} stage {number},{place} {text}   {style.paint('dim', numbers_text(stage.events))}"
        for sentence in (*(self.alerts or self.reasons), *content_lines(self.said)):
            yield f"  {printable(sentence)}"
        if self.nearest is not None:
            yield from self.nearest.lines(style)


def explain_stages(
    rule: Rule, compiled: CompiledRule, query: SequenceQuery | Sample, given: Input, seen: Sequence[int]
) -> StagesExplanation:
    """How the events at the positions `seen` fare, which are those that a run searches."""
    stages = _Stages(rule, compiled, query, [given.events[position] for position in seen], [p + 1 for p in seen])
    reports = tuple(stages.reports())
    found = Execution(compiled)(stages.events, None)
    if found:
        said = said_by(compiled, found, stages.events)
        return StagesExplanation(given.name, reports, tuple(map(stages.alert, found)), said=said)
    shortcoming = stages.shortcoming()
    empty = (place for place in shortcoming.lacking if not reports[place].events and not reports[place].missing)
    nearest = None
    if (place := next(empty, None)) is not None:
        free = {number: event for number, event in stages.named() if number not in shortcoming.used}
        condition = query.stages[place].condition
        nearest = nearest_event(rule, compiled, condition, free or dict(stages.named()))
    return StagesExplanation(given.name, reports, (), tuple(shortcoming.reasons), nearest)


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """`lacking` are the places of the stages without an event, `used` the numbers of the events of the best."""

    lacking: Sequence[int]
    reasons: Sequence[str]
    used: Sequence[int] = ()


class _Stages:
    """A query and the events that a run searches; `numbers` are what these are called."""

    def __init__(
        self,
        rule: Rule,
        compiled: CompiledRule,
        query: SequenceQuery | Sample,
        events: list[Event],
        numbers: list[int],
    ) -> None:
        self._file: RuleFile = rule.file
        self._text = rule.rule.query_text or ""
        self._compiled = compiled
        self._query = query
        self.events = events
        self.numbers = numbers

    def reports(self) -> Iterator[StageReport]:
        for stage in self._query.stages:
            text = " ".join(self._text[stage.span.start : stage.span.end].split())
            met = tuple(self.numbers[position] for position in events_of(stage, self.events))
            yield StageReport(text, line_of(self._file, stage.span), met, stage.missing)

    def alert(self, alert: Alert) -> str:
        blocks = counted(len(alert.building_blocks), "building block")
        return f"alert: {self._result(alert.events, alert.keys)}, beside {blocks}: an alert for each event"

    def named(self) -> Iterator[tuple[int, Event]]:
        return zip(self.numbers, self.events, strict=True)

    def shortcoming(self) -> Shortcoming:
        if isinstance(self._query, Sample):
            return self._of_sample(self._query)
        found = sequence_progress(
            self._query, self.events, fields=self._compiled.fields, options=self._compiled.options
        )
        reasons = [*self._progress(found), *self._obstacles(self._query, found)]
        if timeless := [position for position in range(len(self.events)) if self._time(position) is None]:
            field = self._compiled.options.timestamp_field
            reasons.append(f"without {field} an event takes no part: {self._called(timeless)}")
        used = [self.numbers[position] for position in found.best.events if position >= 0] if found.best else []
        return Shortcoming([found.lacking], reasons, used)

    def _of_sample(self, query: Sample) -> Shortcoming:
        found = sample_progress(query, self.events)
        if found.key is None:
            return Shortcoming(found.lacking, ["no event meets any stage"])
        key = self._keys_text(query.stages[0], found.key)
        if not found.lacking:
            return Shortcoming((), [f"for {key} each stage has an event, but one event would have to serve two stages"])
        lacking = ", ".join(str(place + 1) for place in found.lacking)
        return Shortcoming(found.lacking, [f"the best key is {key}: it has no event for stage {lacking}"])

    # Sequences

    def _progress(self, found: SequenceProgress) -> Iterator[str]:
        if found.best is None:
            yield "not even the first stage is reached"
            return
        stage = self._query.stages[found.lacking]
        done = f"{found.lacking} of {len(self._query.stages)} stages"
        before = sum(each.runs for each in self._query.stages[: found.lacking] if not each.missing)
        if 0 < found.reached - before < stage.runs:
            done += f" and {found.reached - before} of the {stage.runs} events of stage {found.lacking + 1}"
        yield f"the best partial sequence has {done}: {self._result(found.best.events, found.best.keys)}"

    def _obstacles(self, query: SequenceQuery, found: SequenceProgress) -> Iterator[str]:
        stage, number = query.stages[found.lacking], found.lacking + 1
        met = events_of(stage, self.events)
        for demand in found.in_the_way:
            yield self._obstacle(demand, query, found)
        if found.in_the_way:
            return
        if not met:
            yield f"stage {number} has no event"
        elif found.best is None:
            yield f"stage {number} has {self._called(met)}, but at no time that counts"
        elif stage.runs > len(met):
            yield f"stage {number} needs {stage.runs} events and has {len(met)}"
        else:
            yield f"stage {number} has {self._called(met)}, but not after {self._called(found.best.events[-1:])}"

    def _obstacle(self, demand: Demand, query: SequenceQuery, found: SequenceProgress) -> str:
        assert found.without is not None  # Invariant: a demand is in the way of some result
        positions = [position for position in found.without.events if position >= 0]
        number = found.lacking + 1
        match demand:
            case Demand.SPAN:
                times = [time for position in positions if (time := self._time(position)) is not None]
                took, most = times[-1] - times[0], query.maxspan or 0
                return (
                    f"stage {number} comes too late: {self._called(positions)} take {time_words(took)}, and maxspan"
                    f" is {time_words(most)}: {time_words(took - most)} too long"
                )
            case Demand.UNTIL:
                until = events_of(query.until, self.events) if query.until else ()
                return f"until ends it before stage {number}: {self._called(until)}"
            case Demand.ABSENCE:
                there = [
                    f"stage {index} must have no event and has {self._called(met)}"
                    for index, stage in enumerate(query.stages, 1)
                    if stage.missing and (met := events_of(stage, self.events))
                ]
                return "; ".join(there)
            case Demand.KEYS:
                return self._other_key(query.stages[found.lacking], number, positions[-1], found)

    def _other_key(self, stage: Stage, number: int, position: int, found: SequenceProgress) -> str:
        """The key of an event that meets the stage and does not belong to the sequence."""
        keys = compile_keys(stage.keys)(self.events[position])
        own = self._keys_text(stage, keys[0]) if keys else "none"
        joined = "the keys differ" if found.best else "a key is missing"
        return f"{joined}: {self._called([position])} meets stage {number} with {own}"

    # Words

    def _time(self, position: int) -> int | None:
        field = Field(self._compiled.options.timestamp_field, FieldType.DATE)
        return min(self.events[position].values(field), default=None)

    def _called(self, positions: Sequence[int]) -> str:
        return numbers_text(sorted(self.numbers[position] for position in positions if position >= 0))

    def _result(self, positions: Sequence[int], values: Sequence[Scalar]) -> str:
        keys = self._keys_text(self._query.stages[0], values)
        return f"{self._called(positions)}{f' with {keys}' if keys else ''}"

    def _keys_text(self, stage: Stage, keys: Sequence[Scalar]) -> str:
        names = [key.name if isinstance(key, Field) else f"key {index}" for index, key in enumerate(stage.keys, 1)]
        return ", ".join(
            f"{name} = {value_text([] if value is None else [value])}" for name, value in zip(names, keys, strict=False)
        )
