"""Which events pass a rule's filters: `tests/data/filters.toml`; and that no filter makes reading fail."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.event_types import types_of_events
from rulewright_engine.ir.expression import And
from rulewright_engine.ir.fields import CatalogueFields, FieldTypes, MappingFields
from rulewright_engine.languages.filters import Located, lower_filters
from rulewright_engine.languages.filters.clauses import CLAUSES
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.rule import ThreatMatchRule
from support.paths import data_of
from support.rules import loaded

CASES = [{**case, "filters": json.loads(case["filters"])} for case in data_of("filters.toml")["cases"]]
PATH = ("rule", "filters")


def lower(filters: Any, fields: FieldTypes) -> tuple[Any, tuple[Located, ...]]:
    return lower_filters(filters, PATH, fields, now=REFERENCE_TIME)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_filters(case: dict[str, Any]) -> None:
    events = [Event(document) for document in case["events"]]
    conditions, problems = lower(case["filters"], MappingFields(case.get("mapping") or types_of_events(events)))
    told = [[located.problem.code, ".".join(map(str, located.path[2:]))] for located in problems]
    assert told == case.get("problems", [])
    assert (conditions is not None) == ("expect" in case)
    if conditions is not None:
        meets = compile_condition(And(conditions))
        assert [position for position, event in enumerate(events) if meets(event)] == case["expect"]


@pytest.mark.parametrize("case", [c for c in CASES if "expect" in c], ids=lambda case: case["name"])
def test_the_text_of_a_leaf_is_a_clause_for_that_leaf(case: dict[str, Any]) -> None:
    fields = MappingFields(case.get("mapping") or types_of_events([Event(document) for document in case["events"]]))
    conditions, _ = lower(case["filters"], fields)
    for leaf in And(conditions).leaves():
        clause = json.loads(leaf.text)
        for path in [name for name, kind in case.get("mapping", {}).items() if kind == "nested"]:
            if any(field.name.startswith(f"{path}.") for field in leaf.fields()):
                clause = {"nested": {"path": path, "query": clause}}
        alone, _ = lower([{"query": clause}], fields)
        assert leaf in list(And(alone).leaves())


def test_every_public_filter_is_evaluated(corpus: list[Path]) -> None:
    fields = CatalogueFields()
    count = 0
    for path in corpus:
        rule = loaded(path).rule
        if rule is None:
            continue
        threat = rule.threat_filters if isinstance(rule, ThreatMatchRule) else ()
        for filters in filter(None, (rule.filters, threat)):
            conditions, _ = lower(filters, fields)
            assert conditions is not None
            count += len(filters)
    assert count == 53


names = st.one_of(
    st.sampled_from([*sorted(CLAUSES), "a", "n", "value", "query", "field", "path", "must", "should"]), st.text()
)
filters = st.dictionaries(
    st.sampled_from(["query", "meta", "exists", "term"]),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
        max_leaves=10,
    ),
)


@given(st.lists(filters, max_size=3))
def test_any_filter(found: list[dict[str, Any]]) -> None:
    conditions, problems = lower(found, MappingFields({"a": "keyword", "n": "long"}))
    assert conditions is not None or problems
    if conditions is not None:
        compile_condition(And(conditions))(Event({"a": "x", "n": 1}))
