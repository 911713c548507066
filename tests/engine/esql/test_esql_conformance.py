"""Elasticsearch's own ES|QL cases: columns with their types and order, rows, and where warnings are due."""

import math
import re
from pathlib import Path
from typing import Any

import pytest

from rulewright_engine.esql import Table, run
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import MappingFields
from support.esql_csv_spec import SpecCase, read_cases, read_data

PLACE = re.compile(r"Line (\d+):(\d+): (?:evaluation of|Field)")

EXPLAINED: dict[str, str] = {}
"""Cases that are not met, by name, and why."""


@pytest.fixture(scope="module")
def data(shared: Path) -> dict[str, tuple[MappingFields, list[Event]]]:
    sets = {}
    for path in (shared / "conformance" / "esql" / "data").glob("*.csv"):
        mapping, documents = read_data(path)
        sets[path.stem] = (MappingFields(mapping), [Event(document) for document in documents])
    return sets


def test_published_cases(shared: Path, data: dict[str, tuple[MappingFields, list[Event]]]) -> None:
    cases = [
        (path.stem, case)
        for path in sorted((shared / "conformance" / "esql").glob("*.csv-spec"))
        for case in read_cases(path)
    ]
    assert len(cases) > 150
    problems = {}
    for file, case in cases:
        problem = compare(case, data)
        if problem:
            problems[f"{file}.{case.name}"] = problem
    assert problems.keys() == EXPLAINED.keys(), "\n".join(f"{name}: {problem}" for name, problem in problems.items())


def compare(case: SpecCase, data: dict[str, tuple[MappingFields, list[Event]]]) -> str:
    """What is wrong with our answer, or nothing."""
    source = re.search(r"^\s*from\s+(\w+)", case.query, re.IGNORECASE | re.MULTILINE)
    fields, events = data[source[1]] if source else (MappingFields({}), [])
    table = run(case.query, events, fields)
    if not isinstance(table, Table):
        return "; ".join(f"{each.code} {each.message}" for each in table)
    heads = [(column.name, str(column.type)) for column in table.columns]
    if heads != case.expected.columns:
        return f"columns {heads}, expected {case.expected.columns}"
    rows, expected = [list(row) for row in table.rows], case.expected.rows
    if case.ignore_order:
        rows, expected = sorted(rows, key=repr), sorted(expected, key=repr)
    if len(rows) != len(expected):
        return f"{len(rows)} rows, expected {len(expected)}"
    for row, wanted in zip(rows, expected, strict=True):
        if not all(map(same, row, wanted)):
            return f"row {row}, expected {wanted}"
    return missing_warnings(case, table)


def same(value: Any, expected: Any) -> bool:
    if isinstance(expected, list):
        return isinstance(value, list) and len(value) == len(expected) and all(map(same, value, expected))
    if isinstance(expected, float) and isinstance(value, int | float):
        return math.isclose(value, expected, rel_tol=1e-9)
    return value == expected and type(value) is type(expected)


def missing_warnings(case: SpecCase, table: Table) -> str:
    lines = [0]
    lines.extend(match.end() for match in re.finditer("\n", case.query))
    given = {each.span.start for each in table.warnings if each.span}
    for warning in case.warnings:
        place = PLACE.search(warning.replace("\\", ""))
        if place and lines[int(place[1]) - 1] + int(place[2]) - 1 not in given:
            return f"no warning at {place[0]}"
    return ""
