"""Which alerts rules raise: `tests/data/rule-types.toml`."""

from collections.abc import Mapping
from typing import Any

import pytest

from rulewright_engine.evaluate.event import Event
from rulewright_engine.rules import alerts, compile_rule, contents, time_of_run
from rulewright_engine.values.dates import REFERENCE_TIME, format_instant, parse_duration
from rulewright_schema.config import Config
from support.paths import data_of
from support.rules import rule_of

CASES = data_of("rule-types.toml")["cases"]
CONFIG = Config()


def events_of(documents: list[Mapping[str, Any]]) -> list[Event]:
    return [Event(_timed(document)) for document in documents]


def _timed(document: Mapping[str, Any]) -> dict[str, Any]:
    """`ago` and `ingested` become times."""
    timed = {name: value for name, value in document.items() if name not in {"ago", "ingested"}}
    for name, field in (("ago", "@timestamp"), ("ingested", "event.ingested")):
        if name in document:
            ahead = document[name].startswith("-")
            offset = parse_duration(document[name].removeprefix("-"))
            assert offset is not None
            timed[field] = format_instant(REFERENCE_TIME + (offset if ahead else -offset))
    return timed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_alerts(case: dict[str, Any]) -> None:
    rule = rule_of(case["rule"])
    reading = compile_rule(rule, CONFIG)
    assert reading.problems == ()
    assert reading.compiled is not None
    events, indicators = events_of(case["events"]), events_of(case.get("indicators", []))
    found = alerts(reading.compiled, events, history=events_of(case.get("history", [])), indicators=indicators)
    assert [list(alert.events) for alert in found] == case["alerts"]
    assert [list(alert.keys) for alert in found] == case.get("keys", [[] for _ in found])
    assert [list(alert.suppressed) for alert in found] == case.get("suppressed", [[] for _ in found])
    assert all(alert.is_building_block == case.get("building_block", False) for alert in found)
    blocks = [list(alert.events) if "sequence" in case["rule"] else [] for alert in found]
    assert [list(alert.building_blocks) for alert in found] == blocks
    said = [content.to_json() for content in contents(reading.compiled, found, events, indicators)]
    for content, expected in zip(said, case.get("says", [{}] * len(found)), strict=True):
        assert {name: content.get(name, "") for name in expected} == expected


def test_names_of_cases_differ() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))


def test_a_machine_learning_rule_says_why_it_cannot_run() -> None:
    rule = rule_of(
        '[rule]\ntype = "machine_learning"\nanomaly_threshold = 50\nmachine_learning_job_id = ["job"]\n'
        "# without language\n# without query\n# without index\n"
    )
    reading = compile_rule(rule, CONFIG)
    assert reading.compiled is None
    assert [located.problem.code for located in reading.problems] == ["RW570"]


def test_a_rule_with_a_filter_that_cannot_be_evaluated_is_not_run() -> None:
    rule = rule_of('[[rule.filters]]\nquery = { geo_distance = { distance = "1km" } }\n')
    assert compile_rule(rule, CONFIG).compiled is None


def test_the_run_follows_events_of_another_time() -> None:
    rule = rule_of('[rule]\ntype = "query"\nlanguage = "kuery"\nquery = "user.name : ada"\n')
    events = [Event({"@timestamp": "2020-05-05T05:05:05Z", "user.name": "ada"})]
    now = time_of_run(events, rule)
    assert format_instant(now) == "2020-05-05T05:05:05.000Z"
    compiled = compile_rule(rule, CONFIG, now=now).compiled
    assert compiled is not None
    assert [alert.events for alert in alerts(compiled, events)] == [(0,)]
    assert time_of_run(events_of([{"ago": "5m"}]), rule) == REFERENCE_TIME
    assert time_of_run([], rule) == REFERENCE_TIME
