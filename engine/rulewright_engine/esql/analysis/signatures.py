"""Which signature a call fits, what its constants become, and what its result is."""

from dataclasses import dataclass, replace
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    Apply,
    Constant,
    Reference,
    Typed,
    given,
)
from rulewright_engine.esql.analysis.warnings import SEVERAL_VALUES
from rulewright_engine.esql.functions.conversion import CONVERSIONS
from rulewright_engine.esql.functions.registry import (
    BadConstant,
    Binding,
    Failure,
    Function,
    FunctionKind,
    Parameter,
    Signature,
    result_type,
)
from rulewright_engine.esql.functions.traits import Choice, Element
from rulewright_engine.esql.functions.types import (
    GROUPS,
    Type,
    common,
    group_of,
)
from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.timespans import Period, parse_span
from rulewright_engine.ir.operators import ARITHMETIC, COMPARISONS, LOGIC, Operator
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span
from rulewright_schema.wording import counted, listed, quoted

__all__ = ["Call", "bind", "described", "fold"]

_NULLISH = frozenset({Type.NULL, Type.UNKNOWN})
_FROM_TEXT = (Type.DATE, Type.DATE_NANOS, Type.IP, Type.VERSION, Type.BOOLEAN)


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose arguments are typed. `name` is as written, `name_span` where that is."""

    function: Function
    name: str
    name_span: Span
    arguments: tuple[Typed, ...]
    span: Span
    text: str


def bind(call: Call, now: int) -> Apply | Diagnostic:
    """The call with its implementation, or why there is none."""
    count = len(call.arguments)
    fitting = [signature for signature in call.function.signatures if signature.accepts_count(count)]
    if not fitting:
        wanted = _wanted_count(call.function.signatures)
        return problems.wrong_count(call.name_span, call.name, count, wanted)
    for cast in (False, True):
        for signature in fitting:
            arguments = _fit(call.arguments, signature, cast=cast)
            if isinstance(arguments, tuple):
                return _bound(call, signature, arguments, fitting, now)
    return _mismatch(call, fitting)


def _fit(arguments: tuple[Typed, ...], signature: Signature, *, cast: bool) -> tuple[Typed, ...] | int:
    """The arguments as the signature takes them, or the position of the first that it does not take."""
    taken: list[Typed] = []
    for position, argument in enumerate(arguments):
        parameter = signature.parameter(position, len(arguments))
        if parameter.constant and isinstance(argument, Reference) and argument.column.constant is not None:
            argument = replace(argument.column.constant, span=argument.span)
        if argument.type in parameter.types or argument.type in _NULLISH:
            taken.append(argument)
            continue
        converted = _cast(argument, parameter) if cast else None
        if converted is None:
            return position
        taken.append(converted)
    return tuple(taken)


def _cast(argument: Typed, parameter: Parameter) -> Constant | None:
    """A literal text as the date, address, version, boolean or span of time that the parameter asks for."""
    if not isinstance(argument, Constant) or argument.type is not Type.KEYWORD:
        return None
    if parameter.types & GROUPS["span"] and isinstance(argument.value, str):
        span = parse_span(argument.value)
        kind = Type.DATE_PERIOD if isinstance(span, Period) else Type.TIME_DURATION
        return None if span is None else Constant(span, kind, argument.span)
    for target in _FROM_TEXT:
        if target in parameter.types:
            value = _converted(argument.value, target)
            return None if value is None else Constant(value, target, argument.span)
    return None


def _converted(value: Any, target: Type) -> Any:
    if target is Type.BOOLEAN and str(value).lower() not in ("true", "false"):
        return None
    convert = CONVERSIONS[target][Type.KEYWORD]
    try:
        return [convert(each) for each in value] if isinstance(value, list) else convert(value)
    except Failure:
        return None


def _bound(
    call: Call, signature: Signature, arguments: tuple[Typed, ...], fitting: list[Signature], now: int
) -> Apply | Diagnostic:
    for position, argument in enumerate(arguments):
        if signature.parameter(position, len(arguments)).constant and not isinstance(argument, Constant):
            return problems.needs_constant(argument.span, f"argument {position + 1} of `{call.name}`")
    types = tuple(argument.type for argument in arguments)
    result = result_type(signature, types)
    if types and all(type_ is Type.NULL for type_ in types) and len({result_type(each, types) for each in fitting}) > 1:
        result = Type.NULL
    if result is None:
        return _no_common_type(call)
    try:
        run = call.function.bind(Binding(types, result, given(arguments).constants, now))
    except BadConstant as error:
        return problems.bad_constant(arguments[error.position].span, str(error), help=error.help)
    return Apply(call.function, arguments, result, run, call.span)


def fold(apply: Apply) -> Constant | str | None:
    """The value of a call of constants; or why computing it fails; or None where it is no such call."""
    if apply.type is Type.UNKNOWN or not all(isinstance(argument, Constant) for argument in apply.arguments):
        return None
    values = [argument.value for argument in apply.arguments if isinstance(argument, Constant)]
    if any(isinstance(value, list) for value in values) or apply.type is Type.NULL:
        return SEVERAL_VALUES if apply.function.kind is FunctionKind.SCALAR and None not in values else None
    try:
        match apply.function.kind:
            case "scalar" | "elementwise":
                value = None if None in values else apply.run(*values)
            case "logic" | "lazy":
                value = apply.run(None, *[lambda _, value=value: value for value in values])
            case _:
                return None
    except Failure as failure:
        return str(failure)
    return None if value is None else Constant(value, apply.type, apply.span)


# What to say when nothing fits


def _wanted_count(signatures: tuple[Signature, ...]) -> str:
    counts: set[int] = set()
    for signature in signatures:
        counts |= {signature.required, len(signature.parameters)}
    low = min(signature.required for signature in signatures)
    if any(signature.repeats for signature in signatures):
        return f"at least {counted(low, 'argument')}"
    if max(counts) == 0:
        return "no arguments"
    shown = sorted(counts)
    return counted(shown[0], "argument") if len(shown) == 1 else f"{listed([*map(str, shown)], word='or')} arguments"


def described(argument: Typed, text: str) -> str:
    return f"{quoted(text)} ({_kind(argument.type)})"


def _kind(type_: Type) -> str:
    return group_of(type_).replace("_", " ")


def _mismatch(call: Call, fitting: list[Signature]) -> Diagnostic:
    operator, traits = call.function.operator, call.function.traits
    if operator in COMPARISONS or operator in ARITHMETIC or operator is Operator.IN:
        return _operator_mismatch(call)
    reached = [
        (position if isinstance(position := _fit(call.arguments, each, cast=True), int) else 0) for each in fitting
    ]
    furthest = max(reached)
    wanted = [
        each.parameter(furthest, len(call.arguments))
        for each, position in zip(fitting, reached, strict=True)
        if position == furthest
    ]
    argument = call.arguments[furthest]
    texts = list(dict.fromkeys(_wanted(parameter) for parameter in wanted))
    asked = f"argument {furthest + 1} of `{call.name}`"
    if operator in LOGIC:
        asked = f"an operand of `{call.name}`"
    elif traits.choice is Choice.BY_CONDITION:
        asked = f"a condition of `{call.name}`"
    elif traits.element in (Element.GLOB, Element.REGEX):
        asked = f"what `{call.name}` is asked of"
    return problems.wrong_type(
        argument.span,
        f"{asked} must be {' or '.join(texts)}, not {_kind(argument.type)}",
        help=_conversion_help(argument, wanted[0]),
    )


_ARTICLES = {"string": "text", "number": "a number", "whole": "a whole number", "instant": "a date", "date": "a date"}
_ARTICLES |= {"span": "a span of time", "ip": "an IP address", "boolean": "a condition", "any": "a value"}
_ARTICLES |= {"integer": "an integer", "point": "a point", "comparable": "a value that has an order"}


def _wanted(parameter: Parameter) -> str:
    return " or ".join(_ARTICLES.get(part, part.replace("_", " ")) for part in parameter.text.split(" or "))


def _conversion_help(argument: Typed, parameter: Parameter) -> str:
    if Type.KEYWORD in parameter.types:
        return "convert it with `to_string`"
    if Type.IP in parameter.types and argument.type in GROUPS["string"]:
        return "convert it with `to_ip`"
    if Type.DOUBLE in parameter.types and argument.type in GROUPS["string"]:
        return "convert it with `to_long` or `to_double`"
    if Type.DATE in parameter.types:
        return "convert it with `to_datetime`"
    if parameter.types == {Type.BOOLEAN}:
        return "compare it with something, or test it with `IS NOT NULL`"
    return "use a column or value of that type"


def _operator_mismatch(call: Call) -> Diagnostic:
    left = call.arguments[0]
    wrong = next((each for each in call.arguments[1:] if not _comparable(left, each)), call.arguments[-1])
    span = wrong.span if isinstance(wrong, Constant) else left.span if isinstance(left, Constant) else call.span
    left_kind, right_kind = _kind(left.type), _kind(wrong.type)
    operator = call.function.operator
    if operator is not None and operator in ARITHMETIC:
        return problems.wrong_type(
            span,
            f"`{operator.symbol}` cannot combine {left_kind} with {right_kind}",
            help="it combines numbers, and dates with spans of time; convert one side",
        )
    return problems.wrong_type(
        span, f"{left_kind} cannot be compared with {right_kind}", help=_comparison_help(left, wrong)
    )


def _comparable(left: Typed, right: Typed) -> bool:
    groups = [group for name, group in GROUPS.items() if name not in ("any", "comparable", "shape")]
    return (
        left.type == right.type
        or bool({left.type, right.type} & _NULLISH)
        or any({left.type, right.type} <= group for group in groups)
    )


def _comparison_help(left: Typed, right: Typed) -> str:
    for one, other in ((left, right), (right, left)):
        if other.type in GROUPS["string"] and isinstance(one, Constant) and one.type in GROUPS["number"]:
            return f'write `"{one.value}"` with quotes to compare it as text'
        if other.type in GROUPS["number"] and isinstance(one, Constant) and one.type in GROUPS["string"]:
            return "write the number without quotes"
        if isinstance(one, Constant) and one.type is Type.KEYWORD:
            return f"the text is no valid {_kind(other.type)}"
    return "convert one side, with `to_string` say"


def _no_common_type(call: Call) -> Diagnostic:
    is_case = call.function.traits.choice is Choice.BY_CONDITION
    values = call.arguments[1::2] if is_case else call.arguments
    first = next(each for each in values if each.type not in _NULLISH)
    other = next((each for each in values if common((first.type, each.type)) is None), None)
    if is_case and len(call.arguments) % 2 and other is None:
        other = call.arguments[-1]
    assert other is not None
    return problems.wrong_type(
        other.span,
        f"the values of `{call.name}` have no common type: {_kind(first.type)} and {_kind(other.type)}",
        help="convert them to one type",
    )
