"""Lowers a statement to a `Query`: the category becomes a condition, keys and counts are checked (semantics B1)."""

from collections.abc import Sequence as Items

from rulewright_engine.ir.expression import (
    Condition,
    Equals,
    Field,
    FieldType,
    Leaf,
    Literal,
    Value,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import (
    EventQuery,
    Pipe,
    Query,
    QueryOptions,
    Sample,
    Sequence,
    Stage,
)
from rulewright_engine.languages import field_codes
from rulewright_engine.languages.eql import ast, codes
from rulewright_engine.languages.eql.conditions import Conditions, conjunction
from rulewright_engine.languages.eql.literals import KIND_NAMES, TEXTUAL, Typed
from rulewright_engine.languages.eql.printer import quote, text_of
from rulewright_engine.languages.eql.values import Values
from rulewright_engine.languages.problems import Problems
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.wording import quoted

__all__ = ["lower"]


def lower(statement: ast.Statement, fields: FieldTypes, options: QueryOptions, problems: Problems) -> Query | None:
    """The typed query; None where it is wrong, or valid but of a form that evaluation does not know.

    Wrong syntax is typed, too, as far as it was mended. One mistake, one problem: what typing says of a place that is
    wrong already is left out.
    """
    of_syntax = tuple(problems)
    query = _Lowering(fields, options, problems).statement(statement)
    is_executable = not any(map(_is_fatal, problems))
    problems.withdraw(len(of_syntax), lambda problem: any(_overlap(problem, other) for other in of_syntax))
    return query if is_executable else None


def _is_fatal(problem: Diagnostic) -> bool:
    """Whether Elasticsearch refuses the query, as it does one on an unknown field, or evaluation cannot run it."""
    return problem.level is Level.ERROR or problem.code == codes.NOT_EXECUTABLE.code


def _overlap(one: Diagnostic, other: Diagnostic) -> bool:
    if one.span is None or other.span is None:
        return False
    return one.span.start < other.span.end and other.span.start < one.span.end


class _Lowering:
    def __init__(self, fields: FieldTypes, options: QueryOptions, problems: Problems) -> None:
        self._fields = fields
        self._problems = problems
        self._category_field = options.event_category_field
        self._values = Values(fields, problems)
        self._conditions = Conditions(self._values, now=options.now)

    def statement(self, statement: ast.Statement) -> Query:
        pipes = tuple(self._pipe(pipe) for pipe in statement.pipes)
        match statement.body:
            case ast.EventFilter():
                return EventQuery(self._filter(statement.body), pipes)
            case ast.Sequence():
                return self._sequence(statement.body, pipes)
            case ast.Sample():
                return self._sample(statement.body, pipes)

    # Events

    def _filter(self, event_filter: ast.EventFilter) -> Condition:
        condition = self._conditions.lower(event_filter.condition)
        if event_filter.category is None:
            return condition
        return conjunction([self._category(event_filter), condition], event_filter.span)

    def _category(self, event_filter: ast.EventFilter) -> Leaf:
        name, span = self._category_field, event_filter.category_span
        info = self._fields.lookup(name)
        if info is None:
            self._problems.report(
                field_codes.UNKNOWN_FIELD,
                span,
                f"the event category needs the field `{name}`, which is unknown",
                help="write `any where`, or name another event category field",
            )
        category = event_filter.category or ""
        field = info.field(span=span) if info else Field(name, FieldType.NULL, span=span)
        return Leaf(field, Equals(category), f"{name} == {quote(category)}", span)

    # Sequences and samples

    def _sequence(self, sequence: ast.Sequence, pipes: tuple[Pipe, ...]) -> Sequence:
        terms = (*sequence.terms, sequence.until) if sequence.until else sequence.terms
        stages = self._stages(sequence.keys, terms)
        self._check_missing(sequence)
        until = stages.pop() if sequence.until else None
        return Sequence(tuple(stages), sequence.maxspan, until, pipes)

    def _sample(self, sample: ast.Sample, pipes: tuple[Pipe, ...]) -> Sample:
        stages = self._stages(sample.keys, sample.terms)
        if not any(stage.keys for stage in stages):
            self._problems.report(
                codes.SEQUENCE_SHAPE,
                sample.span,
                "sample has no join key",
                help="write `sample by host.id [...] [...]`",
            )
        return Sample(tuple(stages), pipes)

    def _check_missing(self, sequence: ast.Sequence) -> None:
        missing = [term for term in sequence.terms if term.missing]
        if missing and sequence.maxspan is None:
            self._problems.report(
                codes.SEQUENCE_SHAPE,
                missing[0].span,
                "a missing event needs a time span",
                help="write `with maxspan=5m` behind `sequence`",
            )
        if missing and len(missing) == len(sequence.terms):
            self._problems.report(
                codes.SEQUENCE_SHAPE,
                missing[0].span,
                "sequence has only missing events",
                help="add a stage that must occur",
            )
        for term in missing:
            if term.runs > 1:
                self._problems.report(
                    codes.SEQUENCE_SHAPE, term.span, "a missing event cannot run", help="remove `with runs`"
                )

    def _stages(self, shared: Items[ast.FieldName], terms: Items[ast.Term]) -> list[Stage]:
        shared_keys = [self._values.field(key) for key in shared]
        first: list[tuple[ast.FieldName, Typed]] = []
        stages: list[Stage] = []
        for position, term in enumerate(terms):
            own = [(key, self._values.field(key)) for key in term.keys]
            if position == 0:
                first = own
            else:
                self._check_keys(first, own, term)
            keys: tuple[Value, ...] = tuple(typed.value for typed in (*shared_keys, *(typed for _, typed in own)))
            condition = self._filter(term.filter)
            stages.append(Stage(condition, keys, term.runs, term.missing, term.span))
        return stages

    def _check_keys(
        self, first: Items[tuple[ast.FieldName, Typed]], own: Items[tuple[ast.FieldName, Typed]], term: ast.Term
    ) -> None:
        if len(first) != len(own):
            span = own[0][0].span.to(own[-1][0].span) if own else term.span
            self._problems.report(
                codes.SEQUENCE_SHAPE,
                span,
                f"stage has {len(own)} keys of its own, the first stage {len(first)}",
                help="give every stage, and `until`, the same number of keys",
            )
            return
        for (name, typed), (key, found) in zip(first, own, strict=True):
            if not _are_comparable(typed.type, found.type):
                self._problems.report(
                    codes.SEQUENCE_SHAPE,
                    key.span,
                    f"{quoted(key.text)} can never equal {quoted(name.text)}",
                    label=f"this is {KIND_NAMES[found.type]}, the other {KIND_NAMES[typed.type]}",
                    help="join by fields of the same type",
                )

    # Pipes

    def _pipe(self, pipe: ast.Pipe) -> Pipe:
        value = self._values.typed(pipe.count).value
        count = value.value if isinstance(value, Literal) else None
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            self._problems.report(
                codes.PIPE_COUNT,
                pipe.count.span,
                f"{quoted(text_of(pipe.count))} is no count",
                help=f"write a positive integer: `| {pipe.name} 5`",
            )
            count = 0
        return Pipe(pipe.name, count, pipe.span)


def _are_comparable(one: FieldType, other: FieldType) -> bool:
    if FieldType.NULL in (one, other) or one is other:
        return True
    numeric = {FieldType.LONG, FieldType.DOUBLE}
    return {one, other} <= TEXTUAL or {one, other} <= numeric
