"""A value that is looked for in thousands of fields: events are asked in full, and nothing is proven of the rest."""

import pytest

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import And, Condition, InOtherFields, Not
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.solver import Outcome, SmtSolver

LANGUAGES = (Language.KQL, Language.LUCENE)


def condition_of(query: str, language: Language) -> Condition:
    read = parse_query(language, query, CatalogueFields())
    assert isinstance(read.query, EventQuery)
    return read.query.condition


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("event", "truth"),
    [
        ({}, False),
        ({"process": {"name": "odd"}}, True),
        ({"process": {"name": "odder"}}, False),
        ({"message": "an odd text"}, True),
        ({"dll": {"pe": {"sections": [{"name": "none"}, {"name": "odd"}]}}}, False),  # nested objects are apart
        ({"process.env_vars": ["none", "odd"]}, True),
    ],
)
def test_every_field_of_an_event_is_asked(language: Language, event: dict[str, object], truth: bool) -> None:
    assert compile_condition(condition_of("odd", language))(Event(event)) is truth


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_conditions_stand_for_all_fields(language: Language) -> None:
    leaves = list(condition_of("odd", language).leaves())
    assert len(leaves) < 10
    rest = leaves[-1].test
    assert isinstance(rest, InOtherFields)
    assert len(rest.conditions) > 1_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_in_the_fields_apart_is_not_proven_to_be_nowhere(language: Language) -> None:
    condition = condition_of("odd", language)
    *apart, rest = condition.leaves()
    elsewhere = And((condition, *(Not(leaf) for leaf in apart)))
    outcomes = [outcome for outcome in SmtSolver(elsewhere).outcomes() if outcome.leaf == rest]
    assert [outcome.outcome for outcome in outcomes] == [Outcome.UNDECIDED]
