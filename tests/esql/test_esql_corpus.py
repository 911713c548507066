"""The public ES|QL rules: all of them parse and type, and each deliberate mistake is found where it was made."""

import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from rulewright_engine.esql import analyze
from rulewright_engine.esql.tokens import Kind, Token, tokenize
from rulewright_engine.fields import CatalogueFields
from rulewright_schema.catalogue import default_catalogue
from rulewright_schema.diagnostics import Diagnostic, Level


@pytest.fixture(scope="module")
def queries(corpus: list[Path]) -> dict[str, str]:
    rules = ((path, tomllib.loads(path.read_text(encoding="utf-8")).get("rule", {})) for path in corpus)
    return {path.name: rule["query"] for path, rule in rules if rule.get("language") == "esql"}


@pytest.fixture(scope="module")
def fields() -> CatalogueFields:
    return CatalogueFields(default_catalogue())


def errors(text: str, fields: CatalogueFields) -> list[Diagnostic]:
    return [each for each in analyze(text, fields).diagnostics if each.level is not Level.WARNING]


def test_every_rule_is_typed(queries: dict[str, str], fields: CatalogueFields) -> None:
    assert len(queries) == 154
    found = {name: errors(text, fields) for name, text in queries.items()}
    assert {name: each for name, each in found.items() if each} == {}


def test_analysis_takes_milliseconds(queries: dict[str, str], fields: CatalogueFields) -> None:
    for text in queries.values():  # what is loaded once is loaded now
        analyze(text, fields)
    start = time.process_time()
    for text in queries.values():
        analyze(text, fields)
    assert (time.process_time() - start) / len(queries) < 0.010  # measured at 2 to 4 ms; noise is no failure


# Deliberate mistakes: each kind changes one place of a query


@dataclass(frozen=True)
class Mistake:
    """The broken text, and the code and the underlined text that must be reported: that and nothing else."""

    text: str
    code: str
    start: int
    underlined: str


def replaced(query: str, token: Token, new: str, code: str) -> Mistake:
    return Mistake(query[: token.start] + new + query[token.end :], code, token.start, new)


def appended(query: str, command: str, code: str, underlined: str) -> Mistake:
    text = f"{query.rstrip()}\n| {command}"
    return Mistake(text, code, text.rindex(underlined), underlined)


def tokens_of(query: str) -> list[Token]:
    return tokenize(query)[0]


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
        if first.kind is Kind.NAME and dot.text == "." and part.kind is Kind.NAME and behind.text != ".":
            short = part.text[:-1] + "q"
            broken = query[: part.start] + short + query[part.end :]
            return Mistake(broken, "RW583", first.start, f"{first.text}.{short}")
    return None


def lost_column(query: str) -> Mistake | None:
    return appended(query, "KEEP agent.version", "RW583", "agent.version") if is_closed(query) else None


def is_closed(query: str) -> bool:
    return any(True for _ in commands_of(query, "stats")) or "agent." not in query.rpartition("keep")[2].lower()


def number_for_text(query: str) -> Mistake | None:
    tokens = tokens_of(query)
    for first, dot, part, operator, value in zip(*(tokens[i:] for i in range(5)), strict=False):
        if (first.text, dot.text, part.text, operator.text) == (
            "event",
            ".",
            "category",
            "==",
        ) and value.kind is Kind.STRING:
            return replaced(query, value, "7", "RW586")
    return None


def aggregate_in_eval(query: str) -> Mistake:
    return appended(query, "EVAL x = values(1)", "RW587", "values")


def wrong_count(query: str) -> Mistake:
    return appended(query, 'EVAL x = starts_with("a")', "RW585", "starts_with")


def illegal_escape(query: str) -> Mistake:
    return appended(query, r'EVAL x = "a\d"', "RW588", r"\d")


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
        if before.kind is not Kind.SOURCE:
            broken = query[: pipe.start] + " " + query[pipe.end :]
            return Mistake(broken, "RW580", token.start, token.text)
    return None


def unknown_unit(query: str) -> Mistake | None:
    tokens = tokens_of(query)
    for amount, unit in pairwise(tokens):
        if amount.kind is Kind.INTEGER and unit.word.startswith(("minute", "hour", "second")):
            return replaced(query, unit, unit.text[:-2] + "x", "RW580")
    return None


def unclosed_string(query: str) -> Mistake:
    return appended(query, 'EVAL x = "abc', "RW580", '"')


def unclosed_group(query: str) -> Mistake:
    text = f"{query.rstrip()}\n| EVAL x = (1 + 2"
    return Mistake(text, "RW580", len(text), "")


def bad_pattern(query: str) -> Mistake:
    return appended(query, 'EVAL x = "a" RLIKE "[a"', "RW588", '"[a"')


def not_grouped(query: str) -> Mistake:
    return appended(query, "EVAL lonely = 1 | STATS x = lonely + count(*)", "RW587", "lonely")


KINDS: list[Callable[[str], Mistake | None]] = [
    misspelt_command,
    misspelt_function,
    misspelt_column,
    lost_column,
    number_for_text,
    aggregate_in_eval,
    wrong_count,
    illegal_escape,
    single_equals,
    missing_pipe,
    unknown_unit,
    unclosed_string,
    unclosed_group,
    bad_pattern,
    not_grouped,
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_mistake_is_found_at_its_place(
    kind: Callable[[str], Mistake | None], queries: dict[str, str], fields: CatalogueFields
) -> None:
    tried = 0
    for name, query in queries.items():
        mistake = kind(query)
        if mistake is None:
            continue
        tried += 1
        found = errors(mistake.text, fields)
        assert [each.code for each in found] == [mistake.code], (name, found)
        span = found[0].span
        assert span is not None
        assert (span.start, mistake.text[span.start : span.end]) == (mistake.start, mistake.underlined), (name, found)
        if tried == 12:
            break
    assert tried >= 4
