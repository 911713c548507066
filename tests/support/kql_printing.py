"""Random KQL trees, and the text of a tree: for the tests that text and tree are the same thing."""

import re

from hypothesis import strategies as st

from rulewright_engine.ir.expression import Comparison
from rulewright_engine.languages.kql.ast import (
    And,
    Is,
    Literal,
    Nested,
    Node,
    Not,
    Or,
    Range,
)
from rulewright_engine.values.patterns.glob import Wild

SPECIAL = re.compile(r'[\\():<>"*{}]')
KEYWORD = re.compile(r"\b(and|or|not)\b", re.IGNORECASE)


def text_of(node: Node) -> str:
    match node:
        case Is(None, value):
            return literal(value)
        case Is(field, value):
            return f"{literal(field)} : {literal(value)}"
        case Range(field, operator, bound):
            return f"{literal(field)} {operator} {literal(bound)}"
        case Not(child):
            return f"not {grouped(child)}"
        case And(children):
            return " and ".join(grouped(child) for child in children)
        case Or(children):
            return "\n or ".join(grouped(child) for child in children)
        case Nested(path, child):
            return f"{literal(path)}:{{ {text_of(child)} }}"
        case _:
            return "*:*"


def grouped(node: Node) -> str:
    return f"({text_of(node)})" if isinstance(node, And | Or | Not) else text_of(node)


def literal(value: Literal) -> str:
    if value.quoted:
        return '"' + re.sub(r'["\\]', r"\\\g<0>", value.text) + '"'
    return "".join(part if isinstance(part, Wild) else escaped(part) for part in value.parts)


def escaped(text: str) -> str:
    """Keywords with their first letter as a number: that works for `not` as well."""
    text = SPECIAL.sub(r"\\\g<0>", text)
    text = KEYWORD.sub(lambda word: f"\\u{ord(word[0][0]):04x}{word[0][1:]}", text)
    return text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).map(str.strip)
texts = words.filter(lambda word: bool(word) and word == word.strip("\ufeff") and word not in {"null", "true", "false"})
plain = st.builds(lambda text: Literal((text,)), texts)
quoted = st.builds(lambda text: Literal((text,), quoted=True), st.text(max_size=8))
patterns = st.builds(
    lambda before, after: Literal(tuple(part for part in (before, Wild.ANY, after) if part)),
    st.one_of(st.just(""), texts),
    st.one_of(st.just(""), texts),
)
values = st.one_of(plain, quoted, patterns)
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Is, st.one_of(st.none(), plain, quoted), values),
    st.builds(Range, plain, st.sampled_from(Comparison), values),
)


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, inner),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Nested, plain, inner),
    )


nodes = st.recursive(leaves, _larger, max_leaves=10)
