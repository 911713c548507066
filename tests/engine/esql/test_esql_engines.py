"""RLIKE, REPLACE and GROK against Lucene, the JDK and Joni: answers in `tests/data/esql-{rlike,replace,grok}.toml`.

Patterns of public rules are kept there by rule and number, and read from the corpus.
"""

from collections.abc import Callable
from typing import Any

import pytest

from rulewright_engine.esql.functions.capture.grok import expand
from rulewright_engine.values.patterns import RegexError, compile_regex, parse_regex
from rulewright_engine.values.regex.bounded import compile_bounded
from rulewright_engine.values.regex.dialects import JAVA, ONIGURUMA, Dialect
from rulewright_engine.values.regex.java import compile_java
from rulewright_engine.values.regex.parser import parse
from rulewright_engine.values.regex.search import Regex
from rulewright_engine.values.regex.syntax import RegexSyntaxError
from support.esql import esql_queries, patterns_of
from support.paths import data_of


def cases(kind: str) -> list[Any]:
    found = data_of(f"esql-{kind}.toml")["case"]
    return [
        pytest.param(case, id=f"{case.get('rule', '')[:40]}{case.get('number', case.get('pattern'))}") for case in found
    ]


@pytest.fixture(scope="module")
def queries(request: pytest.FixtureRequest) -> dict[str, str]:
    return esql_queries(request.getfixturevalue("corpus"))


@pytest.fixture
def pattern(request: pytest.FixtureRequest, case: dict[str, Any], kind: str) -> tuple[str, ...]:
    if "pattern" in case:
        return tuple(case["pattern"])
    queries: dict[str, str] = request.getfixturevalue("queries")
    return patterns_of(queries[case["rule"]], kind)[case["number"]]


@pytest.mark.parametrize("kind", ["rlike"])
@pytest.mark.parametrize("case", cases("rlike"))
def test_lucene(case: dict[str, Any], pattern: tuple[str, ...]) -> None:
    assert isinstance(parse_regex(pattern[0]), RegexError) == case.get("error", False)
    for text, answer in case.get("answers", ()):
        assert compile_regex(pattern[0])(text) == (answer == "1"), text


@pytest.mark.parametrize("kind", ["replace"])
@pytest.mark.parametrize("case", cases("replace"))
def test_jdk(case: dict[str, Any], pattern: tuple[str, ...]) -> None:
    if case.get("error", False):
        with pytest.raises(RegexSyntaxError):
            compile_java(pattern[0]).replace_all("ab", pattern[1])
        return
    agree = matchers(pattern[0], JAVA)
    for text, answer in case["answers"]:
        assert compile_java(pattern[0]).replace_all(text, pattern[1]) == answer, text
        assert agree(text), text


@pytest.mark.parametrize("kind", ["grok"])
@pytest.mark.parametrize("case", cases("grok"))
def test_joni(case: dict[str, Any], pattern: tuple[str, ...]) -> None:
    expanded = expand(pattern[0], {}, {})
    regex, agree = Regex(parse(expanded, ONIGURUMA)), matchers(expanded, ONIGURUMA)
    for text, answer in case["answers"]:
        match = regex.search(text)
        spans = None if match is None else [in_bytes(text, span) for span in match]
        assert spans == expected_spans(answer), text
        assert agree(text), text


def in_bytes(text: str, span: tuple[int, int] | None) -> tuple[int, int]:
    return (-1, -1) if span is None else (len(text[: span[0]].encode()), len(text[: span[1]].encode()))


def expected_spans(answer: str) -> list[tuple[int, int]] | None:
    if answer == "-":
        return None
    return [(int(start), int(end)) for start, end in (pair.split(",") for pair in answer.split())]


def matchers(pattern: str, dialect: Dialect) -> Callable[[str], bool]:
    """Whether the bounded matcher finds what `re` finds, groups included."""
    expression = parse(pattern, dialect)
    bounded, quick = compile_bounded(expression.node, expression.groups), Regex(expression)
    return lambda text: bounded.search(text) == quick.search(text)
