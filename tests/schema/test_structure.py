"""The schema accepts what it should, and each structural mistake is one diagnostic at its place."""

import copy
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from rulewright_schema.files.load import load_text
from rulewright_schema.files.structure import rule_schema
from rulewright_schema.files.structure.accept import accepts
from support.rules import loaded

BASE = """\
[metadata]
creation_date = "2024/01/31"
updated_date = "2024/01/31"

[rule]
name = "Reverse Shell"
description = "A shell reads from a socket."
author = ["Rulewright"]
risk_score = 73
severity = "high"
rule_id = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1"
"""
EQL = BASE + 'type = "eql"\nquery = "process where true"\n'
TYPES: dict[str, dict[str, Any]] = {
    "eql": {"query": "process where true"},
    "query": {"query": "event.action : start", "language": "lucene"},
    "esql": {"query": "from logs-*"},
    "threshold": {"query": "*", "threshold": {"field": [], "value": 5}},
    "new_terms": {
        "query": "*",
        "new_terms": {
            "field": "new_terms_fields",
            "value": ["user.name"],
            "history_window_start": [{"field": "history_window_start", "value": "now-14d"}],
        },
    },
    "threat_match": {
        "query": "*",
        "threat_index": ["ti-*"],
        "threat_mapping": [{"entries": [{"field": "file.name", "type": "mapping", "value": "file.name"}]}],
    },
    "machine_learning": {"anomaly_threshold": 50, "machine_learning_job_id": "a_job"},
}


def problems(text: str) -> list[tuple[str, str]]:
    """Code and underlined text of each diagnostic."""
    file = load_text(text)
    return [(p.code, file.source.text[p.span.start : p.span.end] if p.span else "") for p in file.diagnostics]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("query =", "qurey ="), [("RW101", "qurey")]),
        (("severity =", "naem ="), [("RW101", "naem"), ("RW102", "[rule]")]),
        (('name = "Reverse Shell"\n', ""), [("RW102", "[rule]")]),
        (('"eql"', '"eqll"'), [("RW108", '"eqll"')]),
        (('type = "eql"\n', ""), [("RW102", "[rule]")]),
        (('type = "eql"', "type = 1"), [("RW103", "1")]),
        (('["Rulewright"]', '"Rulewright"'), [("RW103", '"Rulewright"')]),
        (('["Rulewright"]', "[1]"), [("RW103", "1")]),
        (("73", '"73"'), [("RW103", '"73"')]),
        (("73", "true"), [("RW103", "true")]),
        (("73", "173"), [("RW105", "173")]),
        (('"2024/01/31"', "2024-01-31"), [("RW103", "2024-01-31")]),
        (('"2024/01/31"', '"31.1.2024"'), [("RW106", '"31.1.2024"')]),
        (('"high"', '"hihg"'), [("RW104", '"hihg"')]),
        (('"high"', "[]"), [("RW103", "[]")]),
        (("[metadata]", "[metadat]"), [("RW101", "[metadat]")]),
        (("[metadata]", "[other]"), [("RW101", "[other]"), ("RW102", "")]),
    ],
)
def test_one_mistake_is_one_diagnostic_at_its_place(change: tuple[str, str], expected: list[tuple[str, str]]) -> None:
    changed = EQL.replace(*change, 1)
    assert changed != EQL
    assert sorted(problems(changed)) == sorted(expected)


@pytest.mark.parametrize("rule_type", rule_schema()["definitions"]["ruleType"]["enum"])
def test_each_type_accepts_its_keys_and_no_other_types(rule_type: str) -> None:
    data = tomli.loads(BASE)
    data["rule"] |= {"type": rule_type, **TYPES[rule_type]}
    assert accepts(data)
    for other, keys in TYPES.items():
        for key in keys.keys() - TYPES[rule_type].keys() - {"language"}:
            if key != "query" or rule_type == "machine_learning":
                assert not accepts({**data, "rule": data["rule"] | {key: keys[key]}}), (rule_type, other, key)
    for key in TYPES[rule_type].keys() - {"language"}:
        assert not accepts({**data, "rule": {k: v for k, v in data["rule"].items() if k != key}}), (rule_type, key)


def test_a_key_of_another_type_is_said_to_be_one() -> None:
    assert problems(EQL + "anomaly_threshold = 50\n") == [("RW107", "anomaly_threshold")]


def test_a_key_that_strayed_below_another_header_is_one_mistake() -> None:
    moved = EQL.replace('query = "process where true"\n', "") + '[rule.threshold]\nquery = "process where true"\n'
    assert ("RW101", "query") in problems(moved)
    assert "RW102" not in [code for code, place in problems(moved) if place == "[rule]"]


def test_help_names_the_nearest_and_offers_the_edit() -> None:
    (problem,) = load_text(EQL.replace("query =", "qurey =")).diagnostics
    assert problem.help == "did you mean `query`?"
    assert problem.fix is not None
    assert problem.fix.edits[0].text == "query"


def test_the_schema_is_valid_and_described() -> None:
    Draft7Validator.check_schema(rule_schema())
    keys = rule_schema()["definitions"]["rule"]["properties"]
    assert [key for key, schema in keys.items() if "description" not in schema] == []


@pytest.fixture(scope="module")
def public_data(corpus: list[Path]) -> list[dict[str, Any]]:
    return [dict(loaded(path).data) for path in corpus[::40]]


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 200) | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "field", "value"]), inner),
    max_leaves=4,
)
likely = st.sampled_from(
    ["eql", "kuery", "low", "now-5m", "5m", "", "2024/01/31", [], {}, ["a"], 0, 1, 50, 1.0, True, "equals"]
)


def mutated(draw: st.DataObject, data: dict[str, Any]) -> dict[str, Any]:
    """`data` with one key or element replaced, removed or added at a random place."""
    data = copy.deepcopy(data)
    place: Any = data
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys or draw.draw(st.integers(0, 9)) == 0:
            break
        key = draw.draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and draw.draw(st.integers(0, 9)) > 1:
            place = place[key]
            continue
        if isinstance(place, dict) and draw.draw(st.booleans()):
            del place[key]
        else:
            place[key] = draw.draw(junk | likely)
        return data
    if isinstance(place, dict):
        known = list(rule_schema()["definitions"]["rule"]["properties"])
        place[draw.draw(st.sampled_from(known) | st.text(max_size=4))] = draw.draw(junk | likely)
    else:
        place.append(draw.draw(junk | likely))
    return data


@given(st.data())
def test_the_quick_yes_agrees_with_jsonschema(public_data: list[dict[str, Any]], draw: st.DataObject) -> None:
    bases = [tomli.loads(BASE) for _ in TYPES]
    for base, (rule_type, keys) in zip(bases, TYPES.items(), strict=True):
        base["rule"] |= {"type": rule_type, **keys}
    data = draw.draw(st.sampled_from(bases + public_data))
    for _ in range(draw.draw(st.integers(1, 3))):
        data = mutated(draw, data)
    assert accepts(data) == Draft7Validator(rule_schema()).is_valid(data)
