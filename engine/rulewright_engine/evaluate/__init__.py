"""The meaning of a condition: event in, verdict out, and on request the truth of every node.

compile     conditions to closures: `compile_condition`
predicates  what a test asks of one value
values      values to closures: `compile_value`, `compile_keys`, `fold`
trace       the truth of every node, with the values it came from, and what blocks
outside     what an ES|QL query gets beside events: texts, and rows that it joins
"""

from rulewright_engine.evaluate.compile import Check, compile_condition
from rulewright_engine.evaluate.trace import Blocker, Trace, blockers, trace
from rulewright_engine.evaluate.value_expressions import compile_keys, compile_value, fold

__all__ = [
    "Blocker",
    "Check",
    "Trace",
    "blockers",
    "compile_condition",
    "compile_keys",
    "compile_value",
    "fold",
    "trace",
]
