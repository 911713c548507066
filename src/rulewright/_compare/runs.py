"""Runs that tell two rules apart, whatever their types: cases of one of them, run with both.

The cases that prove a rule come first, and such with other values of what the rules tell events apart by. Where none
of them does, some are made of a rule that asks for what only one side finds: what they need is refused by the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from typing import Any

from rulewright._explain.nearest_case import named_fields
from rulewright_engine.evaluate.document_edits import with_field, with_fields, with_fields_of
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import FieldType
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import AnyQuery, EventQuery
from rulewright_engine.ir.query import Sequence as EventSequence
from rulewright_engine.rules import CompiledRule, type_of
from rulewright_engine.rules.keys import discriminating_fields
from rulewright_engine.solver.analysis.difference import difference
from rulewright_engine.solver.analysis.relation import Relation
from rulewright_generators.cases import Case, generate
from rulewright_generators.cases.events.values import another
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_schema.errors import LimitExceeded
from rulewright_schema.rule import Rule

__all__ = ["NO_RUNS", "Alerts", "Run", "Runs", "SharedRuns", "discriminating_runs"]

MAX_SPREAD = 4
"""Cases that are varied."""

Alerts = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A case, and the alerts that the old and the new rule raise on it, in the form of `Case.alerts`."""

    case: Case
    old: Alerts
    new: Alerts


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs on which only the old rule alerts, only the new one, and both, but otherwise. `fields` are those by which
    the rules tell events apart."""

    lost: Run | None = None
    gained: Run | None = None
    otherwise: Run | None = None
    fields: tuple[str, ...] = ()


NO_RUNS = Runs()


class SharedRuns:
    """Runs of both rules over the cases of both, and such with other values of what the rules tell events apart by."""

    def __init__(self, old: CompiledRule, new: CompiledRule) -> None:
        self.old, self.new = old, new
        self._runners = CaseRunner(old), CaseRunner(new)

    def run(self, case: Case) -> Run | None:
        """The run of both rules over a case; None where it has more events than a run may."""
        with suppress(LimitExceeded):
            return Run(case, *(runner.alerts(case) for runner in self._runners))
        return None

    def over(self, cases: Iterable[Case]) -> Iterator[Run]:
        return (run for case in cases if (run := self.run(case)) is not None)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Those by which the rules tell events apart."""
        return tuple(dict.fromkeys((*_discriminating_fields(self.new), *_discriminating_fields(self.old))))

    @cached_property
    def cases(self) -> tuple[Sequence[Case], Sequence[Case]]:
        """The cases of the old rule, and of the new one."""
        return generate(self.old).cases, generate(self.new).cases

    @cached_property
    def differing(self) -> list[Run]:
        """The runs on which the rules alert otherwise."""
        cases = [case for each in self.cases for case in each]
        found = self.over(
            chain(cases, _spread(cases, self.fields, self.new.fields), self._gathered(cases), self._repeated(cases))
        )
        return [each for each in found if sorted(each.old) != sorted(each.new)]

    def _gathered(self, cases: Sequence[Case]) -> Iterator[Case]:
        """Some of the cases that alert, as one event that holds what its events hold in different fields."""
        for case in islice((case for case in cases if case.is_positive and len(case.events) > 1), MAX_SPREAD):
            held = {name: [Event(event).raw(name) for event in case.events] for name in self.fields}
            values = {name: list(dict.fromkeys(value for each in raw for value in each)) for name, raw in held.items()}
            several = {name: found for name, found in values.items() if len(found) > 1}
            if several and self._may_hold_arrays(several):
                yield replace(case, events=(with_fields(case.events[0], several),))

    def _may_hold_arrays(self, names: Iterable[str]) -> bool:
        return all(info is None or info.array is not False for info in map(self.new.fields.lookup, names))

    def _repeated(self, cases: Sequence[Case]) -> Iterator[Case]:
        """Some of the cases that alert, each event twice: with all that they are suppressed by, and without."""
        suppressions = [each.rule.alert_suppression for each in (self.old, self.new)]
        if suppressions[0] == suppressions[1]:
            return
        names = dict.fromkeys(name for each in suppressions if each is not None for name in each.group_by)
        usual = {name: _usual(name, self.new.fields) for name in names}
        for case in islice((case for case in cases if case.is_positive), MAX_SPREAD):
            there = [with_fields(event, _with_defaults(event, usual)) for event in case.events]
            absent = [with_fields(event, dict.fromkeys(names)) for event in case.events]
            yield from (replace(case, events=tuple(events * 2)) for events in (there, absent))


