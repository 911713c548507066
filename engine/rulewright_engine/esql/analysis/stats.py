"""STATS and INLINE STATS: grouping keys, aggregates, and expressions over both."""

from rulewright_engine.esql.analysis.plan import (
    Aggregate,
    AggregateStep,
    Assign,
    Column,
    Reference,
    Segment,
    Typed,
)
from rulewright_engine.esql.analysis.scope import Defined, Only, Scope
from rulewright_engine.esql.analysis.typing import Context, Typer, mistake
from rulewright_engine.esql.functions.aggregates import Aggregation
from rulewright_engine.esql.functions.registry import Function
from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import (
    Assignment,
    Call,
    Expression,
    InlineStats,
    Star,
    Stats,
)
from rulewright_engine.esql.syntax.ast import Column as ColumnNode

__all__ = ["analyze_stats"]


def analyze_stats(
    context: Context, scope: Scope, segment: Segment, command: Stats | InlineStats
) -> tuple[AggregateStep, Scope, Segment]:
    """The step, the scope behind it, and the segment of the rows it makes."""
    return _Stats(context, scope, segment, command).analyze()


class _Stats:
    def __init__(self, context: Context, scope: Scope, segment: Segment, command: Stats | InlineStats) -> None:
        self.context = context
        self.command = command
        self.inline = isinstance(command, InlineStats)
        self.name = "INLINE STATS" if self.inline else "STATS"
        self.scope = scope
        self.segment = segment  # of the rows that come in
        self.result = Segment()  # of the rows that go out
        self.groups = {_group_name(each): each for each in command.by}
        self.before: list[Assign] = []
        self.keys: list[tuple[int, int]] = []
        self.grouped: dict[str, Column] = {}  # grouping columns of the new row, by name
        self.expressions: dict[Expression, Column] = {}  # and by the expression that they are
        self.aliases: dict[str, Column] = {}  # grouping columns of the old row: aggregates may use them
        self.aggregates: list[Aggregate] = []
        self.after: list[Assign] = []
        self.columns: dict[str, Column] = {}

    def analyze(self) -> tuple[AggregateStep, Scope, Segment]:
        for assignment in self.command.by:
            self._group(assignment)
        rows = Defined(self.aliases, self.scope, self.scope.command)
        for assignment in self.command.aggregates:
            self._aggregate(assignment, rows)
        names = {name: column for name, column in self.columns.items() if name not in self.grouped} | self.grouped
        copied: tuple[tuple[int, int], ...] = ()
        if self.inline:
            names, copied = self._joined(names)
        step = AggregateStep(
            tuple(self.before),
            tuple(self.keys),
            tuple(self.aggregates),
            tuple(self.after),
            self.result,
            self.command.span,
            self.inline,
            copied,
        )
        command = (self.name, self.command.span)
        return (
            step,
            Defined(names, self.scope, command) if self.inline else Only(names, self.scope, command),
            self.result,
        )

    def _joined(self, names: dict[str, Column]) -> tuple[dict[str, Column], tuple[tuple[int, int], ...]]:
        """The columns of INLINE STATS in the old row; grouping columns are already there."""
        joined: dict[str, Column] = {}
        copied: list[tuple[int, int]] = []
        for name, column in names.items():
            if name in self.aliases:
                joined[name] = self.aliases[name]
                continue
            joined[name] = Column(name, column.type, self.segment.new_slot())
            copied.append((column.slot, joined[name].slot))
        return joined, tuple(copied)

    def _group(self, assignment: Assignment) -> None:
        """One grouping column; of two with one name only the later groups."""
        typed = _GroupTyper(self.context, self.scope, "in BY").type(assignment.expression)
        name = _group_name(assignment)
        if self.groups[name] is not assignment:
            self._warn_of_shadowing(assignment)
            return
        if typed.type not in GROUPS["any"] and typed.type is not Type.UNKNOWN:
            message = f"rows cannot be grouped by {typed.type.replace('_', ' ')}"
            self.context.found.append(
                problems.wrong_type(typed.span, message, help="group by a column that holds values")
            )
        if isinstance(typed, Reference):
            old = typed.column
        else:
            old = Column(name, typed.type, self.segment.new_slot())
            self.before.append(Assign(old.slot, typed))
        type_ = Type.KEYWORD if typed.type is Type.TEXT and not isinstance(typed, Reference) else typed.type
        new = Column(name, type_, self.result.new_slot())
        self.keys.append((old.slot, new.slot))
        self.grouped[name] = new
        self.expressions[assignment.expression] = new
        self.aliases[name] = old

    def _aggregate(self, assignment: Assignment, rows: Scope) -> None:
        name = assignment.name.text
        where = None
        if assignment.where is not None:
            where = Typer(self.context, rows, f"in the WHERE of {self.name}").condition(assignment.where)
        typer = _AggregateTyper(self, rows, where)
        typed = typer.type(assignment.expression)
        if not typer.found and isinstance(typed, Reference):  # an expression of grouping columns is none of them
            text = self.context.source(assignment.expression.span)
            self.context.found.append(problems.not_an_aggregate(assignment.expression.span, text, self.name))
        self._warn_of_shadowing(assignment)
        if isinstance(typed, Reference) and typed.column.name == "":
            column = Column(name, typed.type, typed.column.slot)
        else:
            column = Column(name, typed.type, self.result.new_slot())
            self.after.append(Assign(column.slot, typed))
        self.columns.pop(name, None)
        self.columns[name] = column

    def _warn_of_shadowing(self, assignment: Assignment) -> None:
        name = assignment.name.text
        later = [other for other in (*self.command.aggregates, *self.command.by) if other.name.text == name]
        if len(later) > 1 and later[-1] is not assignment:
            self.context.found.append(problems.shadowed(assignment.name.span, name, later[-1].name.span))

    def add(
        self,
        function: Function,
        aggregation: Aggregation,
        arguments: tuple[Typed, ...],
        where: Typed | None,
        node: Call,
    ) -> int:
        slot = self.result.new_slot()
        self.aggregates.append(Aggregate(function, aggregation, arguments, where, slot, node.span))
        return slot


