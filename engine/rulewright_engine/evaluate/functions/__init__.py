"""Functions and operators over values.

table    `FUNCTIONS`: name -> `Function` (parameters, result type, null rule, implementation)
text     what the text functions compute
numbers  arithmetic, comparison in value position, conversion
"""

from rulewright_engine.evaluate.functions.table import (
    FUNCTIONS,
    Function,
    Parameter,
    ParameterKind,
)

__all__ = ["FUNCTIONS", "Function", "Parameter", "ParameterKind"]
