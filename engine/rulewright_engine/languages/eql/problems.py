"""Mistakes in words, one function each: what does not fit into an expression, and values that cannot stand there."""

from rulewright_engine.evaluate.functions import FUNCTIONS, Function, Parameter
from rulewright_engine.evaluate.functions.registry import BOOLEAN, TEXT, described
from rulewright_engine.evaluate.functions.registry import NUMBER as NUMERIC
from rulewright_engine.ir.expression import Field, FieldType
from rulewright_engine.ir.fields import FieldInfo
from rulewright_engine.languages import field_codes
from rulewright_engine.languages.eql import ast, codes
from rulewright_engine.languages.eql.cursor import Cursor
from rulewright_engine.languages.eql.literals import KIND_NAMES, Typed
from rulewright_engine.languages.eql.printer import text_of
from rulewright_engine.languages.eql.tokens import NAME, NUMBER, STRING, VALUE_STARTS, Token
from rulewright_engine.languages.problems import Problems
from rulewright_schema.diagnostics import Edit, Fix
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = [
    "array_index",
    "chained_comparison",
    "chained_predicate",
    "empty_list",
    "foreign_equality",
    "foreign_relation",
    "invalid_network",
    "keyword_as_field",
    "keyword_in_field",
    "leftover",
    "list_for_value",
    "misfit",
    "misplaced_not",
    "missing_comma",
    "missing_value",
    "no_insensitive_form",
    "unknown_field",
    "unknown_function",
    "unsearchable_field",
    "unsupported_field",
    "wrong_argument",
    "wrong_count",
]

_SPELLINGS = [function.spelling for _, function in sorted(FUNCTIONS.items()) if function.spelling]

_FOREIGN = {
    "wildcard": 'use `:` or `like`: `field : ("a*", "b?")`',
    "match": 'use `regex` or `regex~`: `field regex~ "a.*"`',
    "matchlite": 'use `regex` or `regex~`: `field regex~ "a.*"`',
    "arraycontains": "use `==` or `in`: a condition on an array holds if any value meets it",
    "arraysearch": "put the condition on the field: it holds if any value of the array meets it",
    "arraycount": "there is no counterpart: an array cannot be counted",
    "safe": "remove it: a function of null is null",
}
"""Functions of Endgame's EQL, and what takes their place."""

_EXAMPLES = {
    FieldType.LONG: "write a number, such as `443`",
    FieldType.DOUBLE: "write a number, such as `0.5`",
    FieldType.BOOLEAN: "write `true` or `false`",
    FieldType.DATE: 'write a date such as `"2024-01-31T08:00:00Z"`, or epoch milliseconds',
    FieldType.IP: 'write an address such as `"10.0.0.1"`',
}


# Tokens that do not fit


def leftover(cursor: Cursor, left: ast.Expression) -> None:
    """The token that follows a complete expression without belonging to it."""
    if cursor.kind in (STRING, NUMBER) or (cursor.kind == "(" and isinstance(left, ast.FieldName)):
        cursor.report(
            codes.SYNTAX, f"operator is missing in front of {cursor.describe()}", help="write `==`, `:` or `in`"
        )
    elif cursor.kind in VALUE_STARTS:
        help_text = "join conditions with `and` or `or`"
        if cursor.kind is NAME and isinstance(left, ast.FieldName):
            help_text = f"{quoted(left.text)} and {cursor.describe()} need an operator between them"
        cursor.report(codes.SYNTAX, f"unexpected {cursor.describe()}", help=help_text)
    elif cursor.kind == "[":
        cursor.report(
            codes.SYNTAX, "unexpected `[`", help="only a stage of a sequence or sample stands in square brackets"
        )
    else:
        cursor.report(codes.SYNTAX, f"unexpected {cursor.describe()}", help="remove it")


def chained_comparison(cursor: Cursor) -> None:
    cursor.report(codes.CHAINED_COMPARISON, "comparisons cannot be chained", help="join two comparisons with `and`")


def chained_predicate(cursor: Cursor) -> None:
    message = f"{cursor.describe()} cannot follow another condition"
    cursor.report(codes.CHAINED_COMPARISON, message, help="join them with `and`")