def _group_name(assignment: Assignment) -> str:
    if isinstance(assignment.expression, ColumnNode) and not assignment.named:
        return assignment.expression.name
    return assignment.name.text


class _GroupTyper(Typer):
    """Expressions of BY: the functions that make buckets may stand here, at the top."""

    def grouping(self, function: Function, node: Call) -> Typed:
        return self.apply(function, node, Typer(self.context, self.scope, self.clause).type)


class _AggregateTyper(Typer):
    """Expressions over aggregates: outside of an aggregate only grouping columns and constants may stand."""

    def __init__(self, stats: _Stats, rows: Scope, where: Typed | None) -> None:
        super().__init__(stats.context, rows, f"in {stats.name}")
        self.stats = stats
        self.where = where
        self.found = False

    def type(self, node: Expression) -> Typed:
        grouped = self.stats.expressions.get(node) if not isinstance(node, ColumnNode) else None
        if grouped is not None:
            return Reference(grouped, node.span)
        return super().type(node)

    def column(self, node: ColumnNode) -> Typed:
        grouped = self.stats.grouped.get(node.name)
        if grouped is not None:
            return Reference(grouped, node.span)
        if self.scope.lookup(node.name) is None:
            self.context.found.append(self.unknown(node.name, node.span))
        else:
            self.context.found.append(problems.column_not_grouped(node.span, node.name))
        return mistake(node.span)

    def unknown_call(self, node: Call) -> None:
        Typer(self.context, self.scope, self.clause).unknown_call(node)  # it may have been meant as an aggregate

    def aggregate(self, function: Function, node: Call) -> Typed:
        self.found = True
        inner = _InnerTyper(self.context, self.scope, function.name)
        starred = node.arguments and isinstance(node.arguments[0], Star)
        if starred and (not function.traits.counts_rows or len(node.arguments) > 1):
            self.context.found.append(problems.syntax(node.arguments[0].span, f"`{function.name}` cannot count `*`"))
            return mistake(node.span)
        arguments = () if starred else tuple(inner.type(argument) for argument in node.arguments)
        bound = self.bind(function, node, arguments)
        if bound is None:
            return mistake(node.span)
        aggregation: Aggregation = bound.run  # type: ignore[assignment]
        per_row = () if aggregation.counts_rows else bound.arguments[: aggregation.per_row]
        slot = self.stats.add(function, aggregation, per_row, self.where, node)
        return Reference(Column("", bound.type, slot), node.span)


class _InnerTyper(Typer):
    """The arguments of an aggregate: expressions over the rows that come in."""

    def aggregate(self, function: Function, node: Call) -> Typed:
        self.context.found.append(problems.aggregate_nested(node.name, function.name))
        return mistake(node.span)
