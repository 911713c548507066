"""GROK, DISSECT, URI_PARTS and REGISTERED_DOMAIN: a text taken apart into columns.

captured   what both compile to
dissect    patterns of delimiters
grok       patterns of named regular expressions
bank       the named expressions that GROK knows
parts      `PARTS`: what has rules of its own; uris and domains are these rules, data/ the public suffixes
"""

from rulewright_engine.esql.functions.capture.captured import Captured, PatternError
from rulewright_engine.esql.functions.capture.dissect import compile_dissect
from rulewright_engine.esql.functions.capture.grok import compile_grok
from rulewright_engine.esql.functions.capture.parts import PARTS

__all__ = ["PARTS", "Captured", "PatternError", "compile_dissect", "compile_grok"]
