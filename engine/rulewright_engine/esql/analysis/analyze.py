"""The whole analysis of a query: its typed steps, the columns after each, and every mistake as a diagnostic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rulewright_engine.esql.analysis.commands import CommandTyper
from rulewright_engine.esql.analysis.plan import (
    Column,
    Plan,
    ReadEvents,
    Step,
    TableColumns,
)
from rulewright_engine.esql.analysis.scope import (
    Scope,
    close_tables,
)
from rulewright_engine.esql.analysis.typing import Context
from rulewright_engine.esql.syntax.ast import (
    Query,
)
from rulewright_engine.esql.syntax.codes import TYPE
from rulewright_engine.esql.syntax.parser import parse
from rulewright_engine.evaluate.outside import Shape
from rulewright_engine.ir.fields import FieldInfo, FieldTypes, family_of
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.diagnostics import Diagnostic

__all__ = ["Analysis", "analyze"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A typed query. `runs` is false where it has errors or needs what no offline run has.

    `scopes` are the columns after each command, `loaded` those that are read from events, by slot, and `tables` what
    is joined. `diagnostics` are the problems that are told, `type_errors` counts them all.
    """

    query: Query
    steps: tuple[Step, ...]
    scopes: tuple[Scope, ...]
    loaded: Mapping[int, Column]
    tables: tuple[TableColumns, ...]
    diagnostics: tuple[Diagnostic, ...]
    type_errors: int
    runs: bool

    @property
    def inferred(self) -> tuple[str, ...]:
        """The used fields whose type no schema states."""
        return tuple(column.name for column in self.loaded.values() if column.field and column.field.inferred)

    @property
    def guessed(self) -> tuple[tuple[str, str], ...]:
        """The fields of joined tables whose type nothing states, each with the label of its table."""
        return tuple(
            (table.label, info.name) for table in self.tables for _, info in table.columns.values() if info.inferred
        )

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


def analyze(
    text: str, fields: FieldTypes, *, now: int = REFERENCE_TIME, shapes: Iterable[tuple[str, Shape]] = ()
) -> Analysis:
    """Parse and type a whole query. Never raises for bad input; spans are offsets into `text`.

    `shapes` are those of the tables that a run joins, as far as it has them.
    """
    misread = Problems()
    query = parse(text, misread)
    given = _Given(misread, fields, now, dict(shapes))
    found = _analyze(query, given)
    return _typed_by_use(found, given) if found.type_errors and (found.inferred or found.guessed) else found


@dataclass(frozen=True, slots=True)
class _Given:
    """What a query is typed with. `misread` is what is wrong with its syntax."""

    misread: Problems
    fields: FieldTypes
    now: int
    shapes: Mapping[str, Shape]
    kinds: Mapping[tuple[str, str], str] = field(default_factory=dict)


def _analyze(query: Query, given: _Given) -> Analysis:
    found = Problems(given.misread)
    analyzer = CommandTyper(Context(query.text, given.fields, given.now, found, given.shapes, given.kinds))
    for setting in query.settings:
        analyzer.setting(setting)
    for command in query.commands:
        analyzer.command(command)
    close_tables(analyzer.scope if analyzer.scopes else None)
    return Analysis(
        query,
        tuple(analyzer.steps),
        tuple(analyzer.scopes),
        analyzer.context.loaded,
        tuple(analyzer.context.tables),
        found.in_order(),
        type_errors=len({problem for problem in found if problem.code == TYPE.code}),
        runs=not found.has_errors and not analyzer.context.is_incomplete,
    )


_TRIED = ("keyword", "long", "double", "boolean")


def _typed_by_use(found: Analysis, given: _Given) -> Analysis:
    """The analysis with other types for fields that no schema defines, where that removes type errors."""
    types: dict[str, str] = {}
    for name in found.inferred:
        for type_ in _TRIED:
            tried = _analyze(found.query, replace(given, fields=_Retyped(given.fields, {**types, name: type_})))
            if tried.type_errors < found.type_errors:
                found, types = tried, {**types, name: type_}
                break
    given = replace(given, fields=_Retyped(given.fields, types)) if types else given
    for key in found.guessed if found.type_errors else ():
        for type_ in (*_TRIED, "date", "ip"):
            changed = replace(given, kinds={**given.kinds, key: type_})
            tried = _analyze(found.query, changed)
            if tried.type_errors < found.type_errors:
                found, given = tried, changed
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
