"""Tokens to an expression, by precedence climbing. A mistake is reported and reading goes on behind it.

From loose to tight: `or`, `and`, `not`, one comparison, `+ -`, `* / %`, unary sign, predicates such as `in` and `:`.
Source: semantics B1.
"""

from rulewright_engine.languages.eql import codes, problems
from rulewright_engine.languages.eql.ast import (
    Arithmetic,
    Comparison,
    Expression,
    FieldName,
    FunctionCall,
    Literal,
    Logical,
    Matching,
    Negation,
    Negative,
    Unreadable,
)
from rulewright_engine.languages.eql.cursor import Cursor
from rulewright_engine.languages.eql.tokens import (
    END,
    KEYWORDS,
    NAME,
    NUMBER,
    STRING,
    TILDE_NAME,
    VALUE_STARTS,
    Token,
    field_name,
    number_value,
    string_value,
)
from rulewright_schema.source import Span

__all__ = ["CLOSERS", "parse_condition", "parse_expression"]

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGN = range(1, 8)
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "="})
_POWER = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(_COMPARISONS, _COMPARISON),
    **dict.fromkeys("+-", _SUM),
    **dict.fromkeys("*/%", _PRODUCT),
}
_PREDICATES = frozenset({":", "in", "in~", "like", "like~", "regex", "regex~"})
CLOSERS = frozenset({")", "]", "|", "until", END})
"""Kinds that end a condition."""

_STOPS = CLOSERS | {"and", "or", ",", "where"}
"""Kinds at which reading goes on after a mistake."""

_CONSTANTS = {"true": True, "false": False, "null": None}
_RELATIONS = frozenset({"child", "descendant", "event"})


def parse_condition(cursor: Cursor) -> Expression:
    """An expression up to a closing bracket, a pipe, `until` or the end; what does not fit in is reported."""
    condition = parse_expression(cursor)
    while cursor.kind not in CLOSERS:
        problems.leftover(cursor, condition)
        condition = _skip_leftover(cursor)
    return condition


def _skip_leftover(cursor: Cursor) -> Expression:
    """Reads on behind the next `and` or the like, for the mistakes that are there."""
    start = cursor.token.start
    cursor.skip_to(_STOPS)
    if cursor.kind not in CLOSERS:
        cursor.advance()
        parse_expression(cursor)
    return Unreadable(cursor.since(start))


def parse_expression(cursor: Cursor, floor: int = 0) -> Expression:
    """An expression whose operators bind tighter than `floor`."""
    start = cursor.token.start
    left = _parse_prefix(cursor, floor)
    links, compared = 0, False
    while (power := _POWER.get(cursor.kind, 0)) > floor:
        if power <= _AND:
            left = _parse_logical(cursor, left, start)
        elif power == _COMPARISON:
            left = _parse_comparison(cursor, left, start, chained=compared)
            compared = True
        else:
            links += 1
            cursor.check_depth(links, cursor.token)  # a chain of arithmetic nests to the left
            left = _parse_arithmetic(cursor, left, start)
    return left


def _parse_logical(cursor: Cursor, left: Expression, start: int) -> Logical:
    operator = cursor.kind
    operands = [left]
    while cursor.kind == operator:
        cursor.advance()
        operands.append(parse_expression(cursor, _POWER[operator]))
    return Logical(operator, tuple(operands), cursor.since(start))


def _parse_arithmetic(cursor: Cursor, left: Expression, start: int) -> Arithmetic:
    operator = cursor.advance().kind
    right = parse_expression(cursor, _POWER[operator])
    return Arithmetic(operator, left, right, cursor.since(start))


def _parse_comparison(cursor: Cursor, left: Expression, start: int, *, chained: bool) -> Expression:
    operator = cursor.token
    if chained:
        problems.chained_comparison(cursor)
    elif operator.kind == "=":
        problems.foreign_equality(cursor)
    cursor.advance()
    right = parse_expression(cursor, _COMPARISON)
    if chained:
        return Unreadable(cursor.since(start))
    return Comparison("==" if operator.kind == "=" else operator.kind, left, right, cursor.since(start))


def _parse_prefix(cursor: Cursor, floor: int) -> Expression:
    kind = cursor.kind
    if kind == "not":
        return _parse_negation(cursor, floor)
    if kind == "-" or kind == "+":
        sign = cursor.advance()
        cursor.enter(sign)
        operand = _parse_prefix(cursor, _SIGN)
        cursor.leave()
        return operand if kind == "+" else Negative(operand, cursor.since(sign.start))
    start = cursor.token.start
    found = _parse_primary(cursor)
    chained = False
    while cursor.kind in _PREDICATES or (cursor.kind == "not" and cursor.following().kind in _PREDICATES):
        if chained:
            problems.chained_predicate(cursor)
        matching = _parse_matching(cursor, found, start)
        found = Unreadable(matching.span) if chained else matching
        chained = True
    return found


def _parse_negation(cursor: Cursor, floor: int) -> Expression:
    misplaced = floor >= _COMPARISON
    if misplaced:
        cursor.report(codes.SYNTAX, "`not` cannot stand here", help="put `not` and what follows it in parentheses")
    word = cursor.advance()
    cursor.enter(word)
    operand = parse_expression(cursor, max(floor, _NOT))
    cursor.leave()
    span = cursor.since(word.start)
    return Unreadable(span) if misplaced else Negation(operand, span)


