"""EQL against Elastic's own published answers (see the README of the reference material for how the files read)."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rulewright_engine.ir.expression import Literal
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import QueryOptions
from rulewright_engine.languages.eql.cursor import Cursor
from rulewright_engine.languages.eql.expressions import parse_expression
from rulewright_engine.languages.eql.parser import parse
from rulewright_engine.languages.eql.tokens import END, tokenize
from rulewright_engine.languages.eql.values import Values
from rulewright_engine.languages.problems import Problems
from support.eql import results

LITERALS = {
    "bool": ("true", "false"),
    "int": ("7", "-3"),
    "string": ('"foo"', '""'),
    "float": ("2.5", "-1.0"),
    "null": ("null",),
}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "conformance" / "eql"


def test_queries(folder: Path) -> None:
    documents = json.loads((folder / "data" / "endgame-140.data").read_text(encoding="utf-8"))
    for document in documents:
        document["@timestamp"] = document["timestamp"] // 10_000 - 11_644_473_600_000
    options = QueryOptions(event_category_field="event_type", tiebreaker_field="serial_event_id")
    cases = tomllib.loads((folder / "test_queries.toml").read_text(encoding="utf-8"))["queries"]
    wrong = {}
    for case in cases:
        found = results(case["query"], documents, options=options, size=50)
        identifiers = [documents[position]["serial_event_id"] for result in found for position in result.events]
        if identifiers != case["expected_event_ids"]:
            wrong[case["name"]] = identifiers
    assert wrong == {}
    assert len(cases) == 133


def test_folding(folder: Path) -> None:
    sections = tomllib.loads((folder / "test_folding.toml").read_text(encoding="utf-8"))
    cases = [case for section in sections.values() for case in folding_cases(section)]
    wrong = {text: folded(text) for text, expected in cases if not is_folded(text, expected)}
    assert wrong == {}
    assert len(cases) > 140


def folding_cases(section: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if section.get("case_insensitive"):  # Endgame only
        return
    for case in section.get("fold", {}).get("tests", ()):
        if ":length()" not in case["expression"]:  # Endgame only
            yield case["expression"], case.get("expected")
    for loop in section.get("loop", ()):
        for kind in loop["param"]["type"]:
            for literal in LITERALS[kind]:
                for case in loop["fold"]["tests"]:
                    yield case["expression"].replace(f"${loop['param']['name']}", literal), case.get("expected")


def is_folded(text: str, expected: Any) -> bool:
    value, problems = folded(text)
    if isinstance(expected, float):
        return not problems and isinstance(value, float) and value == pytest.approx(expected)
    return not problems and type(value) is type(expected) and value == expected


def folded(text: str) -> tuple[Any, Problems]:
    """What an expression without fields is, and what is wrong with it."""
    problems = Problems()
    cursor = Cursor(tokenize(text, problems), problems)
    value = Values(MappingFields({}), problems).typed(parse_expression(cursor)).value
    assert cursor.kind is END
    return value.value if isinstance(value, Literal) else None, problems


def test_series(folder: Path) -> None:
    series = list(read_series((folder / "sequences.series-spec").read_text(encoding="utf-8")))
    wrong = {}
    for name, stages, expected in series:
        documents = sorted(series_documents(stages), key=lambda document: document["@timestamp"])
        query = "sequence by key " + " ".join(f"[any where stage == {number}]" for number in range(len(stages)))
        found = [[documents[at]["label"] for at in result.events] for result in results(query, documents)]
        if found != [[label.rpartition("|")[2] for label in line] for line in expected]:
            wrong[name] = found
    assert wrong == {}
    assert len(series) == 25


def read_series(text: str) -> Iterator[tuple[str, list[list[str]], list[list[str]]]]:
    """Name, events of each stage, expected sequences."""
    lines = iter([line.strip() for line in text.splitlines() if not line.strip().startswith("//")])
    for name in lines:
        if name:
            yield name, list(read_block(lines)), list(read_block(lines))


def read_block(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        if line == ";":
            return
        if line:
            yield line.split()


def series_documents(stages: list[list[str]]) -> Iterator[dict[str, Any]]:
    for number, events in enumerate(stages):
        for event in events:
            key, _, label = event.rpartition("|")
            time = int(label.lstrip("ABCDHIW"))
            yield {"@timestamp": time, "label": label, "stage": number, "key": key or "none"}


def test_supported_statements(folder: Path) -> None:
    statements = list(read_statements((folder / "queries-supported.eql").read_text(encoding="utf-8")))
    wrong = {}
    for statement in statements:
        problems = Problems()
        parse(statement, problems)
        messages = [(found.code, found.message) for found in problems]
        expected = [("RW510", "`join` is not supported by Elasticsearch")] if statement.startswith("join") else []
        if messages != expected:
            wrong[statement] = messages
    assert wrong == {}
    assert (len(statements), sum(statement.startswith("join") for statement in statements)) == (193, 14)


def read_statements(text: str) -> Iterator[str]:
    """What ends with a `;` outside strings and comments."""
    statement = ""
    for token in re.findall(r'"""[^\n]*?""""{0,2}|"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|.', text, re.DOTALL):
        if token == ";":
            yield statement.strip()
            statement = ""
        elif not token.startswith(("//", "/*")):
            statement += token
