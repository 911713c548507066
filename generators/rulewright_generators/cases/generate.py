"""Cases of a rule, whatever its type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rulewright_engine.ir.query import EventQuery, Sample
from rulewright_engine.ir.query import Sequence as SequenceQuery
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import LeafOutcome
from rulewright_generators.cases.events.event_templates import Scene
from rulewright_generators.cases.events.event_writer import identity_of, setting_of
from rulewright_generators.cases.events.timeline import DELAY, Timeline
from rulewright_generators.cases.evidence.confirmed_cases import Gap, Trials
from rulewright_generators.cases.evidence.results import judges_events
from rulewright_generators.cases.format.case_file import Case, in_order
from rulewright_generators.cases.format.conditions import telling_fields
from rulewright_generators.cases.regeneration import merge
from rulewright_generators.cases.types.event_query import event_cases
from rulewright_generators.cases.types.joined_events import Joined
from rulewright_generators.cases.types.new_terms import NewTermsCases
from rulewright_generators.cases.types.samples import SampleCases
from rulewright_generators.cases.types.sequences import SequenceCases
from rulewright_generators.cases.types.stage_conditions import Ensemble, prove_leaves
from rulewright_generators.cases.types.suppression import SuppressionCases
from rulewright_generators.cases.types.threat_match import ThreatMatchCases
from rulewright_generators.cases.types.threshold import ThresholdCases
from rulewright_schema.rule import NewTermsRule, ThreatMatchRule, Threshold, ThresholdRule

__all__ = ["Fixtures", "generate"]

MOST_EVENTS = 1_000
"""Events of a case; people read them, and a threshold is whatever a rule says."""


@dataclass(frozen=True, slots=True)
class Fixtures:
    """The cases of a rule, for each leaf of its query, in the order of the text, what could be proven of it, and what
    else no case shows."""

    cases: tuple[Case, ...]
    leaves: tuple[LeafOutcome, ...]
    gaps: tuple[Gap, ...] = ()


def generate(compiled: CompiledRule, *, existing: Sequence[Case] = ()) -> Fixtures:
    """Cases that prove the rule, each confirmed by evaluation. Cases of `existing` that still hold are kept."""
    if compiled.esql is not None:
        return _of_esql(compiled, existing)
    fresh = _fresh(compiled)
    cases = merge(compiled, fresh.cases, existing) if existing else fresh.cases
    return Fixtures(in_order(cases), fresh.leaves, fresh.gaps)


def _of_esql(compiled: CompiledRule, existing: Sequence[Case]) -> Fixtures:
    from rulewright_generators.cases.esql import esql_cases

    made = esql_cases(compiled, existing)
    if made.reason:
        return Fixtures(in_order(made.cases), made.leaves, (Gap("an alert", made.reason),))
    return Fixtures(in_order(made.cases), made.leaves)


def _fresh(compiled: CompiledRule) -> Fixtures:
    rule, query = compiled.rule, compiled.query
    if isinstance(query, EventQuery) and judges_events(compiled):
        setting = setting_of(rule, query.condition)
        cases, outcomes = event_cases(query.condition, compiled.fields, setting, identity_of(rule))
        timeline = Timeline(rule, compiled.now, _fixed(compiled))
        return Fixtures(tuple(_in_sight(case, timeline) for case in cases), tuple(outcomes))
    if isinstance(rule, ThresholdRule) and _events_of(rule.threshold) > MOST_EVENTS:
        return Fixtures((), (), (Gap("an alert", f"it takes more events than a case may have ({MOST_EVENTS})"),))
    trials = Trials(compiled)
    ensemble = _ensemble(compiled, trials)
    ensemble.add()
    outcomes = prove_leaves(Scene(rule, compiled.fields), trials, ensemble)
    return Fixtures(tuple(trials.cases), tuple(outcomes), tuple(trials.gaps))


def _in_sight(case: Case, timeline: Timeline) -> Case:
    """The case with its event at a time that a run sees, where the ordinary one is before the run's window."""
    if timeline.length >= DELAY:
        return case
    return replace(
        case, events=tuple(timeline.dated(dict(e), timeline.now - timeline.length // 2) for e in case.events)
    )


def _events_of(threshold: Threshold) -> int:
    return max(threshold.value, *(entry.value for entry in threshold.cardinality), 1)


def _ensemble(compiled: CompiledRule, trials: Trials) -> Ensemble:
    """What makes the cases of a rule type."""
    rule, query = compiled.rule, compiled.query
    scene, timeline = Scene(rule, compiled.fields), Timeline(rule, compiled.now, _fixed(compiled))
    match rule, query:
        case _, SequenceQuery(stages, until=until):
            joined = Joined(scene, [*stages, *([until] if until else [])])
            return SequenceCases(query, joined, trials, timeline)
        case _, Sample(stages):
            return SampleCases(query, Joined(scene, stages), trials, timeline)
        case ThresholdRule(), EventQuery():
            return ThresholdCases(query, rule.threshold, scene, trials, timeline)
        case NewTermsRule(), EventQuery():
            return NewTermsCases(query, rule.new_terms, scene, trials, timeline)
        case ThreatMatchRule(), EventQuery():
            return ThreatMatchCases(query, compiled, scene, trials, timeline)
        case _, EventQuery():
            return SuppressionCases(query, scene, trials, timeline)
    raise AssertionError("Invariant: an ES|QL rule has cases of its own")


def _fixed(compiled: CompiledRule) -> Iterator[str]:
    """The fields that the rule asks about, or tells events apart by."""
    yield from (field.name for field in compiled.query.fields())
    yield from telling_fields(compiled)
