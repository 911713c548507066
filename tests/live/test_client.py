"""The client of `tests/live` against a server of our own, whose answers were written from the APIs' documentation."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from live.cluster import Cluster, LiveError, cluster_of
from live.mapping import mapping_of
from live.replay import Outcome, replay, unplayable
from rulewright._project.project import Rule
from rulewright_engine.ir.fields import CatalogueFields, MappingFields
from rulewright_engine.ir.query import Language
from rulewright_engine.rules import Compilation, compile_rule
from rulewright_generators.cases import Case
from rulewright_schema.config import Config
from support.rules import rule_with
from support.ruleset import name_of, pinned_cases, ruleset

PREVIEW = {"previewId": "p1", "isAborted": False, "logs": [{"errors": [], "warnings": [], "duration": 5}]}
STORED = {"errors": False, "items": [{"index": {"_id": "e0", "status": 201}}]}
EVENT = {"@timestamp": "2026-01-01T11:59:00.000Z", "process": {"name": "cmd.exe"}}


@dataclass
class Recorded:
    """Answers by method and path, and what was asked."""

    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)

    def answer(self, request: str) -> tuple[int, Any]:
        return self.answers.get(request, (200, {"acknowledged": True}))


def alert(*events: str, **more: Any) -> dict[str, Any]:
    ancestors = [{"id": event, "type": "event", "index": "rulewright-1", "depth": 0} for event in events]
    return {"_id": "a", "_source": {"kibana.alert.ancestors": ancestors, **more}}


def hits(*alerts: dict[str, Any]) -> tuple[int, Any]:
    return 200, {"hits": {"total": {"value": len(alerts), "relation": "eq"}, "hits": list(alerts)}}


@pytest.fixture
def recorded() -> Recorded:
    return Recorded(
        {
            "POST /rulewright-1/_bulk?refresh=true": (200, STORED),
            "POST /api/detection_engine/rules/preview": (200, PREVIEW),
            "POST /.preview.alerts-security.alerts-default/_search": hits(alert("e0")),
        }
    )


@pytest.fixture
def cluster(recorded: Recorded) -> Iterator[Cluster]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            recorded.asked.append((f"{self.command} {self.path}", sent, dict(self.headers)))
            status, body = recorded.answer(f"{self.command} {self.path}")
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_PUT = do_POST = do_DELETE = _answer

        def log_message(self, *_: Any) -> None:
            """Nothing: what was asked is recorded."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    yield Cluster(url, url, "key")
    server.shutdown()
    thread.join()
    server.server_close()


def compiled(query: str = 'process where process.name == "cmd.exe"', language: Language = Language.EQL) -> Compilation:
    return compile_rule(rule_with(query, language), Config())


def case(*events: dict[str, Any], alerts: tuple[tuple[int, ...], ...]) -> Case:
    return Case(name="one", events=events, alerts=alerts, why="why")


def test_a_case_is_stored_run_compared_and_removed(cluster: Cluster, recorded: Recorded) -> None:
    outcome = replay(cluster, compiled(), case(EVENT, alerts=((0,),)), "rulewright-1")
    assert outcome == Outcome(((0,),), ((0,),))
    assert outcome.agrees
    requests = [request for request, _, _ in recorded.asked]
    assert requests == [
        "PUT /rulewright-1",
        "POST /rulewright-1/_bulk?refresh=true",
        "POST /api/detection_engine/rules/preview",
        "POST /.preview.alerts-security.alerts-default/_refresh",
        "POST /.preview.alerts-security.alerts-default/_search",
        "DELETE /rulewright-1?ignore_unavailable=true",
    ]


def test_what_is_sent(cluster: Cluster, recorded: Recorded) -> None:
    replay(cluster, compiled(), case({"_index": "x", **EVENT}, alerts=((0,),)), "rulewright-1")
    (_, created, _), (_, stored, bulk), (_, previewed, kibana), *_ = recorded.asked
    properties = json.loads(created)["mappings"]["properties"]
    assert properties["process"]["properties"]["name"]["type"] == "keyword"
    assert [json.loads(line) for line in stored.splitlines()] == [{"index": {"_id": "e0"}}, EVENT]
    assert bulk["Content-Type"] == "application/x-ndjson"
    assert bulk["Authorization"] == kibana["Authorization"] == "ApiKey key"
    assert {name.lower(): value for name, value in kibana.items()}["kbn-xsrf"] == "rulewright"
    rule = json.loads(previewed)
    assert (rule["index"], rule["invocationCount"], rule["timeframeEnd"]) == (
        ["rulewright-1"],
        1,
        "2026-01-01T12:00:00.000Z",
    )
    assert "rule_id" not in rule


def test_an_esql_query_reads_the_index_of_the_case(cluster: Cluster, recorded: Recorded) -> None:
    query = 'FROM logs-*, other-* METADATA _id, _index | WHERE process.name == "cmd.exe" | KEEP _id'
    replay(cluster, compiled(query, Language.ESQL), case(EVENT, alerts=((0,),)), "rulewright-1")
    rule = json.loads(recorded.asked[2][1])
    assert rule["query"] == 'FROM rulewright-1 METADATA _id, _index | WHERE process.name == "cmd.exe" | KEEP _id'


