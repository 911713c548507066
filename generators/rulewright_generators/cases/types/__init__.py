"""The cases of each rule type but ES|QL.

event_query                                      rules that judge single events
sequences, samples                               with joined_cases, joined_events, joint_condition, sequence_suppression
threshold, new_terms, threat_match, suppression  with single_condition
stage_conditions                                 every condition, in a case that is otherwise complete
"""

from collections.abc import Callable, Mapping

from rulewright_engine.ir.query import Sample, Sequence
from rulewright_engine.rules import CompiledRule, type_of
from rulewright_generators.cases.events.timeline import Timeline
from rulewright_generators.cases.evidence.confirmed_cases import ConfirmedCases
from rulewright_generators.cases.types.new_terms import NewTermsCases
from rulewright_generators.cases.types.samples import SampleCases
from rulewright_generators.cases.types.sequences import SequenceCases
from rulewright_generators.cases.types.stage_conditions import CaseBuilder
from rulewright_generators.cases.types.suppression import SuppressionCases
from rulewright_generators.cases.types.threat_match import ThreatMatchCases
from rulewright_generators.cases.types.threshold import ThresholdCases

__all__ = ["BUILDERS", "builder_of"]

Builder = Callable[[CompiledRule, ConfirmedCases, Timeline], CaseBuilder]

BUILDERS: Mapping[str, Builder] = {
    "threshold": ThresholdCases,
    "new_terms": NewTermsCases,
    "threat_match": ThreatMatchCases,
}
"""By what a rule file says in `type`."""


def builder_of(compiled: CompiledRule, confirmed: ConfirmedCases, timeline: Timeline) -> CaseBuilder | None:
    """What makes the cases of a rule that judges several events together, by its type or the shape of its query.

    None for a type that has no builder.
    """
    match compiled.query:
        case Sequence():
            return SequenceCases(compiled, confirmed, timeline)
        case Sample():
            return SampleCases(compiled, confirmed, timeline)
        case _:
            default = SuppressionCases if type_of(compiled.rule).judges_single_events else None
            builder = BUILDERS.get(compiled.rule.type, default)
            return builder(compiled, confirmed, timeline) if builder else None
