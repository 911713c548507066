"""The cases of a rule whose query is conditions on events: of every type but ES|QL."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import CompiledRule, judges_events, type_of
from rulewright_engine.rules.keys import discriminating_fields
from rulewright_generators.cases.events.event_writer import identity_of, setting_of
from rulewright_generators.cases.events.timeline import DELAY, Timeline
from rulewright_generators.cases.evidence.confirmed_cases import ConfirmedCases, Gap, GeneratedCases
from rulewright_generators.cases.format.case_file import Case, in_order
from rulewright_generators.cases.format.naming import adopted, settled
from rulewright_generators.cases.regeneration import merge
from rulewright_generators.cases.types import builder_of
from rulewright_generators.cases.types.event_query import event_cases
from rulewright_generators.cases.types.stage_conditions import prove_conditions

__all__ = ["condition_cases"]

MAX_CASE_EVENTS = 1_000
"""Events of a case; people read them, and a threshold is whatever a rule says."""


def condition_cases(compiled: CompiledRule, existing: Sequence[Case]) -> GeneratedCases:
    """Cases that prove the rule, each confirmed by evaluation. Cases of `existing` that still hold are kept."""
    made = _fresh(compiled)
    fresh = settled(made.cases)
    cases = merge(compiled, fresh, adopted(existing, fresh)) if existing else fresh
    return GeneratedCases(in_order(cases), made.conditions, made.gaps)


def _fresh(compiled: CompiledRule) -> GeneratedCases:
    rule, query = compiled.rule, compiled.query
    if isinstance(query, EventQuery) and judges_events(compiled):
        setting = setting_of(rule, query.condition)
        cases, outcomes = event_cases(query.condition, compiled.fields, setting, identity_of(rule))
        timeline = Timeline(compiled, _fixed(compiled))
        return GeneratedCases(tuple(_in_sight(case, timeline) for case in cases), tuple(outcomes))
    if type_of(rule).least_events(rule) > MAX_CASE_EVENTS:
        return GeneratedCases(
            (), (), (Gap("an alert", f"it takes more events than a case may have ({MAX_CASE_EVENTS})"),)
        )
    confirmed = ConfirmedCases(compiled)
    builder = builder_of(compiled, confirmed, Timeline(compiled, _fixed(compiled)))
    if builder is None:
        return GeneratedCases((), (), (Gap("an alert", f"no cases are made of rules of type `{rule.type}`"),))
    builder.add()
    outcomes = prove_conditions(confirmed, builder)
    return GeneratedCases(tuple(confirmed.cases), tuple(outcomes), tuple(confirmed.gaps))


def _in_sight(case: Case, timeline: Timeline) -> Case:
    """The case with its event at a time that a run sees, where the ordinary one is before the run's window."""
    if timeline.length >= DELAY:
        return case
    return replace(
        case, events=tuple(timeline.dated(dict(e), timeline.now - timeline.length // 2) for e in case.events)
    )


def _fixed(compiled: CompiledRule) -> Iterator[str]:
    """The fields that the rule asks about, or tells events apart by."""
    yield from (field.name for field in compiled.query.fields())
    yield from discriminating_fields(compiled)
