"""Conditions that an event can meet, or that none can: every bug of the solver becomes a line of `data/solver.toml`."""

import tomllib
from pathlib import Path

import pytest

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.solver import SmtSolver

FIELDS = MappingFields({"s": "keyword", "n": "long", "d": "double", "at": "date", "ip": "ip"})
CASES = tomllib.loads((Path(__file__).parent.parent / "data" / "solver.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_an_event_can_be_so_or_cannot(case: dict[str, object]) -> None:
    parsed = parse_query(Language.EQL, f"any where {case['query']}", FIELDS)
    assert isinstance(parsed.query, EventQuery), parsed.diagnostics
    solver = SmtSolver(parsed.query.condition, multi_valued=lambda name: False)
    found = solver.model()
    assert isinstance(found, dict) is case["possible"]
    if isinstance(found, dict):
        assert solver.matches(Event({name: list(values) for name, values in found.items()}))
