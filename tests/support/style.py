"""The style that every diagnostic keeps to."""

import re

from rulewright_schema.diagnostics import Diagnostic

__all__ = ["assert_style"]

INSIDE = re.compile(r"\b(None|str|dict|tuple|Exception|jsonschema|tomli|regex|token|leaf)\b")
"""Words of the implementation."""

NAMES = ("ATT&CK", "INLINE", "Sigma")
"""Names that are written in capitals, at the beginning of a message too."""


def assert_style(problem: Diagnostic) -> None:
    """Lower case, no full stop, one line, user's text in backticks, something to do, nothing of the implementation."""
    for text in (problem.message, problem.help, problem.note, problem.label, *(lab.text for lab in problem.secondary)):
        assert "\n" not in text
        assert not text.endswith(".")
        assert text.count("`") % 2 == 0
        assert not INSIDE.search(re.sub("`[^`]*`", "", text)), text
    assert problem.message[0] == "`" or problem.message[0].islower() or problem.message.startswith(NAMES)
    assert problem.help
