"""Conditions that relate two fields."""

import pytest

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import EventQuery, Language, QueryOptions
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.solver import Outcome, SmtSolver

QUERIES = [
    "any where startsWith(process.name, user.name)",
    'any where endsWith~(process.name, user.name) and user.name : "*svc" and process.name != "svc"',
    'any where not startsWith(process.name, user.name) and process.name == "alpha"',
    'any where stringContains(process.command_line, process.name) and process.name in ("one", "two")',
]


@pytest.mark.parametrize("text", QUERIES)
def test_related_fields_are_solved_one_after_the_other(text: str) -> None:
    query = parse_query(Language.EQL, text, CatalogueFields(), QueryOptions()).query
    assert isinstance(query, EventQuery)
    solver = SmtSolver(query.condition, multi_valued=lambda name: False)
    for found in solver.outcomes():
        assert found.outcome in (Outcome.PAIR, Outcome.COUPLED), found.leaf.text
        assert found.positive is not None and found.negative is not None
        assert solver.matches(Event({name: list(values) for name, values in found.positive.items()}))
        assert not solver.matches(Event({name: list(values) for name, values in found.negative.items()}))
