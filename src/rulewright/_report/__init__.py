"""How findings reach people and programs.

show         `show`: diagnostics, in one of three formats; `print_json`; the last line of a run
text         `full` and `concise`, for people; snippet: the source lines with their marks; machine: as JSON
summary      what came of proofs, and what was written, in a sentence
style        colour: whether, and which
"""

from rulewright._report.machine import as_data
from rulewright._report.show import FORMATS, print_json, show, summarize
from rulewright._report.style import Style, style_for
from rulewright._report.text import as_concise, as_full

__all__ = ["FORMATS", "Style", "as_concise", "as_data", "as_full", "print_json", "show", "style_for", "summarize"]
