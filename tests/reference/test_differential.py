"""The engine against deliberately naive evaluators, on random queries over random documents.

`RULEWRIGHT_LONG=20000 python -m pytest tests/reference` runs so many queries a language, each over ten documents;
without it, a hundred.
"""

import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference import naive_documents, naive_eql, naive_kql, naive_lucene
from reference.query_texts import DOCUMENTS, EQL, KQL, LUCENE
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.languages.parse import parse_query

FIELDS = MappingFields(naive_documents.MAPPING)
EVENTS = st.lists(DOCUMENTS, min_size=10, max_size=10)

many = settings(
    max_examples=int(os.environ.get("RULEWRIGHT_LONG", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def verdicts(language: Language, query: str, documents: list[Any]) -> list[bool]:
    parsed = parse_query(language, query, FIELDS)
    assert isinstance(parsed.query, EventQuery), [diagnostic.message for diagnostic in parsed.diagnostics]
    check = compile_condition(parsed.query.condition)
    return [check(Event(document)) for document in documents]


@many
@given(EQL, EVENTS)
def test_eql(query: str, documents: list[Any]) -> None:
    assert verdicts(Language.EQL, query, documents) == [naive_eql.matches(query, each) for each in documents]


@many
@given(KQL, EVENTS)
def test_kql(query: str, documents: list[Any]) -> None:
    assert verdicts(Language.KQL, query, documents) == [naive_kql.matches(query, each) for each in documents]


@many
@given(LUCENE, EVENTS)
def test_lucene(query: str, documents: list[Any]) -> None:
    assert verdicts(Language.LUCENE, query, documents) == [naive_lucene.matches(query, each) for each in documents]
