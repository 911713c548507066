"""From a file to a `RuleFile`: the text, the data, the typed rule, and what is wrong with them."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import tomli

from rulewright_schema.codes.files import (
    BYTE_ORDER_MARK,
    EMPTY,
    NO_RULE_TABLE,
    NOT_TEXT,
    NOT_TOML,
    TOO_DEEP,
    TOO_LARGE,
    UNREADABLE,
)
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Level, first_of_each_code
from rulewright_schema.files.build import build_rule
from rulewright_schema.files.positions import KeyPath, Positions, scan
from rulewright_schema.files.structure import is_buildable, structure_problems
from rulewright_schema.files.toml_errors import toml_problem
from rulewright_schema.limits import MAX_FILE_DEPTH, MAX_FILE_SIZE
from rulewright_schema.rule import Rule
from rulewright_schema.source import Source, Span

__all__ = ["QUERY", "RuleFile", "load_bytes", "load_rule", "load_text"]

QUERY: KeyPath = ("rule", "query")
"""Where a rule file holds the query of its rule."""


@dataclass(frozen=True, repr=False)
class RuleFile:
    """One file and all that was found in it.

    `data` is empty when the file is no TOML with a `[rule]` table. `rule` is None when its data have not the shape of
    a rule; it may be there although `diagnostics` holds errors (an unknown key, say), so that one mistake does not
    hide the others. Ask `has_errors` before relying on the rule as a whole.
    """

    source: Source
    data: Mapping[str, Any] = field(default_factory=dict)
    rule: Rule | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def __repr__(self) -> str:
        return f"RuleFile({self.name!r})"

    @property
    def name(self) -> str:
        """The path as it is shown to people: relative to the working directory where it lies below it."""
        return self.source.name

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.level is Level.ERROR for diagnostic in self.diagnostics)

    @property
    def is_deprecated(self) -> bool:
        """Deprecated rules are history: problems in them are notes."""
        metadata = self.data.get("metadata")
        return isinstance(metadata, dict) and metadata.get("maturity") == "deprecated"

    @cached_property
    def positions(self) -> Positions:
        return scan(self.source.text)

    def span_of(self, path: KeyPath, *, key: bool = False) -> Span:
        """The place of the value (or key) at `path`, else of the nearest table around it."""
        return self.positions.span_of(path, key=key)

    def place(self, path: KeyPath) -> Callable[[Span], Span]:
        """A function from spans in the text value at `path` (a query, say) to spans in the file.

        The file is not scanned before the function is called, which happens only when there is something to report.
        """
        mapping = cache(lambda: self.positions.place(path))
        return lambda span: mapping()(span)

    def placed(self, problem: Diagnostic, path: KeyPath = QUERY, *, key: bool = False) -> Diagnostic:
        """A problem with the text at `path`, its spans set in that text, at its place in the file.

        One without a span is about the whole value, or its key; what else it points at is set in the file already.
        """
        if problem.span is None:
            return replace(problem, path=self.name, span=self.span_of(path, key=key))
        return problem.relocated(self.name, self.place(path))


def load_rule(path: str | Path) -> RuleFile:
    """Read a rule file. Never raises for bad input: what keeps it from being read is its one diagnostic."""
    name = _shown(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_FILE_SIZE + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        return _unusable(
            Source(name, ""), UNREADABLE.report(f"cannot read `{name}`: {reason}", help="give a rule file or a folder")
        )
    return load_bytes(content, name)


def load_bytes(content: bytes, name: str) -> RuleFile:
    """Read a rule from the content of a file. Never raises for bad input."""
    if len(content) > MAX_FILE_SIZE:
        return _unusable(
            Source(name, ""),
            TOO_LARGE.report(
                f"larger than {MAX_FILE_SIZE // 1024**2} MiB", help="split the rule, or shorten its texts"
            ),
        )
    try:
        return load_text(content.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        return _not_text(content, name, error)


def load_text(text: str, name: str = "<rule>") -> RuleFile:
    """Read a rule from its text. Never raises for bad input."""
    source = Source(name, text)
    if not text.strip():
        return _unusable(source, EMPTY.report("the file is empty", Span(0, 0), help="`rulewright new` writes a rule"))
    if text.startswith("\ufeff"):
        return _unusable(source, _byte_order_mark())
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        return _unusable(source, toml_problem(source, error))
    except ValueError:  # an integer of thousands of digits
        return _unusable(source, NOT_TOML.report("invalid TOML: a number is too long", Span(0, 0), help="shorten it"))
    except RecursionError:
        return _unusable(source, _too_deep())
    if _is_deeper(data, MAX_FILE_DEPTH):
        return _unusable(source, _too_deep())
    if not isinstance(data.get("rule"), dict):
        help_ = "put the rule's own keys under a `[rule]` header"
        return _unusable(source, NO_RULE_TABLE.report("no `[rule]` table", Span(0, 0), help=help_))
    return _checked(RuleFile(source, data))


def _checked(file: RuleFile) -> RuleFile:
    """The file with its structure judged and, where its shape allows, its rule built."""
    problems = first_of_each_code(structure_problems(file.data, file.span_of))
    if file.is_deprecated:
        problems = tuple(replace(problem, level=Level.NOTE) for problem in problems)
    rule = _built(file, problems)
    diagnostics = tuple(replace(problem, path=file.name) for problem in problems)
    return replace(file, rule=rule, diagnostics=diagnostics)


def _built(file: RuleFile, problems: Sequence[Diagnostic]) -> Rule | None:
    """The rule, or None when a problem that was already found keeps it from being built."""
    if not problems:
        return build_rule(file.data)  # Invariant: what the schema accepts can be built, so no file is lost in silence
    if not is_buildable(problems):
        return None
    try:
        return build_rule(file.data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None


def _unusable(source: Source, problem: Diagnostic) -> RuleFile:
    return RuleFile(source, diagnostics=(replace(problem, path=source.name),))


def _not_text(content: bytes, name: str, error: UnicodeDecodeError) -> RuleFile:
    if b"\0" in content[:8192]:
        return _unusable(Source(name, ""), NOT_TEXT.report("binary data, not text", help="give a TOML file in UTF-8"))
    at = len(content[: error.start].decode("utf-8"))
    return _unusable(
        Source(name, content.decode("utf-8", errors="replace")),
        NOT_TEXT.report(
            "not UTF-8", Span(at, at + 1), label="this byte has no meaning there", help="save the file as UTF-8"
        ),
    )


def _byte_order_mark() -> Diagnostic:
    mark = Span(0, 1)
    return BYTE_ORDER_MARK.report(
        "the file starts with a byte order mark",
        mark,
        help="save it as UTF-8 without a byte order mark",
        fix=Fix((Edit(mark, ""),), safe=True),
    )


def _too_deep() -> Diagnostic:
    return TOO_DEEP.report(
        f"nested deeper than {MAX_FILE_DEPTH} levels", Span(0, 0), help="flatten the tables and arrays"
    )


def _is_deeper(data: Any, limit: int) -> bool:
    level = [data]
    for _ in range(limit):
        level = [child for value in level for child in _children(value) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def _shown(path: str | Path) -> str:
    """`path` relative to the working directory where it lies below it, with forward slashes."""
    absolute, here = os.path.abspath(path), os.getcwd()  # noqa: PTH100, PTH109  (ten times faster than pathlib)
    below = absolute.removeprefix(here.rstrip(os.sep) + os.sep)
    return (below if below != absolute else str(path)).replace(os.sep, "/")
