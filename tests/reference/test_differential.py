"""The engine against deliberately naive evaluators, on random queries over random documents.

A hundred queries a language, each over ten documents; `RULEWRIGHT_LONG=200` makes it 20,000.
"""

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
from support.effort import times

FIELDS = MappingFields(naive_documents.MAPPING)
QUERIES = times(100)
POOL = 3 * QUERIES
Documents = list[dict[str, Any]]

often = settings(max_examples=QUERIES, suppress_health_check=list(HealthCheck))
ten = st.lists(st.integers(0, POOL - 1), min_size=10, max_size=10)


@pytest.fixture(scope="module")
def pool() -> Documents:
    """Documents for all queries, of which each takes ten: to draw one costs more than to ask it."""
    found: Documents = []

    @settings(often, max_examples=POOL, derandomize=True, database=None)
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


@often
@given(EQL, ten)
def test_eql(pool: Documents, query: str, chosen: list[int]) -> None:
    check(Language.EQL, naive_eql, query, [pool[at % len(pool)] for at in chosen])


@often
@given(KQL, ten)
def test_kql(pool: Documents, query: str, chosen: list[int]) -> None:
    check(Language.KQL, naive_kql, query, [pool[at % len(pool)] for at in chosen])


@often
@given(LUCENE, ten)
def test_lucene(pool: Documents, query: str, chosen: list[int]) -> None:
    check(Language.LUCENE, naive_lucene, query, [pool[at % len(pool)] for at in chosen])
