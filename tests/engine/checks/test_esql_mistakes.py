"""Mistakes made in the public rules: each is found once, at its line and column in the rule's file.

`tests/data/esql-mistakes.toml` has commands with a mistake, which are put behind queries; here are the mistakes that
change a place of the query itself.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest

from rulewright_engine.checks import query_checks
from rulewright_engine.esql.syntax.tokens import Token, TokenKind, tokenize
from rulewright_engine.languages.problems import Problems
from rulewright_schema.checks import check_rules
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.files.load import load_text
from support.paths import data_of

CASES = data_of("esql-mistakes.toml")["case"]


@dataclass(frozen=True)
class Mistake:
    """A broken query, and the code and the place in it that must be reported: that and nothing else."""

    query: str
    code: str
    start: int
    underlined: str


@pytest.fixture(scope="module")
def rules(corpus: list[Path]) -> list[tuple[str, str]]:
    """The files of the ES|QL rules and their queries, where the file has the query letter by letter."""
    texts = [path.read_text(encoding="utf-8") for path in corpus]
    parsed = [(text, tomllib.loads(text).get("rule", {})) for text in texts]
    found = [(text, rule["query"]) for text, rule in parsed if rule.get("language") == "esql"]
    found = [(text, query) for text, query in found if text.count(query) == 1]
    assert len(found) > 140
    return found


def assert_found(text: str, query: str, mistake: Mistake) -> None:
    """One error of reading the query, at the line and column where the mistake stands in the file."""
    broken = text.replace(query, mistake.query)
    start = broken.index(mistake.query) + mistake.start
    before = broken[:start]
    file = load_text(broken, "rule.toml")
    found = [each for each in check_rules([file], Config(), passes=[query_checks]) if is_of_the_query(each)]
    assert [each.code for each in found] == [mistake.code], found
    span = found[0].span
    assert span is not None
    place = file.source.position(span.start)
    assert (place.line, place.column) == (before.count("\n") + 1, start - before.rfind("\n")), found
    assert broken[span.start : span.end] == mistake.underlined, found


def is_of_the_query(problem: Diagnostic) -> bool:
    return "RW580" <= problem.code <= "RW588" and problem.level is not Level.WARNING


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["what"] for case in CASES])
def test_a_command_with_a_mistake(number: int, rules: list[tuple[str, str]]) -> None:
    case: dict[str, Any] = CASES[number]
    lead, underlined, rest = case["command"].replace("»", "«").split("«")
    for text, query in rules[number :: len(CASES)]:  # two or three, and every rule in turn
        ahead = f"{query.rstrip()}\n| {lead}"
        assert_found(text, query, Mistake(f"{ahead}{underlined}{rest}\n", case["code"], len(ahead), underlined))


def test_there_are_many_mistakes() -> None:
    assert len({case["command"] for case in CASES}) + len(KINDS) >= 75
    assert {case["code"] for case in CASES} >= {f"RW58{number}" for number in (0, 1, 3, 4, 5, 6, 7, 8)}


# Mistakes inside of a query: each kind changes one place of it


def replaced(query: str, token: Token, new: str, code: str) -> Mistake:
    return Mistake(query[: token.start] + new + query[token.end :], code, token.start, new)


def tokens_of(query: str) -> list[Token]:
    return tokenize(query, Problems())


def commands_of(query: str, *words: str) -> Iterator[int]:
    """Positions among the tokens of the first word of each command that is one of `words`."""
    tokens = tokens_of(query)
    for position, token in enumerate(tokens):
        if token.word in words and position > 0 and tokens[position - 1].text == "|":
            yield position


def misspelt_command(query: str) -> Mistake | None:
    for position in commands_of(query, "where", "eval", "stats", "keep", "sort"):
        token = tokens_of(query)[position]
        return replaced(query, token, token.text[0] + token.text[2] + token.text[1] + token.text[3:], "RW581")
    return None


def misspelt_function(query: str) -> Mistake | None:
    tokens = tokens_of(query)
    for token, behind in pairwise(tokens):
        if token.word in ("count_distinct", "to_lower", "date_trunc", "mv_concat", "coalesce") and behind.text == "(":
            return replaced(query, token, token.text[:-1] + "x", "RW584")
    return None


def misspelt_column(query: str) -> Mistake | None:
    """The first dotted name of a WHERE, its last part without its last letter."""
    tokens = tokens_of(query)
    for position in commands_of(query, "where"):
        first, dot, part, behind = tokens[position + 1 : position + 5]
        if first.kind is TokenKind.NAME and dot.text == "." and part.kind is TokenKind.NAME and behind.text != ".":
            short = part.text[:-1] + "q"
            broken = query[: part.start] + short + query[part.end :]
            return Mistake(broken, "RW583", first.start, f"{first.text}.{short}")
    return None


def number_for_text(query: str) -> Mistake | None:
    tokens = tokens_of(query)
    for first, dot, part, operator, value in zip(*(tokens[i:] for i in range(5)), strict=False):
        if (first.text, dot.text, part.text, operator.text) == (
            "event",
            ".",
            "category",
            "==",
        ) and value.kind is TokenKind.STRING:
            return replaced(query, value, "7", "RW586")
    return None


def single_equals(query: str) -> Mistake | None:
    tokens = tokens_of(query)
    for position in commands_of(query, "where"):
        for token in tokens[position : position + 6]:
            if token.text == "==":
                return replaced(query, token, "=", "RW580")
    return None


def missing_pipe(query: str) -> Mistake | None:
    tokens = tokens_of(query)
    for position in commands_of(query, "stats", "sort"):
        pipe, token = tokens[position - 1 : position + 1]
        before = tokens[position - 2]
        if before.kind is not TokenKind.SOURCE:
            broken = query[: pipe.start] + " " + query[pipe.end :]
            return Mistake(broken, "RW580", token.start, token.text)
    return None


def unknown_unit(query: str) -> Mistake | None:
    tokens = tokens_of(query)
    for amount, unit in pairwise(tokens):
        if amount.kind is TokenKind.INTEGER and unit.word.startswith(("minute", "hour", "second")):
            return replaced(query, unit, unit.text[:-2] + "x", "RW580")
    return None


KINDS: list[Callable[[str], Mistake | None]] = [
    misspelt_command,
    misspelt_function,
    misspelt_column,
    number_for_text,
    single_equals,
    missing_pipe,
    unknown_unit,
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_mistake_in_a_query(kind: Callable[[str], Mistake | None], rules: list[tuple[str, str]]) -> None:
    made = ((text, query, mistake) for text, query in rules if (mistake := kind(query)) is not None)
    tried = list(islice(made, 12))
    assert len(tried) >= 4
    for text, query, mistake in tried:
        assert_found(text, query, mistake)
