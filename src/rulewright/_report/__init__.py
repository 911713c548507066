"""How diagnostics reach people and machines: one function a format, all from the same `Diagnostic`.

text.py      `full` and `concise`, for people
snippet.py   the source lines with their marks
machine.py   `json`, one object a line
style.py     colour: whether, and which
"""

from rulewright._report.machine import as_json
from rulewright._report.style import Style, style_for
from rulewright._report.text import as_concise, as_full

__all__ = ["FORMATS", "Style", "as_concise", "as_full", "as_json", "style_for"]

FORMATS = ("full", "concise", "json")
