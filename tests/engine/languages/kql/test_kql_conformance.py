"""KQL against published answers: what is found, how a query is read, which types fit, which queries mean the same."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from rulewright_engine.evaluate.event import Event
from rulewright_engine.languages.kql import ast
from rulewright_engine.languages.kql.parser import parse
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.patterns.glob import Wild
from support.kql import checked, matches, read


@pytest.fixture(scope="module")
def published(shared: Path) -> Any:
    return json.loads((shared / "conformance" / "kql" / "cases.json").read_text(encoding="utf-8"))


def test_evaluation(published: Any) -> None:
    wrong = [
        case
        for case in published["evaluate"]
        if matches(case["query"], published["documents"][case["document"]]) != case["expected"]
    ]
    assert (wrong, len(published["evaluate"])) == ([], 65)


def test_grammar(published: Any) -> None:
    wrong = []
    for case in published["parse"]:
        problems = Problems()
        node = parse(case["query"], problems)
        is_valid = not problems.has_errors
        if is_valid != case["kibana_valid"] or (is_valid and as_published(node) != case["kibana_ast"]):
            wrong.append(case)
    assert (wrong, len(published["parse"])) == ([], 57)


def test_types(published: Any) -> None:
    wrong = [
        case for case in published["schema"] if (not read(case["query"], case["schema"]).diagnostics) != case["valid"]
    ]
    assert (wrong, len(published["schema"])) == ([], 21)


def test_equivalence(published: Any) -> None:
    """Over every document that gives each field none, one or several of the values that the queries name."""
    values = {
        "a": [None, "b", "c", "d", "e", "1", "2", ["b", "c", "d"], ["c", "d", "e"], ["b", "e"]],
        "b": [None, "2"],
        "c": [None, "d", "3", "4"],
        "e": [None, "f"],
        "x": [None, "y"],
    }
    events = [Event(dict(zip(values, chosen, strict=True))) for chosen in itertools.product(*values.values())]
    for pair in published["equivalent"]:
        first, second = (checked(query, dict.fromkeys(values, "keyword")) for query in pair)
        assert (pair, [event for event in events if first(event) != second(event)]) == (pair, [])
    assert len(published["equivalent"]) == 26


def as_published(node: Any) -> Any:
    """The form in which the cases write a tree."""
    match node:
        case ast.Is(field, value):
            text = "".join(part if isinstance(part, Wild) else _escaped(part, value) for part in value.parts)
            kind = "wild" if value.has_wildcard else "lit"
            is_boolean = not value.quoted and text in {"true", "false"}
            return ["is", field and field.text, kind, text == "true" if is_boolean else text, value.quoted]
        case ast.Not(child):
            return ["not", as_published(child)]
        case ast.And(children) | ast.Or(children):
            return [type(node).__name__.lower(), *map(as_published, children)]
        case ast.Nested(path, child):
            return ["nested", path.text, as_published(child)]
        case _:
            raise AssertionError(node)


def _escaped(part: str, value: ast.Literal) -> str:
    return part.replace("*", "\\*") if value.has_wildcard else part
