"""Functions and operators over values; each is declared once, with its signature and what it says of a text.

registry   what a function is, `FUNCTIONS`, and the decorator that declares one
text       the text functions; preimages: what a test of their results asks of the text
numbers    arithmetic, comparison in value position, conversion
"""

from rulewright_engine.evaluate.functions import numbers, text
from rulewright_engine.evaluate.functions.registry import FUNCTIONS, Function, Parameter

__all__ = ["FUNCTIONS", "Function", "Parameter", "numbers", "text"]
