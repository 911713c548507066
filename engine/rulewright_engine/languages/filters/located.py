"""A problem and the place of the value that has it."""

from dataclasses import dataclass, replace

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
        if self.problem.span is not None:
            return self.problem.relocated(file.name, file.place(self.path))
        return replace(self.problem, path=file.name, span=file.span_of(self.path, key=self.key))