@pytest.mark.parametrize(
    ("found", "pinned", "outcome"),
    [
        ((), ((0,),), Outcome(((0,),), ())),
        ((alert("e1"),), ((0,),), Outcome(((0,),), ((1,),))),
        ((alert("e1", "e0"), alert("e0", **{"kibana.alert.group.index": 0})), ((0, 1),), Outcome(((0, 1),), ((0, 1),))),
        ((alert("e0"),), ((0, -1),), Outcome(((0,),), ((0,),))),
        ((alert("7f8e"),), ((0, 1),), Outcome((1,), (1,))),
        ((alert("e0", **{"kibana.alert.suppression.terms": []}),), ((0, 1),), Outcome((1,), (1,))),
        ((), (), Outcome((), ())),
    ],
    ids=["none", "another", "sequence", "missing event", "group", "suppressed", "near miss"],
)
def test_alerts_are_compared(
    cluster: Cluster, recorded: Recorded, found: Any, pinned: tuple[tuple[int, ...], ...], outcome: Outcome
) -> None:
    recorded.answers["POST /.preview.alerts-security.alerts-default/_search"] = hits(*found)
    assert replay(cluster, compiled(), case(EVENT, EVENT, alerts=pinned), "rulewright-1") == outcome


REFUSED = {"error": {"type": "security_exception", "reason": "missing privileges"}, "status": 403}
UNSTORED = {"errors": True, "items": [{"index": {"_id": "e0", "status": 400, "error": {"reason": "failed to parse"}}}]}
FAILED = {**PREVIEW, "logs": [{"errors": ["verification_exception: Unknown column"], "warnings": []}]}


@pytest.mark.parametrize(
    ("request_", "answer", "told"),
    [
        ("PUT /rulewright-1", (403, REFUSED), "refused with status 403: .*missing privileges"),
        ("POST /rulewright-1/_bulk?refresh=true", (200, UNSTORED), "stores no such event .*failed to parse"),
        ("POST /api/detection_engine/rules/preview", (200, FAILED), "could not run the rule: .*Unknown column"),
        ("POST /api/detection_engine/rules/preview", (200, {**PREVIEW, "isAborted": True}), "was aborted"),
        ("POST /api/detection_engine/rules/preview", (200, b"<html>"), "not answered as expected"),
    ],
)
def test_a_refusal_is_told_and_the_index_removed(
    cluster: Cluster, recorded: Recorded, request_: str, answer: tuple[int, Any], told: str
) -> None:
    recorded.answers[request_] = answer
    with pytest.raises(LiveError, match=told):
        replay(cluster, compiled(), case(EVENT, alerts=()), "rulewright-1")
    assert recorded.asked[-1][0] == "DELETE /rulewright-1?ignore_unavailable=true"


def test_no_server_is_told() -> None:
    with pytest.raises(LiveError, match="was not answered: "):
        Cluster("http://127.0.0.1:9", "http://127.0.0.1:9", "key").create_index("x", {})


def test_settings_come_from_the_environment() -> None:
    given = {
        "RULEWRIGHT_LIVE_ELASTICSEARCH": "http://es:9200/",
        "RULEWRIGHT_LIVE_KIBANA": "http://kibana:5601",
        "RULEWRIGHT_LIVE_API_KEY": "key",
        "RULEWRIGHT_LIVE_SPACE": "team",
    }
    assert cluster_of(given) == Cluster("http://es:9200", "http://kibana:5601", "key", None, "team")
    told = cluster_of({"RULEWRIGHT_LIVE_KIBANA": "http://kibana:5601"})
    assert told == "no cluster: set RULEWRIGHT_LIVE_ELASTICSEARCH, RULEWRIGHT_LIVE_API_KEY"


def test_cases_that_no_cluster_can_run_say_why() -> None:
    clock = compiled("FROM logs-* | WHERE @timestamp > NOW() - 1 hour | STATS c = COUNT(*) | KEEP c", Language.ESQL)
    assert clock.compiled is not None
    assert "cluster's own" in unplayable(clock.compiled, case(EVENT, alerts=()))
    plain = compiled().compiled
    assert plain is not None
    assert unplayable(plain, case(EVENT, alerts=())) == ""


def test_a_mapping_has_multi_fields_and_nested_objects() -> None:
    fields = MappingFields({"a": "keyword", "a.text": "text", "n": "nested", "n.x": "long", "f": "scaled_float"})
    assert mapping_of(["a", "a.text", "n", "n.x", "f"], fields)["properties"] == {
        "a": {"type": "keyword", "fields": {"text": {"type": "text"}}},
        "n": {"type": "nested", "properties": {"x": {"type": "long"}}},
        "f": {"type": "scaled_float", "scaling_factor": 1_000},
    }
    assert mapping_of(["process", "process.name"], CatalogueFields())["properties"]["process"]["properties"]["name"]


class Unasked(Cluster):
    """A cluster that is sent nothing, and has no alerts."""

    def _request(self, method: str, url: str, body: Any, headers: Mapping[str, str]) -> Any:
        json.dumps(body)
        return {"items": [], "previewId": "p1", "hits": {"hits": []}}


@pytest.mark.parametrize("rule", ruleset().rules, ids=map(name_of, ruleset().rules))
def test_every_case_of_ours_can_be_sent(rule: Rule) -> None:
    compilation = compile_rule(rule.rule, Config())
    assert compilation.compiled is not None
    cases = [case for case in pinned_cases(rule) if not unplayable(compilation.compiled, case)]
    for case in cases[:: max(1, len(cases) // 5)]:
        outcome = replay(Unasked("http://e", "http://k", "key"), compilation, case, "rulewright-1")
        assert outcome.agrees is not case.is_positive
