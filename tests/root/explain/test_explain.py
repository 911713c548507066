"""What `explain` says of events and cases, through the library."""

import json
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from rulewright._explain import Explanation, explanations, read_inputs
from rulewright._explain.conditions import ConditionExplanation
from rulewright._explain.groups import GroupsExplanation
from rulewright._explain.pipeline import PipelineExplanation
from rulewright._explain.stages import StagesExplanation
from rulewright._explain.unseen import Unseen
from rulewright._project.project import cases_path, open_project
from rulewright._report.style import PLAIN
from rulewright_schema.errors import UsageError
from support.paths import data_of
from support.ruleset import pinned_cases, ruleset

CASES = data_of("explain.toml")["case"]
RULE: dict[str, Any] = {
    "author": ["Somebody"],
    "description": "A test.",
    "from": "now-9m",
    "index": ["logs-endpoint.events.process-*"],
    "interval": "5m",
    "language": "eql",
    "name": "A test",
    "risk_score": 47,
    "rule_id": "0d69150b-96f8-467c-a86d-a67a3378ce77",
    "severity": "medium",
    "type": "eql",
}
METADATA = {"creation_date": "2026/01/01", "maturity": "production", "updated_date": "2026/01/01"}
TYPES = {"kuery": "query", "lucene": "query", "esql": "esql"}

Explained = Callable[[dict[str, Any]], tuple[str, list[dict[str, Any]]]]


@pytest.fixture
def explained(tmp_path: Path) -> Explained:
    """The lines and the JSON of a case of the data."""

    def answer(case: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
        language = case.get("language", "eql")
        rule = RULE | {"language": language, "query": case["query"], "type": TYPES.get(language, "eql")}
        rule |= {key: case[key] for key in ("filters",) if key in case} | case.get("rule", {})
        if language == "esql":
            del rule["index"]
        path = tmp_path / "rule.toml"
        path.write_text(tomli_w.dumps({"metadata": METADATA, "rule": rule}, multiline_strings=True), encoding="utf-8")
        events = tmp_path / "events.ndjson"
        lines = case.get("cases") or case["events"]
        events.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
        found = list(explanations(open_project([str(path)]).rules[0], read_inputs(events)))
        return "\n".join(line for each in found for line in each.lines(PLAIN)), [each.to_json() for each in found]

    return answer


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_answer_says_it(explained: Explained, case: dict[str, Any]) -> None:
    text, data = explained(case)
    place = 0
    for said in case["says"]:
        assert said in text[place:], text
        place = text.index(said, place) + len(said)
    for unsaid in case.get("never", ()):
        assert unsaid not in text
    assert json.loads(json.dumps(data)) == data


def test_events_come_as_lines_as_one_document_or_as_a_list(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    for text, count in (
        ('{"a": 1}\n\n{"a": 2}\n', 2),
        ('{\n  "a": 1\n}\n', 1),
        ('[\n  {"a": 1},\n  {"a": 2}\n]', 2),
    ):
        path.write_text(text, encoding="utf-8")
        (given,) = read_inputs(path)
        assert [event.document["a"] for event in given.events] == [1, 2][:count]


def test_events_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b'{"a": 1}')))
    (given,) = read_inputs(Path("-"))
    assert [event.document for event in given.events] == [{"a": 1}]
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"\xff")))
    with pytest.raises(UsageError, match="not UTF-8"):
        read_inputs(Path("-"))


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}\nnothing', "[]", '{"case": "a", "events": 1}'])
def test_a_file_without_events_is_misuse(tmp_path: Path, text: str) -> None:
    path = tmp_path / "events.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        read_inputs(path)


def test_a_case_is_chosen_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.cases.jsonl"
    path.write_text(
        "".join(json.dumps({"case": name, "alerts": [], "events": [{"a": name}]}) + "\n" for name in "xyz"),
        encoding="utf-8",
    )
    assert [given.name_of(0) for given in read_inputs(path)] == ["x", "y", "z"]
    assert [given.name for given in read_inputs(path, "y")] == ["y"]
    with pytest.raises(UsageError):
        read_inputs(path, "w")


def test_the_answer_is_that_of_every_pinned_case() -> None:
    kinds = set()
    for rule in ruleset().rules:
        path = cases_path(rule.path)
        inputs = read_inputs(path)
        found = (each for each in explanations(rule, inputs) if not isinstance(each, Unseen))
        for case, given in zip(pinned_cases(rule), inputs, strict=True):
            own = [next(found)]
            if isinstance(own[0], ConditionExplanation):  # of each event one, otherwise one of all events
                own += islice(found, len(given.events) - 1)
            kinds.add(type(own[0]))
            assert any(map(raises, own)) is case.is_positive, f"{path}: {case.name}"
        assert next(found, None) is None
    assert {ConditionExplanation, StagesExplanation, GroupsExplanation} <= kinds


def raises(explanation: Explanation) -> bool:
    match explanation:
        case ConditionExplanation():
            return explanation.trace.truth
        case StagesExplanation() | GroupsExplanation():
            return bool(explanation.alerts)
        case PipelineExplanation():
            return any(trace.alert is not None for trace in explanation.traces)
        case _:
            return False