def foreign_equality(cursor: Cursor) -> None:
    """`=`, which other languages compare with."""
    fix = Fix((Edit(cursor.token.span, "=="),), safe=True)
    cursor.report(codes.FOREIGN_OPERATOR, "`=` does not compare", help="write `==`, or `:` to ignore case", fix=fix)


def misplaced_not(problems: Problems, word: Token, operator: str) -> None:
    """`not` in front of an operator that has no such form."""
    problems.report(
        codes.SYNTAX,
        word.span,
        f"`not` cannot stand in front of `{operator}`",
        help=f"put `not` in front of the whole condition: `not field {operator} value`",
    )


def empty_list(cursor: Cursor, opening: Token) -> None:
    span = Span(opening.start, cursor.token.end)
    cursor.report(codes.SYNTAX, "list is empty", span=span, help="put a value into it")


def list_for_value(cursor: Cursor) -> None:
    message = "list of values where one value should stand"
    cursor.report(codes.SYNTAX, message, help='compare with a list by `in ("a", "b")`')


def missing_comma(cursor: Cursor) -> None:
    if cursor.kind in VALUE_STARTS:
        at = Span(cursor.last_end, cursor.last_end)
        fix = Fix((Edit(at, ","),), safe=True)
        cursor.report(
            codes.SYNTAX, f"`,` is missing in front of {cursor.describe()}", help="put `,` between values", fix=fix
        )
    else:
        cursor.report(
            codes.SYNTAX, f"unexpected {cursor.describe()}", help="separate values with `,` and end the list with `)`"
        )


def keyword_as_field(cursor: Cursor) -> None:
    text = cursor.token.text
    cursor.report(codes.SYNTAX, f"`{text}` is a keyword", help=f"put the field in backticks: `` `{text}` ``")


def keyword_in_field(problems: Problems, field: Token, keyword: str) -> None:
    problems.report(
        codes.SYNTAX,
        field.span,
        f"`{keyword}` is a keyword",
        help=f"put that part of the field in backticks: `` `{keyword}` ``",
    )


def array_index(cursor: Cursor) -> None:
    message = "EQL has no array index"
    cursor.report(codes.OTHER_DIALECT, message, help="a condition on an array holds if any value meets it")


def missing_value(cursor: Cursor) -> None:
    """The token that stands where a value should."""
    previous = cursor.following(-1).text if cursor.token.start else ""
    if previous in ("and", "or", "not"):
        cursor.report(
            codes.SYNTAX,
            f"condition is missing behind `{previous}`",
            help=f"put one there, or remove `{previous}`",
        )
    else:
        cursor.report(
            codes.SYNTAX, f"expected a value, found {cursor.describe()}", help="put a field, a literal or `(` here"
        )


def foreign_relation(cursor: Cursor) -> None:
    """`child of` and its kin."""
    relation = cursor.token
    cursor.report(
        codes.OTHER_DIALECT,
        f"`{relation.text} of` is not part of EQL in Elasticsearch",
        span=Span(relation.start, cursor.following().end),
        help="follow processes with a `sequence by` their entity identifiers",
    )


# Fields


def unknown_field(problems: Problems, name: ast.FieldName, near: str | None) -> None:
    problems.report(
        field_codes.UNKNOWN_FIELD,
        name.span,
        f"unknown field {quoted(name.text)}",
        help=f"did you mean `{near}`?" if near else f"write `?{name.text}` if not every index has it",
        fix=Fix((Edit(name.span, near),), safe=False) if near else None,
    )


def unsearchable_field(problems: Problems, name: ast.FieldName, info: FieldInfo) -> None:
    if info.type is FieldType.OBJECT:
        why, advice = "holds no value that EQL can see", "name one of the fields below it"
    elif info.type is FieldType.GEO:
        why, advice = "is a place, which EQL cannot search", "use another field, or an ES|QL rule"
    else:
        why = "is analysed text, which EQL cannot search"
        advice = "use a field of type keyword or wildcard, or a KQL rule"
    problems.report(
        field_codes.UNSUITABLE_OPERATOR,
        name.span,
        f"{quoted(name.text)} {why}",
        help=advice,
        note=f"its type is {info.elasticsearch_type}",
    )


