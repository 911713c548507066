"""Cases that prove a rule: events, and the alerts that a run must raise over them.

generate         `generate`: the cases of a rule, whatever its type; `condition_coverage`: what cases show
regeneration     cases that still hold stay as they are
mutation_score   `score`: which mutants of a rule its cases kill
alert_cases      what alerts say: severity, risk score, name
esql/, types/    the cases of ES|QL rules, and of each other type
mutation/        mutants, and the events that kill them
evidence/        runs of cases, condition coverage, the run that confirms a case
events/          believable events
format/          a case, its file, its names and sentences
"""

from rulewright_generators.cases.evidence.confirmed_cases import Gap
from rulewright_generators.cases.evidence.coverage import ConditionCoverage, coverage
from rulewright_generators.cases.evidence.results import CaseResult, run_cases
from rulewright_generators.cases.format.case_file import (
    Case,
    CaseFile,
    dump_cases,
    is_generated,
    parse_cases,
    read_cases,
)
from rulewright_generators.cases.format.conditions import condition_names
from rulewright_generators.cases.generate import GeneratedCases, condition_coverage, generate
from rulewright_generators.cases.mutation_score import Score, Survivor, score

__all__ = [
    "Case",
    "CaseFile",
    "CaseResult",
    "ConditionCoverage",
    "Gap",
    "GeneratedCases",
    "Score",
    "Survivor",
    "condition_coverage",
    "condition_names",
    "coverage",
    "dump_cases",
    "generate",
    "is_generated",
    "parse_cases",
    "read_cases",
    "run_cases",
    "score",
]
