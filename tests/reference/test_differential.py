"""The engine against deliberately naive evaluators, on random queries over random documents.

`RULEWRIGHT_LONG=20000 python -m pytest tests/reference` runs so many queries a language, each over ten documents;
without it, a hundred.
"""

import os
from types import ModuleType
from typing import Any

import pytest
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
QUERIES = int(os.environ.get("RULEWRIGHT_LONG", "100"))
POOL = 3 * QUERIES
Documents = list[dict[str, Any]]

times = settings(max_examples=QUERIES, deadline=None, suppress_health_check=list(HealthCheck))
ten = st.lists(st.integers(0, POOL - 1), min_size=10, max_size=10)


@pytest.fixture(scope="module")
def pool() -> Documents:
    """Documents for all queries, of which each takes ten: to draw one costs more than to ask it."""
    found: Documents = []

    @settings(times, max_examples=POOL, derandomize=True, database=None)
    @given(DOCUMENTS)
    def draw(document: dict[str, Any]) -> None:
        found.append(document)

    draw()
    return found


def check(language: Language, naive: ModuleType, query: str, documents: Documents) -> None:
    parsed = parse_query(language, query, FIELDS)
    assert isinstance(parsed.query, EventQuery), [diagnostic.message for diagnostic in parsed.diagnostics]
    matches = compile_condition(parsed.query.condition)
    for document in documents:
        assert matches(Event(document)) == naive.matches(query, document), document


@times
@given(EQL, ten)
def test_eql(pool: Documents, query: str, chosen: list[int]) -> None:
    check(Language.EQL, naive_eql, query, [pool[at % len(pool)] for at in chosen])


@times
@given(KQL, ten)
def test_kql(pool: Documents, query: str, chosen: list[int]) -> None:
    check(Language.KQL, naive_kql, query, [pool[at % len(pool)] for at in chosen])


@times
@given(LUCENE, ten)
def test_lucene(pool: Documents, query: str, chosen: list[int]) -> None:
    check(Language.LUCENE, naive_lucene, query, [pool[at % len(pool)] for at in chosen])
