"""GROK and DISSECT: a text taken apart into columns.

captured   what both compile to
dissect    patterns of delimiters
grok       patterns of named regular expressions
bank       the named expressions that GROK knows
"""

from rulewright_engine.esql.functions.capture.captured import Captured, PatternError
from rulewright_engine.esql.functions.capture.dissect import compile_dissect
from rulewright_engine.esql.functions.capture.grok import compile_grok

__all__ = ["Captured", "PatternError", "compile_dissect", "compile_grok"]
