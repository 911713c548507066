"""Kibana's rule import: the form of each rule type, the published schema, and published hashes as a witness."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from rulewright_engine.ir.query import Language
from rulewright_engine.rules import Compilation
from rulewright_generators.exports.kibana.export import to_kibana, write_kibana
from rulewright_generators.exports.kibana.payload import payload_of
from rulewright_generators.exports.kibana.required import named_fields
from rulewright_generators.writing.templates import Templates
from rulewright_schema.catalogue import default_catalogue
from support import rules
from support.rules import compilation_of, loaded

PROVIDER = {"excluded": False, "field": "host.id", "queryType": "phrase", "value": "{{host.id}}", "valueType": "string"}


def rule_with(transform: dict[str, Any] | None = None, **details: Any) -> Compilation:
    given = {
        "query": "process.name:nc\n and user.name:x",
        "language": Language.KQL,
        "index": ["logs-*"],
        "description": "Finds something.\n  On two lines.",
    }
    return compilation_of(rules.rule_with(transform=transform, **(given | details)))


def test_texts_are_one_line_but_for_those_whose_lines_matter() -> None:
    payload = payload_of(rule_with(note="a\n\nb"))
    assert payload["description"] == "Finds something. On two lines."
    assert payload["query"] == "process.name:nc\n and user.name:x" and payload["note"] == "a\n\nb"


def test_new_terms() -> None:
    terms = {
        "field": "new_terms_fields",
        "value": ["host.id", "user.id"],
        "history_window_start": [{"field": "history_window_start", "value": "now-7d"}],
    }
    payload = payload_of(rule_with(type="new_terms", new_terms=terms))
    assert "new_terms" not in payload
    assert payload["new_terms_fields"] == ["host.id", "user.id"] and payload["history_window_start"] == "now-7d"


def test_a_threat_without_technique_has_an_empty_list() -> None:
    tactic = {"id": "TA0002", "name": "Execution", "reference": "https://attack.mitre.org/tactics/TA0002/"}
    payload = payload_of(rule_with(threat=[{"framework": "MITRE ATT&CK", "tactic": tactic}]))
    assert payload["threat"] == [{"framework": "MITRE ATT&CK", "tactic": tactic, "technique": []}]


def test_the_setup_section_of_a_note_is_the_setup() -> None:
    note = "## Triage\n\nLook.\n\n## Setup\n\nInstall `x`.\n\n## More\n\nEnd."
    payload = payload_of(rule_with(note=note))
    assert payload["setup"] == "Install `x`."
    assert payload["note"] == "## Triage\n\nLook.\n\n## More\n\nEnd."
    assert payload_of(rule_with(note=note, setup="Own."))["setup"] == "Own."
    assert payload_of(rule_with(note=note, setup="Own."))["note"] == note


def test_placeholders_become_plugins() -> None:
    transform = {
        "osquery": [{"label": "Users", "query": "SELECT *"}],
        "investigate": [{"label": "Alerts", "providers": [[PROVIDER]]}],
    }
    payload = payload_of(rule_with(transform, note="- $osquery_0\n- $investigate_0\n- $osquery_7 costs $$5"))
    assert payload["note"].splitlines() == [
        '- !{osquery{"label":"Users","query":"SELECT *"}}',
        '- !{investigate{"label":"Alerts","providers":[[{"excluded":false,"field":"host.id","queryType":"phrase",'
        '"value":"{{host.id}}","valueType":"string"}]]}}',
        "- $osquery_7 costs $5",
    ]


def test_required_fields_are_those_that_the_query_names() -> None:
    query = (
        'sequence by host.id [process where ?process.name == "nc" and `process.pid` > 4] [file where made.up == null]'
    )
    rule = rule_with(language=Language.EQL, query=query)
    assert "required_fields" not in payload_of(rule), "a query that cannot be read names none"
    rule = rule_with(language=Language.EQL, query=query.replace("made.up", "file.path"))
    assert payload_of(rule)["required_fields"] == [
        {"name": "file.path", "type": "keyword"},
        {"name": "host.id", "type": "keyword"},
        {"name": "process.name", "type": "keyword"},
        {"name": "process.pid", "type": "long"},
    ]


def test_a_wildcard_name_names_no_field() -> None:
    rule = rule_with(query="process.name:nc and process.hash.*:abc")
    assert payload_of(rule)["required_fields"] == [{"name": "process.name", "type": "keyword"}]


def test_the_file(tmp_path: Path) -> None:
    rule = rule_with(name="../<script> 'é' \u2028", tags=["b", "a"])
    path = write_kibana([rule, rule], tmp_path / "out")
    assert path == tmp_path / "out" / "rules.ndjson" and [p.name for p in tmp_path.iterdir()] == ["out"]
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert len(lines) == 3
    first = json.loads(lines[0])
    assert list(first) == sorted(first) and first == payload_of(rule)
    assert json.loads(lines[2])["exported_rules_count"] == 2


def test_a_template_may_add_to_a_rule(tmp_path: Path) -> None:
    (tmp_path / "kibana").mkdir()
    (tmp_path / "kibana" / "rule.ndjson.j2").write_text("{{ dict(payload, enabled=true) }}")
    line = to_kibana(rule_with(), templates=Templates(tmp_path))
    assert json.loads(line)["enabled"] is True


# The public rules


def public_rules(corpus: list[Path]) -> Iterator[Compilation]:
    for path in corpus:
        rule = loaded(path).rule
        if rule is not None:
            yield compilation_of(rule)


@pytest.fixture(scope="module")
def payloads(corpus: list[Path]) -> list[tuple[Compilation, dict[str, Any]]]:
    return [(rule, payload_of(rule)) for rule in public_rules(corpus)]


def test_kibana_accepts_every_rule(payloads: list[tuple[Compilation, dict[str, Any]]], shared: Path) -> None:
    folder = shared / "conformance" / "kibana-schema"
    validator = jsonschema.Draft202012Validator(json.loads((folder / "rule-import.schema.json").read_text()))
    wrong = {each.rule.name: error.message for each, payload in payloads for error in validator.iter_errors(payload)}
    assert wrong == {} and len(payloads) > 1_500


def test_kibana_accepts_the_last_line(tmp_path: Path, shared: Path) -> None:
    schema = json.loads((shared / "conformance" / "kibana-schema" / "export-details.schema.json").read_text())
    last = write_kibana([rule_with()], tmp_path).read_text().splitlines()[-1]
    jsonschema.Draft202012Validator(schema).validate(json.loads(last))


def published_form(compilation: Compilation, payload: dict[str, Any]) -> str:
    """The hash of a payload as its publisher computes it.

    There, a required field says whether it is of ECS, and one that no schema defines is of the type `unknown`.
    """
    types = {field["name"]: field["type"] for field in payload.get("required_fields", [])}
    names = named_fields(compilation.query) if compilation.query is not None else []
    required = [{"name": name, "type": types.get(name, "unknown"), "ecs": _is_of_ecs(name)} for name in names]
    hashed = {**payload, **({"required_fields": required} if required else {})}
    return hashlib.sha256(base64.b64encode(json.dumps(hashed, sort_keys=True).encode())).hexdigest()


def _is_of_ecs(name: str) -> bool:
    entry = default_catalogue().lookup(name)
    return entry is not None and entry.source.startswith("ECS")


def test_published_hashes(payloads: list[tuple[Compilation, dict[str, Any]]], shared: Path) -> None:
    """Most are met. For the others, types of integrations are needed that only their packages state."""
    published = json.loads((shared / "conformance" / "export-sha256.json").read_text())["sha256"]
    known = [entry for entry in payloads if entry[0].rule.rule_id in published]
    same = sum(published_form(*entry) == published[entry[0].rule.rule_id] for entry in known)
    assert same >= 1_160, f"{same} of {len(known)}"