def unsupported_field(problems: Problems, name: ast.FieldName, info: FieldInfo) -> None:
    """Elasticsearch refuses EQL on nested objects and on flattened fields."""
    parent = info.nested_in or info.flattened_in or info.name
    kind = "nested" if info.nested_in else "flattened"
    where = "is" if parent == info.name else f"lies in `{parent}`, which is"
    form = f"{parent}:{{ {info.name.removeprefix(f'{parent}.')}: ... }}" if info.nested_in else f"{info.name}: ..."
    problems.report(
        field_codes.UNSUITABLE_OPERATOR,
        name.span,
        f"{quoted(name.text)} {where} of type {kind}: EQL cannot use it",
        help=f"ask for it in a KQL rule by `{form}`, or use a field outside `{parent}`",
    )


def misfit(problems: Problems, literal: ast.Expression, operand: Typed) -> None:
    """The literal can be no value of the field."""
    name = operand.value.name if isinstance(operand.value, Field) else ""
    problems.report(
        field_codes.MISFIT,
        literal.span,
        f"{quoted(text_of(literal))} is no value of `{name}`",
        label=f"`{name}` is {KIND_NAMES[operand.type]}",
        help=_EXAMPLES.get(operand.type, "compare with a value of the field's type"),
    )


# Functions


def unknown_function(problems: Problems, call: ast.FunctionCall) -> None:
    foreign = _FOREIGN.get(call.name.lower())
    near = nearest_of(call.name, _SPELLINGS)
    if foreign is not None:
        message = f"function `{call.name}` is not part of EQL in Elasticsearch"
    else:
        message = f"unknown function {quoted(call.name)}"
    tilde = "~" if call.insensitive else ""
    problems.report(
        codes.UNKNOWN_FUNCTION,
        call.name_span,
        message,
        help=foreign or (f"did you mean `{near}`?" if near else f"the functions are {', '.join(_SPELLINGS)}"),
        fix=Fix((Edit(call.name_span, f"{near}{tilde}"),), safe=False) if near and foreign is None else None,
    )


def no_insensitive_form(problems: Problems, call: ast.FunctionCall) -> None:
    tilde = Span(call.name_span.end - 1, call.name_span.end)
    problems.report(
        codes.UNKNOWN_FUNCTION,
        call.name_span,
        f"`{call.name}` has no form that ignores case",
        help="remove `~`",
        fix=Fix((Edit(tilde, ""),), safe=True),
    )


def wrong_count(problems: Problems, call: ast.FunctionCall, function: Function) -> None:
    signature = function.signature
    least, most = signature.required, len(signature.parameters)
    wanted = f"{least} or more" if signature.repeats else f"{least}" if least == most else f"{least} to {most}"
    problems.report(
        codes.ARGUMENT_COUNT,
        call.span,
        f"`{function.spelling}` takes {wanted} arguments, not {len(call.arguments)}",
        help=f"write `{_signature(function)}`",
    )


def wrong_argument(
    problems: Problems, argument: ast.Expression, given: FieldType, function: Function, parameter: Parameter
) -> None:
    problems.report(
        codes.ARGUMENT_TYPE,
        argument.span,
        f"`{function.spelling}` takes {described(parameter)} here",
        label=f"this is {KIND_NAMES[given]}",
        help=_conversion(parameter, argument),
    )


def invalid_network(problems: Problems, argument: ast.Expression, function: Function) -> None:
    problems.report(
        codes.INVALID_NETWORK,
        argument.span,
        f"{quoted(text_of(argument))} is no network",
        help=f'`{function.spelling}` takes literals such as `"10.0.0.0/8"` or `"fc00::/7"`',
    )


def _signature(function: Function) -> str:
    signature = function.signature
    names = [f"[{parameter.name}]" if parameter.optional else parameter.name for parameter in signature.parameters]
    return f"{function.spelling}({', '.join([*names, '...'] if signature.repeats else names)})"


def _conversion(parameter: Parameter, argument: ast.Expression) -> str:
    if parameter.types == TEXT:
        return f"convert it: `string({text_of(argument)})`"
    if parameter.types == NUMERIC:
        return f"convert it: `number({text_of(argument)})`"
    return "write `true` or `false`" if parameter.types == BOOLEAN else f"pass {described(parameter)}"
