"""Expressions to typed expressions: what each name, literal and call is. Mistakes become diagnostics.

An expression with a mistake is the constant null of type UNKNOWN, which fits everywhere, so that one mistake is
reported once.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rulewright_engine.esql.analysis import search
from rulewright_engine.esql.analysis.plan import (
    Apply,
    Constant,
    Reference,
    TableColumns,
    Typed,
)
from rulewright_engine.esql.analysis.plan import Column as PlanColumn
from rulewright_engine.esql.analysis.scope import Scope, nearest_name, who_dropped
from rulewright_engine.esql.analysis.signatures import Call as TypedCall
from rulewright_engine.esql.analysis.signatures import bind, fold
from rulewright_engine.esql.analysis.warnings import becomes_null
from rulewright_engine.esql.functions import FUNCTIONS
from rulewright_engine.esql.functions.implied import IMPLIED, spelled_out
from rulewright_engine.esql.functions.registry import Function, FunctionKind, has_fixed_type
from rulewright_engine.esql.functions.traits import Element
from rulewright_engine.esql.functions.types import Type, widest
from rulewright_engine.esql.functions.unavailable import UNAVAILABLE
from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import (
    Call,
    Column,
    Expression,
    ListLiteral,
    Literal,
    MapLiteral,
    Star,
    TimeSpan,
    Unreadable,
)
from rulewright_engine.esql.syntax.timespans import Period, make_span
from rulewright_engine.evaluate.outside import Shape
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.operators import Operator
from rulewright_engine.languages.problems import Problems
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span

__all__ = ["Context", "Typer", "mistake"]


class Context:
    """What typing a query needs to know, and what it has found: `found` may hold a problem twice, where an expression
    is typed more than once.

    `has_events` is false behind ROW and STATS, `is_incomplete` true where something cannot be run offline. `loaded` are
    the columns of events that the query uses, by slot; `tables` those that it joins, `shapes` what is known of them
    by their names, and `kinds` the types that their fields are tried with, by label and name.
    """

    def __init__(
        self,
        text: str,
        fields: FieldTypes,
        now: int,
        found: Problems,
        shapes: Mapping[str, Shape],
        kinds: Mapping[tuple[str, str], str],
    ) -> None:
        self.text = text
        self.fields = fields
        self.now = now
        self.found = found
        self.has_events = True
        self.is_incomplete = False
        self.loaded: dict[int, PlanColumn] = {}
        self.shapes = shapes
        self.kinds = kinds
        self.tables: list[TableColumns] = []

    def use(self, column: PlanColumn) -> PlanColumn:
        """Note that the values of a column are needed."""
        if column.from_event:
            self.loaded[column.slot] = column
        return column

    def source(self, span: Span) -> str:
        return self.text[span.start : span.end]


def mistake(span: Span) -> Constant:
    """Stands for an expression that has been reported."""
    return Constant(None, Type.UNKNOWN, span)


class Typer:
    """Types expressions over the rows of one scope. `clause` says where they stand, as in "in WHERE"."""

    def __init__(self, context: Context, scope: Scope, clause: str) -> None:
        self.context = context
        self.scope = scope
        self.clause = clause

    def type(self, node: Expression) -> Typed:
        match node:
            case Literal(value, span):
                return Constant(value, _type_of_literal(value), span)
            case ListLiteral():
                return self._list(node)
            case TimeSpan(amount, unit, span):
                amount_of_time = make_span(amount, unit)
                is_period = isinstance(amount_of_time, Period)
                return Constant(amount_of_time, Type.DATE_PERIOD if is_period else Type.TIME_DURATION, span)
            case Column():
                return self.column(node)
            case Call():
                return self._call(node)
            case MapLiteral(span=span) | Star(span):
                self.context.found.append(problems.syntax(span, f"`{self.context.source(span)}` is no value here"))
                return mistake(span)
            case Unreadable(span):
                self.context.is_incomplete = True
                return mistake(span)

    def condition(self, node: Expression) -> Typed:
        """An expression that must be a boolean."""
        typed = self.type(node)
        if typed.type not in (Type.BOOLEAN, Type.NULL, Type.UNKNOWN):
            message = f"a condition must be true or false, not {typed.type.replace('_', ' ')}"
            self.context.found.append(problems.wrong_type(typed.span, message, help="compare it with something"))
            return mistake(typed.span)
        return typed

    def column(self, node: Column) -> Typed:
        found = self.scope.lookup(node.name)
        if found is None:
            self.context.found.append(self.unknown(node.name, node.span))
            return mistake(node.span)
        if found.field and (found.field.nested_in or found.field.flattened_in):
            self.context.found.append(problems.column_inside(node.span, node.name, found.field))
            return mistake(node.span)
        if found.type is Type.UNSUPPORTED:
            kind = found.field.elasticsearch_type if found.field else str(found.type)
            self.context.found.append(problems.column_unusable(node.span, node.name, kind))
            return mistake(node.span)
        return Reference(self.context.use(found), node.span)

    def unknown(self, name: str, span: Span) -> Diagnostic:
        """Why there is no such column."""
        nearest = nearest_name(self.scope, name, self.context.fields)
        dropped = who_dropped(self.scope, name)
        if dropped is not None:
            return problems.dropped_column(span, name, *dropped, nearest)
        return problems.unknown_column(span, name, nearest)

    def _list(self, node: ListLiteral) -> Constant:
        types = tuple(_type_of_literal(item.value) for item in node.items)
        type_ = types[0] if len(set(types)) == 1 else widest(types)
        if not all(each is type_ or each in (Type.INTEGER, Type.LONG, Type.DOUBLE) for each in types):
            self.context.found.append(problems.wrong_type(node.span, "the values of a list must be of one type"))
            return mistake(node.span)
        values = [float(item.value) if type_ is Type.DOUBLE else item.value for item in node.items]  # type: ignore[arg-type]
        return Constant(values if len(values) > 1 else values[0], type_, node.span)

    def _call(self, node: Call) -> Typed:
        if node.function in search.FUNCTIONS:
            return self._search(node)
        if node.function in IMPLIED:
            return self._implied(node)
        function = FUNCTIONS.get(node.function)
        if function is None:
            return self._unknown_function(node)
        if function.kind is FunctionKind.AGGREGATE:
            return self.aggregate(function, node)
        if function.kind is FunctionKind.GROUPING:
            return self.grouping(function, node)
        if self.clause == "in WHERE" and _matches_all(function, node):
            function = FUNCTIONS[Operator.IS_NOT_NULL]
            node = replace(node, function=function.name, arguments=node.arguments[:1])
        return self.apply(function, node, self.type)

    def _implied(self, node: Call) -> Typed:
        expression = spelled_out(node)
        if expression is None:
            wanted = IMPLIED[node.function]
            name = self.context.source(node.name)
            self.context.found.append(problems.wrong_count(node.name, name, len(node.arguments), wanted))
            return mistake(node.span)
        return self.type(expression)

    def _unknown_function(self, node: Call) -> Constant:
        name = self.context.source(node.name)
        why = UNAVAILABLE.get(node.function)
        if why is not None:
            self.context.is_incomplete = True
            self.context.found.append(problems.unsupported(node.name, f"`{name}`", why))
            return mistake(node.span)
        self.unknown_call(node)
        nearest = nearest_of(node.function, {*FUNCTIONS, *search.FUNCTIONS, *IMPLIED, *UNAVAILABLE} - set(Operator))
        self.context.found.append(problems.unknown_function(node.name, name, nearest))
        return mistake(node.span)

    def unknown_call(self, node: Call) -> None:
        """Look for mistakes in the arguments of a function that does not exist."""
        for argument in node.arguments:
            self.type(argument)

    def aggregate(self, function: Function, node: Call) -> Typed:
        self.context.found.append(problems.aggregate_misplaced(node.name, function.name, self.clause))
        return mistake(node.span)

    def grouping(self, function: Function, node: Call) -> Typed:
        self.context.found.append(problems.grouping_misplaced(node.name, function.name))
        return mistake(node.span)

    def apply(self, function: Function, node: Call, type_argument: Callable[[Expression], Typed]) -> Typed:
        """The call of a function that is none of the special ones, folded where it is constant."""
        if node.arguments and isinstance(node.arguments[-1], MapLiteral):
            return self._with_options(function, node, node.arguments[-1])
        arguments = tuple(type_argument(argument) for argument in node.arguments)
        bound = self.bind(function, node, arguments)
        if bound is None:
            return mistake(node.span)
        if any(argument.type is Type.UNKNOWN for argument in arguments) and _depends_on_types(function):
            return mistake(node.span)
        folded = fold(bound)
        if isinstance(folded, str):
            self.context.found.append(becomes_null(node.span, self.context.source(node.span), folded))
            return bound
        return folded or bound

    def _with_options(self, function: Function, node: Call, options: MapLiteral) -> Constant:
        name = self.context.source(node.name)
        if function.traits.takes_options:
            self.context.is_incomplete = True
            self.context.found.append(
                problems.unsupported(options.span, f"`{name}` with options", "they are not evaluated")
            )
        else:
            self.context.found.append(problems.syntax(options.span, f"`{name}` takes no options", help="remove them"))
        return mistake(node.span)

    def bind(self, function: Function, node: Call, arguments: tuple[Typed, ...]) -> Apply | None:
        text = self.context.source(node.span)
        name = self.context.source(node.name) if not node.infix else function.name.upper()
        bound = bind(TypedCall(function, name, node.name, arguments, node.span, text), self.context.now)
        if isinstance(bound, Diagnostic):
            if not any(argument.type is Type.UNKNOWN for argument in arguments) or bound.code in ("RW585", "RW588"):
                self.context.found.append(bound)
            return None
        return bound

    def _search(self, node: Call) -> Typed:
        if not self.context.has_events:
            self.context.found.append(problems.needs_events(node.name, node.function.upper()))
            return mistake(node.span)
        arguments = tuple(
            argument if isinstance(argument, MapLiteral) else self.type(argument) for argument in node.arguments
        )
        if any(not isinstance(argument, MapLiteral) and argument.type is Type.UNKNOWN for argument in arguments):
            return mistake(node.span)
        context = self.context
        resolver = search.Resolver(context.text, context.fields, context.now, context.found.append)
        test = resolver.resolve(node, arguments)
        if test is None:
            context.is_incomplete = True
            return mistake(node.span)
        return replace(test, span=node.span)


_MATCHES_ALL: dict[Element | None, re.Pattern[str]] = {
    Element.GLOB: re.compile(r"\*+"),
    Element.REGEX: re.compile(r"(?:\.\*|@)+"),
}


def _matches_all(function: Function, node: Call) -> bool:
    """Whether a pattern matches every text. As a filter such a test is IS NOT NULL: its NOT keeps empty rows."""
    element = function.traits.element
    if element not in _MATCHES_ALL:
        return False
    patterns = [each for each in node.arguments[1:] if isinstance(each, Literal)]
    return any(_MATCHES_ALL[element].fullmatch(str(pattern.value)) for pattern in patterns)


def _depends_on_types(function: Function) -> bool:
    results = {signature.result for signature in function.signatures}
    return len(results) > 1 or not all(map(has_fixed_type, function.signatures))


def _type_of_literal(value: str | int | float | bool | None) -> Type:
    match value:
        case None:
            return Type.NULL
        case bool():
            return Type.BOOLEAN
        case str():
            return Type.KEYWORD
        case float():
            return Type.DOUBLE
        case int():
            if -(2**31) <= value < 2**31:
                return Type.INTEGER
            return Type.LONG if -(2**63) <= value < 2**63 else Type.UNSIGNED_LONG if 0 <= value < 2**64 else Type.DOUBLE
