"""Runs that tell two rules apart, whatever their types: cases of one of them, run with both.

The cases that prove a rule come first, and such with other values of what the rules tell events apart by. Where none
of them does, some are made of a rule that asks for what only one side finds: what they need is refused by the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, islice

from rulewright._explain.nearest_case import named_fields
from rulewright_engine.evaluate.document_edits import with_field, with_fields_of
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

__all__ = ["Run", "Runs", "discriminating_runs"]

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


def discriminating_runs(old: CompiledRule, new: CompiledRule, claim: Relation) -> Runs:
    """`claim` is what their parts come to: it spares a search for what is not to be expected."""
    runners = CaseRunner(old), CaseRunner(new)

    def runs(cases: Iterable[Case]) -> Iterator[Run]:
        for case in cases:
            with suppress(LimitExceeded):
                yield Run(case, *(runner.alerts(case) for runner in runners))

    fields = tuple(dict.fromkeys((*_discriminating_fields(new), *_discriminating_fields(old))))
    own, others = generate(old).cases, generate(new).cases
    found = [*runs([*own, *others]), *runs(_spread([*own, *others], fields, new.fields))]
    away, added = _OfDifference(old, new), _OfDifference(new, old)
    lost, gained = _first_lost(found), _first_gained(found)
    if lost is None and claim is not Relation.WIDER:
        lost = _first_lost(runs(chain(away, _remembered(own, added, old.rule))))
    if gained is None and claim is not Relation.NARROWER:
        gained = _first_gained(runs(chain(added, _remembered(others, away, new.rule))))
    otherwise = next((each for each in found if sorted(each.old) != sorted(each.new)), None)
    return Runs(lost, gained, None if lost or gained else otherwise, fields)


def _first_lost(found: Iterable[Run]) -> Run | None:
    return next((each for each in found if each.old and not each.new), None)


def _first_gained(found: Iterable[Run]) -> Run | None:
    return next((each for each in found if each.new and not each.old), None)


def _spread(cases: Iterable[Case], fields: Sequence[str], types: FieldTypes) -> Iterator[Case]:
    """Some of the cases that alert, with another value of one field in each event."""
    for case in islice((case for case in cases if case.is_positive and len(case.events) > 1), MAX_SPREAD):
        for name in fields:
            info = types.lookup(name)
            usual = "192.0.2.10" if info is not None and info.type is FieldType.IP else "sample"
            held = [next(iter(Event(event).raw(name)), usual) for event in case.events]
            spread = (
                with_field(event, name, another(value, step))
                for step, (event, value) in enumerate(zip(case.events, held, strict=True), 1)
            )
            yield replace(case, events=tuple(spread))


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
