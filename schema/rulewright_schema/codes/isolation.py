"""One rule on which Rulewright itself fails does not keep the others from their answers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from rulewright_schema.codes.code import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.errors import RulewrightError
from rulewright_schema.source import Span

__all__ = ["INTERNAL_ERROR", "isolated"]

INTERNAL_ERROR = Code(
    code="RW012",
    name="internal-error",
    level=Level.ERROR,
    title="every rule can be worked on",
    why="Rulewright has a defect that this rule meets. All other rules are worked on as usual.",
    bad="# a rule that nobody has thought of\n",
    good="# the same rule, after the defect was mended\n",
)


@contextmanager
def isolated(name: str, problems: list[Diagnostic]) -> Iterator[None]:
    """Add an unexpected failure in the work on the file called `name` to `problems`, and go on.

    What is meant to end a command (errors of Rulewright and of the operating system) does so, and with
    `RULEWRIGHT_DEBUG` everything.
    """
    try:
        yield
    except (RulewrightError, OSError):
        raise
    except Exception as error:
        if os.environ.get("RULEWRIGHT_DEBUG"):
            raise
        message = f"internal error: {type(error).__name__}: {error}"
        help_ = "report it with the rule; `RULEWRIGHT_DEBUG=1` shows where it happened"
        problems.append(INTERNAL_ERROR.report(message, Span(0, 0), path=name, help=help_))
