"""Literals that can never be met as they were meant, and lists that say a thing twice."""

from collections.abc import Iterator

from rulewright_engine.checks.context import QueryContext, check
from rulewright_engine.ir.expression import (
    Condition,
    Equals,
    Field,
    FieldType,
    Leaf,
    MatchesGlob,
    MatchesRegex,
    Or,
    Test,
    Value,
)
from rulewright_engine.ir.query import Language
from rulewright_engine.languages.field_codes import UNEXPECTED_VALUE
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns import compile_glob
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Label, Level
from rulewright_schema.similar import nearest_of
from rulewright_schema.wording import listed

__all__ = ["LITERAL_WILDCARD", "PATTERN_ANCHOR", "REPEATED_ELEMENT"]

LITERAL_WILDCARD = Code(
    code="RW520",
    name="literal-wildcard",
    level=Level.WARNING,
    title="`*` stands where it is a wildcard",
    why="`==` and `in` compare every character as it is: no process is called `nc*`. Patterns go behind `:` or `like`.",
    bad="""
[rule]
query = 'process where process.name in («"nc*"», "socat")'
""",
    good="""
[rule]
query = 'process where process.name : ("nc*", "socat")'
""",
)
REPEATED_ELEMENT = Code(
    code="RW521",
    name="repeated-element",
    level=Level.WARNING,
    title="a list names each value once",
    why="A repeat says nothing new; often another value was meant.",
    bad="""
[rule]
query = 'process where process.name in ("nc", "ncat", «"nc"»)'
""",
    good="""
[rule]
query = 'process where process.name in ("nc", "ncat", "netcat")'
""",
)
PATTERN_ANCHOR = Code(
    code="RW522",
    name="pattern-anchor",
    level=Level.WARNING,
    title="a regular expression has no anchors",
    why="It always matches the whole value, and `^` and `$` are ordinary characters: with one of them it matches "
    "nothing, unless the value holds that very character.",
    bad="""
[rule]
query = 'process where «process.name regex "^nc.*"»'
""",
    good="""
[rule]
query = 'process where process.name regex "nc.*"'
""",
)

_TEXTS = frozenset({FieldType.KEYWORD, FieldType.WILDCARD})


@check(LITERAL_WILDCARD)
def check_wildcards(context: QueryContext) -> Iterator[Diagnostic]:
    """One mistake is one operator, so a list is reported once, at the first of its elements."""
    if context.query.language is not Language.EQL:
        return
    told: set[int] = set()
    for node in context.conditions:
        if id(node) in told:
            continue
        leaves = node.children if isinstance(node, Or) and node.listed else (node,)
        wild = [leaf for leaf in leaves if isinstance(leaf, Leaf) and _is_literal_wildcard(leaf)]
        if wild:
            told.update(map(id, wild))
            yield context.report_in_query(
                LITERAL_WILDCARD,
                wild[0].span,
                f"`*` is no wildcard in `{wild[0].text}`",
                help="use `like`, or `:` to ignore case",
                secondary=tuple(Label(leaf.span, "here, too") for leaf in wild[1:]),
            )


def _is_literal_wildcard(leaf: Leaf) -> bool:
    """Invariant: where `*` is a wildcard, the test is a glob. Windows itself names shares `\\\\*\\ADMIN$`."""
    match leaf:
        case Leaf(Field(type=type_), Equals(str(text))):
            return "*" in text and type_ in _TEXTS and not text.startswith("\\\\*\\")
        case _:
            return False


@check(REPEATED_ELEMENT)
def check_repeats(context: QueryContext) -> Iterator[Diagnostic]:
    for node in context.conditions:
        if not (isinstance(node, Or) and node.listed):
            continue
        first: dict[tuple[Value, Test], Leaf] = {}
        for leaf in node.children:
            if not isinstance(leaf, Leaf):
                continue
            before = first.setdefault((leaf.value, _folded(leaf.test)), leaf)
            if before is not leaf:
                yield context.report_in_query(
                    REPEATED_ELEMENT,
                    leaf.span,
                    "the list holds this value already",
                    help="remove it, or write the value that was meant",
                    secondary=(Label(before.span, "here"),),
                )


def _folded(test: Test) -> Test:
    """Tests that ignore case are equal when they differ in case only."""
    match test:
        case Equals(str(text), True):
            return Equals(fold_case(text), True)
        case MatchesGlob(parts, True):
            return MatchesGlob(tuple(part if type(part) is not str else fold_case(part) for part in parts), True)
        case _:
            return test


@check(PATTERN_ANCHOR)
def check_anchors(context: QueryContext) -> Iterator[Diagnostic]:
    if context.query.language is not Language.EQL:
        return
    for node in context.conditions:
        if not (isinstance(node, Leaf) and isinstance(node.test, MatchesRegex)):
            continue
        pattern = node.test.pattern
        anchors = [anchor for anchor in (_start_anchor(pattern), _end_anchor(pattern)) if anchor]
        if anchors:
            yield context.report_in_query(
                PATTERN_ANCHOR,
                node.span,
                f"{listed([f'`{anchor}`' for anchor in anchors])} is no anchor in a regular expression here",
                help=f"remove it: the pattern always matches the whole value; write `\\{anchors[0]}` for the character",
            )


def _start_anchor(pattern: str) -> str:
    return "^" if pattern.startswith(("^", "(^")) else ""


def _end_anchor(pattern: str) -> str:
    body = pattern[:-1]
    quoted = (len(body) - len(body.rstrip("\\"))) % 2 == 1
    return "$" if pattern.endswith("$") and not quoted else ""


@check(UNEXPECTED_VALUE)
def check_allowed_values(context: QueryContext) -> Iterator[Diagnostic]:
    """In a list, only where no value is allowed: a value of an older schema beside others does no harm."""
    excused: set[int] = set()
    for node in context.conditions:
        if isinstance(node, Or) and node.listed and not all(_never_met(context, child) for child in node.children):
            excused.update(map(id, node.children))
        if isinstance(node, Leaf) and id(node) not in excused and (allowed := _never_met(context, node)):
            near = nearest_of(str(node.test.value), allowed) if isinstance(node.test, Equals) else None
            yield context.report_in_query(
                UNEXPECTED_VALUE,
                node.span,
                f"`{node.text}` is never met",
                help=f"did you mean `{near}`?" if near else f"the values are {', '.join(allowed)}",
                note="the schema of the field has no such value",
            )


def _never_met(context: QueryContext, condition: Condition) -> tuple[str, ...]:
    """The values that the schema allows, if none of them meets the condition; else nothing."""
    if not isinstance(condition, Leaf) or not isinstance(condition.value, Field):
        return ()
    info = context.query.fields.lookup(condition.value.name)
    allowed = info.allowed_values if info else ()
    match condition.test:
        case Equals(str(text), insensitive):
            met = text in allowed or (insensitive and fold_case(text) in allowed)
        case MatchesGlob() as test:
            met = any(map(compile_glob(test.parts, test.insensitive), allowed))
        case _:
            met = True
    return () if met else allowed
