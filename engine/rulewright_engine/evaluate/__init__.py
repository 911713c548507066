"""The meaning of a condition: event in, verdict out, and on request the truth of every node.

event, event_types           one document as an index sees it; the types that a dynamic mapping gives to fields
document_edits, outside      fields of a document set and taken out; what an ES|QL query gets beside events
compile, predicates          conditions to closures, and what a test asks of one value
value_expressions, functions/   values to closures, and the functions of EQL
run, sequences, samples      a query over events, and what joins several of them
trace, partial_matches       the truth of every node and what blocks; how far events came without a result
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
