"""What a check is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from rulewright_schema.codes.code import Code
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic, Fix, Label
from rulewright_schema.files.load import QUERY, RuleFile
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.rule import Rule
from rulewright_schema.source import Span

__all__ = ["Collection", "RuleContext"]


@dataclass(frozen=True)
class RuleContext:
    """One rule, the file it stands in, and the project's settings (with the field catalogue and ATT&CK)."""

    file: RuleFile
    rule: Rule
    config: Config

    def report(
        self,
        code: Code,
        path: KeyPath,
        message: str,
        *,
        key: bool = False,
        part: Span | None = None,
        label: str = "",
        help: str = "",  # noqa: A002  (the name of the field it fills)
        note: str = "",
        secondary: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> Diagnostic:
        """A problem with the value at `path`, with its key, or with `part` of it (offsets in a text value, and so are
        then those of `secondary` and `fix`)."""
        problem = code.report(message, part, label=label, help=help, note=note, secondary=secondary, fix=fix)
        return self.file.placed(problem, path, key=key)

    def report_in_query(
        self,
        code: Code,
        span: Span,
        message: str,
        *,
        help: str,  # noqa: A002  (the name of the field it fills)
        note: str = "",
        secondary: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> Diagnostic:
        """A problem at a place in the query of the rule, whatever its language."""
        return self.report(code, QUERY, message, part=span, help=help, note=note, secondary=secondary, fix=fix)


@dataclass(frozen=True)
class Collection:
    """All rules that are checked together, for checks that compare them."""

    files: Sequence[RuleFile]
    config: Config

    @property
    def rules(self) -> list[RuleContext]:
        """Those that could be read as a rule."""
        return [RuleContext(file, file.rule, self.config) for file in self.files if file.rule is not None]
