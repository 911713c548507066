"""Cases that prove a rule.

generate   `generate`: the cases of a rule, by its type, and what could be proven of each leaf
events     rules that judge single events: a positive and a near miss for each leaf
sequences, samples (joined_cases, joined, united), threshold, new_terms, threat_match, suppression (single)   the
           other types: cases of their own, and every leaf in a case that is otherwise complete (stage_leaves)
roles, values, timeline, trials   events with given values, other values, times, and the run that confirms a case
drafts     the events of one condition, each once, and what each proves
writer, documents, profiles (data/profiles.toml)   believable JSON documents from what the solver decided
coherence, processes, facts   what the fields of one event say of each other
mutations, mutants, variations   the small changes that a condition may have, which events tell it from the condition
boundaries, selection   events for the mutants that the pairs leave alive, and no event that nothing needs
structural   mutants of what a rule's type does with events
scoring    `score`: which mutants of a rule its cases kill
esql       the cases of ES|QL rules
keep       regeneration: cases that still hold stay as they are
results    `run_cases`: what cases alert, and the leaf that decided where they fail
coverage   what cases show of each leaf
cases      a case, and the file that holds one a line; codes, leaves, wording: their problems, names and sentences
"""

from rulewright_generators.cases.evidence.confirmed_cases import Gap
from rulewright_generators.cases.evidence.coverage import LeafCoverage, coverage
from rulewright_generators.cases.evidence.results import CaseResult, run_cases
from rulewright_generators.cases.format.case_file import (
    Case,
    CaseFile,
    dump_cases,
    is_generated,
    parse_cases,
    read_cases,
)
from rulewright_generators.cases.format.conditions import leaf_names
from rulewright_generators.cases.generate import Fixtures, generate
from rulewright_generators.cases.mutation_score import Score, Survivor, score

__all__ = [
    "Case",
    "CaseFile",
    "CaseResult",
    "Fixtures",
    "Gap",
    "LeafCoverage",
    "Score",
    "Survivor",
    "coverage",
    "dump_cases",
    "generate",
    "is_generated",
    "leaf_names",
    "parse_cases",
    "read_cases",
    "run_cases",
    "score",
]
