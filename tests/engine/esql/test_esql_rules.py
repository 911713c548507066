"""A query as a rule: which rows become alerts, of which events; and the trace of one event through a query."""

from typing import Any

from rulewright_engine.esql.execution.alerts import Alerts, rule_alerts
from rulewright_engine.esql.execution.explain import RowTrace, RowTraces, explain
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import Outside
from rulewright_engine.ir.fields import CatalogueFields

FIELDS = CatalogueFields()


def logon(user: str, host: str, second: int, **more: Any) -> Event:
    return Event(
        {"@timestamp": f"2024-05-17T13:00:{second:02d}Z", "user": {"name": user}, "host": {"id": host}, **more}
    )


def alerts_of(text: str, events: list[Event], **options: Any) -> list[tuple[int, ...]]:
    found = rule_alerts(text, events, FIELDS, **options)
    assert isinstance(found, Alerts), found
    return [alert.events for alert in found.alerts]


def test_each_row_is_an_alert_of_its_event() -> None:
    query = (
        'FROM logs-* METADATA _id, _version, _index | WHERE user.name == "ada" | KEEP user.name, _id, _version, _index'
    )
    assert alerts_of(query, [logon("ada", "a", 0), logon("bob", "a", 1), logon("ada", "b", 2)]) == [(0,), (2,)]


def test_an_aggregating_alert_has_the_events_of_its_group() -> None:
    query = "FROM logs-* | STATS Esql.count = COUNT(*) BY host.id | WHERE Esql.count >= 2 | KEEP host.id, Esql.*"
    events = [logon("ada", "a", 0), logon("bob", "b", 1), logon("cyd", "a", 2)]
    assert alerts_of(query, events) == [(0, 2)]


def test_two_stats_keep_the_events() -> None:
    query = """FROM logs-* | STATS c = COUNT(*) BY host.id, user.name | STATS u = COUNT(*) BY host.id | WHERE u == 2"""
    events = [logon("ada", "a", 0), logon("bob", "b", 1), logon("cyd", "a", 2), logon("ada", "a", 3)]
    assert alerts_of(query, events) == [(0, 3, 2)]


def test_documents_are_told_apart_by_their_identity_and_expanded_values() -> None:
    query = "FROM logs-* METADATA _id, _version, _index | MV_EXPAND tags | KEEP tags, _id, _version, _index"
    events = [
        logon("ada", "a", 0, tags=["x", "y"]),
        logon("bob", "b", 1, tags=["x"], _id="same"),
        logon("bob", "b", 1, tags="x", _id="same"),
    ]
    assert alerts_of(query, events) == [(0,), (0,), (1,)]


def test_inline_stats_does_not_aggregate() -> None:
    query = "FROM logs-* METADATA _id | INLINE STATS c = COUNT(*) BY host.id | WHERE c > 1 | KEEP _id, user.name"
    assert alerts_of(query, [logon("ada", "a", 0), logon("bob", "b", 1), logon("cyd", "a", 2)]) == [(0,), (2,)]


def test_no_more_alerts_than_signals() -> None:
    assert len(alerts_of("FROM logs-*", [logon("ada", "a", i) for i in range(9)], max_signals=4)) == 4


def test_cells_that_are_null_are_left_out() -> None:
    found = rule_alerts("FROM logs-* | KEEP user.name, host.name", [logon("ada", "a", 0)], FIELDS)
    assert isinstance(found, Alerts)
    assert found.alerts[0].columns == {"user.name": "ada"}


def test_completion_is_told_its_answers() -> None:
    query = """FROM logs-* | COMPLETION verdict = CONCAT("who is ", user.name, "?") WITH { "inference_id": "x" }
        | WHERE verdict == "admin" | KEEP user.name"""
    events = [logon("ada", "a", 0), logon("bob", "b", 1), logon("cyd", "b", 2)]
    assert alerts_of(query, events, outside=Outside({"verdict": ["admin", "user"]})) == [(0,)]
    assert alerts_of(query, events, outside=Outside({"verdict": "admin"})) == [(0,), (1,), (2,)]
    assert alerts_of(query, events) == []


def test_mistakes_come_back_as_diagnostics() -> None:
    found = rule_alerts("FROM logs-* | WHERE nonsense == 1", [], FIELDS)
    assert isinstance(found, tuple)
    assert [each.code for each in found] == ["RW583"]


QUERY = """FROM logs-*
| WHERE user.name != "root" AND (host.id == "a" OR user.name LIKE "svc-*")
| EVAL minute = DATE_TRUNC(1 minute, @timestamp)
| STATS Esql.users = COUNT_DISTINCT(user.name) BY host.id, minute
| WHERE Esql.users >= 2
| KEEP host.id, Esql.users"""


def trace_of(position: int, events: list[Event]) -> RowTrace:
    found = explain(QUERY, events, FIELDS)
    assert isinstance(found, RowTraces)
    return found.each[position]


def test_the_way_of_an_event_that_raises_an_alert() -> None:
    way = trace_of(1, [logon("ada", "a", 0), logon("bob", "a", 1)])
    assert way.dropped_by is None
    assert [(each.rows_in, each.rows_out, each.own_out) for each in way.commands] == [
        (2, 2, 1), (2, 2, 1), (2, 2, 1), (2, 1, 1), (1, 1, 1), (1, 1, 1),
    ]  # fmt: skip
    assert way.commands[-1].row == {"host.id": "a", "Esql.users": 2}


def test_the_condition_that_drops_an_event() -> None:
    way = trace_of(1, [logon("ada", "a", 0), logon("bob", "b", 1)])
    lost = way.dropped_by
    assert lost is not None
    assert lost.text.startswith("WHERE user.name")
    assert lost.reason is not None
    either = lost.reason.parts[1]
    assert [(part.text, part.value, part.values) for part in either.parts] == [
        ('host.id == "a"', False, {"host.id": "b"}),
        ('user.name LIKE "svc-*"', False, {"user.name": "bob"}),
    ]


def test_the_condition_that_drops_a_group() -> None:
    lost = trace_of(0, [logon("ada", "a", 0), logon("ada", "a", 1)]).dropped_by
    assert lost is not None and lost.reason is not None
    assert (lost.text, lost.reason.values) == ("WHERE Esql.users >= 2", {"Esql.users": 1})


def test_several_values_are_shown_as_null() -> None:
    lost = trace_of(0, [logon("ada", ["a", "b"], 0)]).dropped_by  # type: ignore[arg-type]
    assert lost is not None and lost.reason is not None
    assert lost.reason.parts[1].parts[0].value is None