def discriminating_runs(shared: SharedRuns, claim: Relation) -> Runs:
    """`claim` is what the parts of the rules come to: it spares a search for what is not to be expected."""
    old, new = shared.old, shared.new
    own, others = shared.cases
    found = shared.differing
    away, added = _OfDifference(old, new), _OfDifference(new, old)
    lost, gained = _first_lost(found), _first_gained(found)
    if lost is None and claim is not Relation.WIDER:
        lost = _first_lost(shared.over(chain(away, _remembered(own, added, old.rule))))
    if gained is None and claim is not Relation.NARROWER:
        gained = _first_gained(shared.over(chain(added, _remembered(others, away, new.rule))))
    return Runs(lost, gained, None if lost or gained else next(iter(found), None), shared.fields)


def _first_lost(found: Iterable[Run]) -> Run | None:
    return next((each for each in found if each.old and not each.new), None)


def _first_gained(found: Iterable[Run]) -> Run | None:
    return next((each for each in found if each.new and not each.old), None)


def _spread(cases: Iterable[Case], fields: Sequence[str], types: FieldTypes) -> Iterator[Case]:
    """Some of the cases that alert, with another value of one field in each event, and with one value in all."""
    for case in islice((case for case in cases if case.is_positive and len(case.events) > 1), MAX_SPREAD):
        for name in fields:
            usual = _usual(name, types)
            held = [next(iter(Event(event).raw(name)), usual) for event in case.events]
            spread = (
                with_field(event, name, another(value, step))
                for step, (event, value) in enumerate(zip(case.events, held, strict=True), 1)
            )
            yield replace(case, events=tuple(spread))
            yield replace(case, events=tuple(with_field(event, name, held[0]) for event in case.events))


def _usual(name: str, types: FieldTypes) -> str:
    """A value that a field may have."""
    info = types.lookup(name)
    return "192.0.2.10" if info is not None and info.type is FieldType.IP else "sample"


def _with_defaults(event: Mapping[str, Any], usual: Mapping[str, str]) -> dict[str, Any]:
    """The values that an event has in some fields, and in the others the usual ones."""
    return {name: next(iter(Event(event).raw(name)), value) for name, value in usual.items()}


@dataclass(frozen=True, slots=True)
class _OfDifference:
    """Cases of events that meet a condition of the rule and not that of the other."""

    compiled: CompiledRule
    other: CompiledRule

    def __iter__(self) -> Iterator[Case]:
        for query in _differences(self.compiled.query, self.other.query):
            made = generate(replace(self.compiled, query=query)).cases
            yield from (case for case in made if case.is_positive)


def _remembered(cases: Iterable[Case], strange: Iterable[Case], rule: Rule) -> Iterator[Case]:
    """Cases of a known term that is known by events which the other rule alone finds."""
    known = [case for case in cases if case.history and not case.is_positive]
    if not type_of(rule).remembers or not known:
        return
    fields = type_of(rule).discriminating_fields(rule)
    names = dict.fromkeys(("@timestamp", rule.timestamp_override or "@timestamp", *fields))
    for stranger in islice(strange, MAX_SPREAD):
        for case in known[:MAX_SPREAD]:
            history = tuple(with_fields_of(stranger.events[0], Event(event), names) for event in case.history)
            yield replace(case, history=history)


def _differences(one: AnyQuery, other: AnyQuery) -> Iterator[AnyQuery]:
    """The first query with one of its conditions narrowed to what the second refuses."""
    match one, other:
        case EventQuery(), EventQuery():
            if asked := difference(one.condition, other.condition):
                yield one.with_condition(0, asked)
        case EventSequence(), EventSequence() if len(one.stages) == len(other.stages):
            for index, (stage, counterpart) in enumerate(zip(one.stages, other.stages, strict=True)):
                asked = difference(stage.condition, counterpart.condition)
                if asked and not stage.missing:
                    yield one.with_condition(index, asked)


def _discriminating_fields(compiled: CompiledRule) -> Iterator[str]:
    if type_of(compiled.rule).compared_by_runs:
        yield from named_fields(compiled)
    yield from discriminating_fields(compiled)
