"""What functions and operators do, by family; each is declared once, with its types and its rule for nulls.

registry      what a function is: kinds, signatures, `FUNCTIONS`
traits        what undoes it, what it asks of a value, its kin
comparison    comparison, AND/OR/NOT, IN, LIKE, RLIKE, IS NULL
conditional   CASE, COALESCE, GREATEST, LEAST
arithmetic, numbers, text, encodings, dates, multivalues, conversion, networks (IP and points), documents (JSON)
instants, date_patterns, types   arithmetic with times, their patterns, and the types of columns
capture/      what GROK and DISSECT match
aggregates    COUNT, VALUES and the other functions of STATS
order         how values compare
implied       TBUCKET and TRANGE, which stand for calls of others
unavailable   functions whose results no offline run has
"""

from rulewright_engine.esql.functions import (
    aggregates,
    arithmetic,
    comparison,
    conditional,
    conversion,
    dates,
    documents,
    encodings,
    multivalues,
    networks,
    numbers,
    text,
)
from rulewright_engine.esql.functions.registry import FUNCTIONS

__all__ = [
    "FUNCTIONS",
    "aggregates",
    "arithmetic",
    "comparison",
    "conditional",
    "conversion",
    "dates",
    "documents",
    "encodings",
    "multivalues",
    "networks",
    "numbers",
    "text",
]
