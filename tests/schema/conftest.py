"""The style that every diagnostic keeps to."""

import re
from collections.abc import Callable

import pytest

from rulewright_schema.diagnostics import Diagnostic


@pytest.fixture(scope="session")
def assert_style() -> Callable[[Diagnostic], None]:
    """Lower case, no full stop, one line, user's text in backticks, something to do, nothing of the implementation."""

    def check(problem: Diagnostic) -> None:
        texts = [problem.message, problem.help, problem.note, problem.label, *(lab.text for lab in problem.secondary)]
        for text in texts:
            assert "\n" not in text
            assert not text.endswith(".")
            assert text.count("`") % 2 == 0
            prose = re.sub("`[^`]*`", "", text)
            assert not re.search(r"\b(None|str|dict|tuple|Exception|jsonschema|tomli|regex)\b", prose)
        assert problem.message[0] == "`" or problem.message[0].islower() or problem.message.startswith("ATT&CK")
        assert problem.help

    return check