def _parse_matching(cursor: Cursor, operand: Expression, start: int) -> Matching:
    negated = cursor.kind == "not"
    word = cursor.advance() if negated else cursor.token
    operator = cursor.advance().kind
    if negated and operator not in ("in", "in~"):
        problems.misplaced_not(cursor.problems, word, operator)
    is_list = cursor.kind == "("
    if is_list:
        elements = _parse_list(cursor)
    else:
        elements = (_parse_scalar(cursor, operator),)
    return Matching(operator, negated, operand, elements, is_list, cursor.since(start))


def _parse_scalar(cursor: Cursor, operator: str) -> Expression:
    if operator in ("in", "in~"):
        cursor.report(codes.SYNTAX, f"`{operator}` needs a list in parentheses", help=f'write `{operator} ("value")`')
    if cursor.kind in ("-", "+"):
        return _parse_prefix(cursor, _SIGN)
    return _parse_primary(cursor)


def _parse_list(cursor: Cursor) -> tuple[Expression, ...]:
    """Elements in parentheses, with commas between them."""
    opening = cursor.advance()
    cursor.enter(opening)
    elements: list[Expression] = []
    if cursor.kind == ")":
        problems.empty_list(cursor, opening)
    while cursor.kind not in CLOSERS:
        elements.append(parse_expression(cursor))
        if cursor.accept(",") is not None:
            if cursor.kind == ")":
                cursor.report(codes.SYNTAX, "value is missing behind `,`", help="remove the last `,`")
        elif cursor.kind not in CLOSERS:
            problems.missing_comma(cursor)
            if cursor.kind not in VALUE_STARTS:
                cursor.skip_to(CLOSERS | {","})
                cursor.accept(",")
    cursor.leave()
    cursor.close(opening)
    return tuple(elements)


def _parse_primary(cursor: Cursor) -> Expression:
    token, kind = cursor.token, cursor.kind
    if kind is NAME:
        return _parse_name(cursor)
    if kind is STRING:
        cursor.advance()
        return Literal(string_value(token, cursor.problems), token.text, token.span)
    if kind is NUMBER:
        cursor.advance()
        return Literal(number_value(token, cursor.problems), token.text, token.span)
    if kind in _CONSTANTS:
        cursor.advance()
        return Literal(_CONSTANTS[kind], token.text, token.span)
    if kind == "(":
        return _parse_group(cursor)
    if kind == "?":
        cursor.advance()
        if cursor.kind is NAME:
            return _parse_field(cursor, token)
        cursor.report(codes.SYNTAX, f"`?` needs a field behind it, not {cursor.describe()}", help="write `?field.name`")
        return Unreadable(token.span)
    if kind is TILDE_NAME:
        if cursor.following().kind == "(":
            return _parse_call(cursor)
        cursor.report(codes.SYNTAX, f"{cursor.describe()} is no field", help="only functions and operators end in `~`")
        cursor.advance()
        return Unreadable(token.span)
    return _parse_nothing(cursor)


def _parse_nothing(cursor: Cursor) -> Expression:
    """Reports the token that stands where a value should."""
    token = cursor.token
    if token.kind in KEYWORDS and _POWER.get(cursor.following().kind) == _COMPARISON:
        problems.keyword_as_field(cursor)
        cursor.advance()
    else:
        problems.missing_value(cursor)
    if cursor.kind not in _STOPS:
        cursor.skip_to(_STOPS)
    return Unreadable(token.span)


def _parse_group(cursor: Cursor) -> Expression:
    opening = cursor.advance()
    cursor.enter(opening)
    inner = parse_expression(cursor)
    while cursor.kind not in CLOSERS:
        if cursor.kind == ",":
            problems.list_for_value(cursor)
        else:
            problems.leftover(cursor, inner)
        inner = _skip_leftover(cursor)
    cursor.leave()
    cursor.close(opening)
    return inner


def _parse_name(cursor: Cursor) -> Expression:
    following = cursor.following().kind
    if following == "(":
        return _parse_call(cursor)
    if following == "of" and cursor.token.text in _RELATIONS:
        return _parse_relation(cursor)
    found = _parse_field(cursor)
    if cursor.kind == "[" and cursor.following().kind is NUMBER:
        problems.array_index(cursor)
        cursor.advance()
        cursor.advance()
        cursor.accept("]")
    return found


def _parse_field(cursor: Cursor, optional: Token | None = None) -> FieldName:
    token = cursor.advance()
    name, keyword = field_name(token.text)
    start = token.start if optional is None else optional.start
    if keyword is not None:
        problems.keyword_in_field(cursor.problems, token, keyword)
    text = token.text if optional is None else f"?{token.text}"
    return FieldName(name, optional is not None, text, Span(start, token.end))


def _parse_call(cursor: Cursor) -> FunctionCall:
    token = cursor.advance()
    opening = cursor.token
    if cursor.following().kind == ")":
        cursor.advance()
        cursor.advance()
        arguments: tuple[Expression, ...] = ()
    else:
        arguments = _parse_list(cursor)
    insensitive = token.kind is TILDE_NAME
    name = token.text[:-1] if insensitive else token.text
    return FunctionCall(name, insensitive, arguments, Span(token.start, max(opening.end, cursor.last_end)), token.span)


def _parse_relation(cursor: Cursor) -> Expression:
    """`child of [ ... ]` of other dialects: reported, its query is skipped."""
    start = cursor.token.start
    problems.foreign_relation(cursor)
    cursor.advance()
    cursor.advance()
    if cursor.kind == "[":
        cursor.advance()
        cursor.skip_to(("]",))
        cursor.accept("]")
    return Unreadable(cursor.since(start))
