"""Cases that prove a rule: events, and the alerts that a run must raise over them.

prover           the doors, whatever the language: `generate`, `condition_coverage`, `score`, `never_alerts`
generate         the cases of rules whose query is conditions; regeneration: cases that still hold stay as they are
alert_cases      what alerts say: severity, risk score, name
mutation_score   which mutants of such a rule its cases kill
esql/, types/    the cases of ES|QL rules, and of each other type
mutation/        mutants, and the events that kill them
evidence/        runs of cases, condition coverage, the run that confirms a case
events/          plausible events
format/          a case, its file, its names and sentences
"""

from rulewright_generators.cases.evidence.confirmed_cases import Gap, GeneratedCases
from rulewright_generators.cases.evidence.coverage import ConditionCoverage, coverage
from rulewright_generators.cases.evidence.results import CaseResult, run_cases
from rulewright_generators.cases.evidence.score import Score, Survivor
from rulewright_generators.cases.format.case_file import Case, CaseFile, is_generated
from rulewright_generators.cases.format.conditions import condition_names
from rulewright_generators.cases.format.reader import parse_cases, read_cases
from rulewright_generators.cases.format.writer import dump_cases, updated_text
from rulewright_generators.cases.prover import condition_coverage, generate, never_alerts, score

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
    "never_alerts",
    "parse_cases",
    "read_cases",
    "run_cases",
    "score",
    "updated_text",
]
