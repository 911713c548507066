"""A whole Sigma rule: metadata, log source, losses, refusals and files."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from sigma.collection import SigmaCollection

from rulewright_engine.ir.query import Language
from rulewright_generators.exports.sigma import Loss, Profile
from rulewright_generators.exports.sigma.export import SigmaExport, to_sigma, write_sigma
from support.rules import compilation_of, rule_with
from support.sigma import sigma_of
from support.style import assert_style

PROCESS = 'process where host.os.type == "linux" and process.name : "nc"'
THREAT = [
    {
        "framework": "MITRE ATT&CK",
        "tactic": {
            "id": "TA0011",
            "name": "Command and Control",
            "reference": "https://attack.mitre.org/tactics/TA0011/",
        },
        "technique": [
            {
                "id": "T1071",
                "name": "Application Layer Protocol",
                "reference": "https://attack.mitre.org/techniques/T1071/",
                "subtechnique": [
                    {"id": "T1071.004", "name": "DNS", "reference": "https://attack.mitre.org/techniques/T1071/004/"}
                ],
            }
        ],
    }
]


def loaded(query: str, **details: Any) -> dict[str, Any]:
    export = sigma_of(rule_with(query, **details))
    assert export.text is not None, export.refusal
    assert SigmaCollection.from_yaml(export.text).errors == []
    document: dict[str, Any] = yaml.safe_load(export.text)
    return document


def test_metadata() -> None:
    rule = loaded(
        PROCESS,
        name="A 'quoted': name",
        description="First line.\nSecond line.",
        author=["Ann", "Ben"],
        license="Elastic License v2",
        references=["https://example.org/a", "https://attack.mitre.org/techniques/T1071/", "https://example.org/a"],
        false_positives=["Administrators.", "x"],
        threat=THREAT,
        investigation_fields={"field_names": ["process.args", "user.name"]},
    )
    del rule["logsource"], rule["detection"]
    assert rule == {
        "title": "A 'quoted': name",
        "id": rule["id"],
        "related": [{"id": "3d1c9a0e-5b54-4b42-9f6e-2f8f0f8f5a10", "type": "derived"}],
        "taxonomy": "ecs",
        "status": "test",
        "description": "First line. Second line.",
        "license": "Elastic-2.0",
        "references": ["https://example.org/a"],
        "author": "Ann, Ben",
        "date": "2026-01-02",
        "modified": "2026-02-03",
        "tags": ["attack.command-and-control", "attack.t1071", "attack.t1071.004"],
        "fields": ["process.args", "user.name"],
        "falsepositives": ["Administrators."],
        "level": "medium",
    }


def test_an_id_is_its_own_and_stays() -> None:
    first, again = loaded(PROCESS), loaded(PROCESS, name="Another name")
    other = loaded(PROCESS, rule_id="windows/an_old_id")
    assert first["id"] == again["id"] != other["id"] and "related" not in other


@pytest.mark.parametrize(
    ("maturity", "status"),
    [("production", "test"), ("development", "experimental"), ("deprecated", "deprecated")],
)
def test_status(maturity: str, status: str) -> None:
    assert loaded(PROCESS, metadata={"maturity": maturity})["status"] == status


@pytest.mark.parametrize(
    ("query", "index", "source"),
    [
        (PROCESS, ["logs-endpoint.events.process-*"], "process_creation/linux/"),
        ('process where event.type == "end" and host.os.type == "macos"', ["logs-*"], "process_termination/macos/"),
        ('file where event.type == "deletion" and host.os.type == "windows"', ["logs-*"], "file_delete/windows/"),
        ('file where event.type in ("creation", "change") and file.name : "x"', ["logs-*"], "file_event//"),
        ('registry where event.type == "change"', ["logs-*"], "registry_set/windows/"),
        ('network where host.os.type == "linux" and destination.port == 4444', ["logs-*"], "network_connection/linux/"),
        ('network where host.os.type == "linux" and dns.question.name : "x"', ["logs-*"], "dns_query/linux/"),
        ("network where destination.port == 4444", ["logs-network_traffic.flow-*"], "network//connection"),
        ('library where host.os.type == "windows" and dll.name : "x"', ["logs-*"], "image_load/windows/"),
        ('driver where host.os.type == "windows"', ["logs-*"], "driver_load/windows/"),
        ('any where event.action : "ConsoleLogin"', ["logs-aws.cloudtrail-*", "filebeat-*"], "/aws/cloudtrail"),
        ('any where event.dataset == "okta.system"', ["filebeat-*"], "/okta/okta"),
        ('any where event.action : "x"', ["logs-okta*"], "/okta/okta"),
        ('any where event.action : "x"', ["logs-azure.signinlogs-*"], "/azure/signinlogs"),
        ('any where event.action : "x"', ["logs-azure.signinlogs-*", "logs-azure.auditlogs-*"], "/azure/"),
        ('any where event.action : "x"', ["logs-kubernetes.audit_logs-*"], "application/kubernetes/audit"),
        ('iam where event.code == "4720"', ["logs-system.security-*"], "/windows/security"),
        ('any where winlog.channel == "Security" and event.code == "1102"', ["winlogbeat-*"], "/windows/security"),
        ('any where event.action : "x"', ["logs-acme.audit-*"], "/acme/audit"),
    ],
)
def test_log_source(query: str, index: list[str], source: str) -> None:
    found = loaded(query, index=index)["logsource"]
    assert "/".join(found.get(key, "") for key in ("category", "product", "service")) == source
    assert found["definition"] == f"Indices: {', '.join(index)}"


@pytest.mark.parametrize(
    ("query", "details", "code", "message"),
    [
        ("sequence [process where true] [file where true]", {}, "RW811", "sequence"),
        ('process where process.name : "x" | tail 2', {}, "RW814", "as `tail` does"),
        ("process where length(process.name) > 3", {}, "RW812", "`length(process.name) > 3` has no Sigma form"),
        ("process where startsWith(process.name, process.parent.name)", {}, "RW812", "no functions"),
        ('process where process.name > "a"', {}, "RW812", "orders numbers only"),
        ('process where process.name regex "a&b"', {}, "RW812", "regular expressions"),
        ("any where true", {}, "RW812", "true of every event"),
        ('any where event.kind == "alert"', {}, "RW813", "alerts"),
        ('any where host.name : "x"', {"index": [".alerts-security.*"]}, "RW813", "alerts"),
        ('any where host.name : "x"', {"index": ["filebeat-*"]}, "RW813", "nothing says"),
        (PROCESS, {"filters": [{"meta": {"negate": True}, "query": {"exists": {"field": "x"}}}]}, "RW814", "filters"),
        ("process where", {}, "RW810", "cannot be read"),
    ],
)
def test_refusals(query: str, details: dict[str, Any], code: str, message: str) -> None:
    export = sigma_of(rule_with(query, **details))
    assert export.text is None and export.refusal is not None
    assert export.refusal.code == code and message in export.refusal.message
    assert_style(export.refusal)


def test_other_rule_types_are_refused() -> None:
    rule = rule_with("user.name:*", Language.KQL, type="threshold", threshold={"field": ["host.id"], "value": 3})
    export = to_sigma(compilation_of(rule))
    assert export.refusal is not None and export.refusal.code == "RW810"


def test_losses_are_listed() -> None:
    query = 'process where process.name == "nc" and process.args == "-1" and user.name : "x"'
    rule = rule_with(query, note="## Triage", interval="5m")
    losses = sigma_of(rule).losses
    assert losses == (
        Loss("case", 'event.category == "process"'),
        Loss("case", 'process.name == "nc"'),
        Loss("metadata", "risk_score"),
        Loss("metadata", "interval"),
        Loss("metadata", "note"),
    )
    assert {loss.kind for loss in sigma_of(rule, Profile.EXACT).losses} == {"metadata"}


def test_files(tmp_path: Path) -> None:
    hostile = sigma_of(rule_with(PROCESS, name="../../<script> " + "long " * 30))
    refused = sigma_of(rule_with("any where true"))
    assert isinstance(refused, SigmaExport)
    paths = write_sigma([hostile, hostile, refused], tmp_path / "out")
    names = [path.name for path in paths]
    assert names[0].startswith("proc_creation_lnx_script_long") and names[1] != names[0]
    assert all(10 <= len(name) <= 70 and path.is_file() for name, path in zip(names, paths, strict=True))
    report = json.loads((tmp_path / "out" / "losses.json").read_text())
    assert [entry["file"] for entry in report["rules"]] == names[:2]
    assert report["rules"][0]["losses"][0] == {"kind": "case", "subject": 'event.category == "process"'}
    assert report["refused"] == [
        {
            "rule_id": refused.rule_id,
            "code": "RW812",
            "reason": "the query is true of every event",
            "help": "add what tells its events from others",
        }
    ]


def test_hostile_metadata_stays_text() -> None:
    text = "'\n---\nid: x\n# \u2028\u0085\x07 {{ 7 * 7 }} !!python/object:os.system"
    rule = loaded(PROCESS, name=text, description=text, author=[text], tags=[], false_positives=[text])
    assert rule["title"] == " ".join(text.split()) and rule["author"] == text
