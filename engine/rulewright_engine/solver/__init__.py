"""Finds events that a condition is true of, and what each leaf contributes. It never decides a label: evaluation does.

solver        `Solver`: one condition, its model, and the outcome of each leaf
outcomes      what is said of a leaf
nearest       the smallest change to an event that makes the condition true of it
formula       the condition as gates over atoms, atoms as bits
evidence      leaves that a few events show to matter, so that nothing needs to be searched for them
search        depth-first search over gates, guided by the values at hand
conflicts, propositions   the search that learns, for what the first gives up
domains       which values a field has: points (numbers, dates, addresses), strings (automata, in words), tokens
              (analysed text), related (fields that a leaf relates); domain holds what they share
rewrite, candidates, hints   functions as plain tests, texts worth trying, what is believable
"""

from rulewright_engine.solver.formula import spelled
from rulewright_engine.solver.outcomes import Assignment, LeafOutcome, Outcome
from rulewright_engine.solver.search import Exhausted
from rulewright_engine.solver.smt_solver import Solver
from rulewright_engine.solver.theories.combination import Several, several_in
from rulewright_engine.solver.value_hints import NO_HINTS, Hints

__all__ = [
    "NO_HINTS",
    "Assignment",
    "Exhausted",
    "Hints",
    "LeafOutcome",
    "Outcome",
    "Several",
    "Solver",
    "several_in",
    "spelled",
]
