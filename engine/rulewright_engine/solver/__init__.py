"""Finds events that a query is true of, and what each condition contributes. It never decides a label: evaluation does.

smt_solver     `SmtSolver`: one query: its models, its redundant literals, the outcome of each condition
independence   independence pairs (MC/DC), or why a condition has none; outcomes: what is said of a condition
nearest        the smallest change to an event that makes the condition true of it; distance: how small a change is
analysis/      what is proven of conditions as wholes: findings, differences, index patterns
smt_search     one question: search (depth-first, with backjumping), then cdcl (the search that learns) over sat
sampling       literals that a few events show to decide, so that nothing needs to be searched for them
theories/      which values the fields of a variable can have
formula, nnf   the condition in negation normal form, equal ones one atom; how it is built
reasons        why a question stays open; value_hints: what is plausible
"""

from rulewright_engine.solver.formula import canonical_form
from rulewright_engine.solver.outcomes import Assignment, ConditionOutcome, Outcome
from rulewright_engine.solver.reasons import BudgetExceeded, UnknownReason
from rulewright_engine.solver.smt_solver import SmtSolver
from rulewright_engine.solver.theories.combination import MultiValued, multi_valued_in
from rulewright_engine.solver.value_hints import NO_HINTS, ValueHints

__all__ = [
    "NO_HINTS",
    "Assignment",
    "BudgetExceeded",
    "ConditionOutcome",
    "MultiValued",
    "Outcome",
    "SmtSolver",
    "UnknownReason",
    "ValueHints",
    "canonical_form",
    "multi_valued_in",
]
