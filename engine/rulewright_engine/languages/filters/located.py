"""A problem and the value of a rule file that has it.

A filter is values of the file and no text, so what is wrong with it is told by path and not, as in a query, by offset.
"""

from dataclasses import dataclass

from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.files.load import RuleFile
from rulewright_schema.files.positions import KeyPath

__all__ = ["Located"]


@dataclass(frozen=True, slots=True)
class Located:
    """`problem` is about the value at `path` in a rule file (or its key); its span is set in the text of that value."""

    path: KeyPath
    problem: Diagnostic
    key: bool = False

    def placed(self, file: RuleFile) -> Diagnostic:
        """The problem at its place in the file."""
        return file.placed(self.problem, self.path, key=self.key)
