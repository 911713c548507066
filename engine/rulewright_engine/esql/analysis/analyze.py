"""The whole analysis of a query: its typed steps, the columns after each, and every mistake as a diagnostic."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rulewright_engine.esql.analysis.commands import CommandTyper
from rulewright_engine.esql.analysis.plan import (
    Column,
    Plan,
    ReadEvents,
    Step,
)
from rulewright_engine.esql.analysis.scope import (
    Scope,
)
from rulewright_engine.esql.analysis.typing import Context
from rulewright_engine.esql.syntax.ast import (
    Query,
)
from rulewright_engine.esql.syntax.codes import TYPE
from rulewright_engine.esql.syntax.parser import parse
from rulewright_engine.ir.fields import FieldInfo, FieldTypes, family_of
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.diagnostics import Diagnostic

__all__ = ["Analysis", "analyze"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A typed query. `runs` is false where it has errors or needs what no offline run has.

    `scopes` are the columns after each command, `loaded` those that are read from events, by slot. `diagnostics` are
    the problems that are told, `type_errors` counts them all.
    """

    query: Query
    steps: tuple[Step, ...]
    scopes: tuple[Scope, ...]
    loaded: Mapping[int, Column]
    diagnostics: tuple[Diagnostic, ...]
    type_errors: int
    runs: bool

    @property
    def inferred(self) -> tuple[str, ...]:
        """The used fields whose type no schema states."""
        return tuple(column.name for column in self.loaded.values() if column.field and column.field.inferred)

    def plan(self) -> Plan:
        """What to run. Only of an analysis that `runs`; enumerates the columns of the result."""
        scope = self.scopes[-1]
        found = [(name, column) for name in scope.names() if (column := scope.lookup(name)) is not None]
        first, *rest = self.steps
        if isinstance(first, ReadEvents):
            shown = {column.slot: column for _, column in found if column.from_event and column.slot not in self.loaded}
            first = replace(first, columns=tuple(self.loaded.values()), late=tuple(shown.values()))
        columns = (Column(name, column.type, column.slot, column.field) for name, column in found)
        return Plan(self.query, (first, *rest), tuple(columns))


def analyze(text: str, fields: FieldTypes, *, now: int = REFERENCE_TIME) -> Analysis:
    """Parse and type a whole query. Never raises for bad input; spans are offsets into `text`."""
    misread = Problems()
    query = parse(text, misread)
    found = _analyze(query, misread, fields, now)
    return _typed_by_use(found, misread, fields, now) if found.type_errors and found.inferred else found


def _analyze(query: Query, misread: Problems, fields: FieldTypes, now: int) -> Analysis:
    """Type a query; `misread` is what is wrong with its syntax."""
    found = Problems(misread)
    analyzer = CommandTyper(Context(query.text, fields, now, found))
    for setting in query.settings:
        analyzer.setting(setting)
    for command in query.commands:
        analyzer.command(command)
    return Analysis(
        query,
        tuple(analyzer.steps),
        tuple(analyzer.scopes),
        analyzer.context.loaded,
        found.in_order(),
        type_errors=len({problem for problem in found if problem.code == TYPE.code}),
        runs=not found.has_errors and not analyzer.context.is_incomplete,
    )


def _typed_by_use(found: Analysis, misread: Problems, fields: FieldTypes, now: int) -> Analysis:
    """The analysis with other types for fields that no schema defines, where that removes type errors."""
    types: dict[str, str] = {}
    for name in found.inferred:
        for type_ in ("keyword", "long", "double", "boolean"):
            tried = _analyze(found.query, misread, _Retyped(fields, {**types, name: type_}), now)
            if tried.type_errors < found.type_errors:
                found, types = tried, {**types, name: type_}
                break
    return found


@dataclass(frozen=True, slots=True)
class _Retyped:
    """Fields of which some have another type."""

    fields: FieldTypes
    types: Mapping[str, str]

    def lookup(self, name: str) -> FieldInfo | None:
        if name in self.types:
            return FieldInfo(name, self.types[name], family_of(self.types[name]), inferred=True)
        return self.fields.lookup(name)

    def nearest(self, name: str) -> str | None:
        return self.fields.nearest(name)

    def matching(self, pattern: str) -> tuple[str, ...]:
        return self.fields.matching(pattern)
