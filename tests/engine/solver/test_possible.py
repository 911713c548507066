"""Conditions that an event can meet, or that none can: every bug of the solver becomes a line of `data/solver.toml`."""

import pytest

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.solver import Solver
from support.paths import data_of

FIELDS = MappingFields({"s": "keyword", "n": "long", "d": "double", "at": "date", "ip": "ip"})
CASES = data_of("solver.toml")["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_an_event_can_be_so_or_cannot(case: dict[str, object]) -> None:
    parsed = parse_query(Language.EQL, f"any where {case['query']}", FIELDS)
    assert isinstance(parsed.query, EventQuery), parsed.diagnostics
    solver = Solver(parsed.query.condition, several=lambda name: False)
    found = solver.model()
    assert isinstance(found, dict) is case["possible"]
    if isinstance(found, dict):
        assert solver.matches(Event({name: list(values) for name, values in found.items()}))
