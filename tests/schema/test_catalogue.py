"""Fields are known by the rules that the catalogue states, and agree with the material they were distilled from."""

import json
from pathlib import Path

import pytest

from rulewright_schema.catalogue import Catalogue, default_catalogue


@pytest.fixture
def catalogue() -> Catalogue:
    return default_catalogue()


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("process.name", "keyword"),
        ("process.pid", "long"),
        ("@timestamp", "date"),
        ("source.ip", "ip"),
        ("process.command_line", "wildcard"),
        ("process.executable.text", "match_only_text"),
        ("process.Ext.code_signature", "nested"),
        ("winlog.event_id", "keyword"),
        ("o365.audit.Parameters.Identity", "object"),
        ("kubernetes.audit.annotations.authorization_k8s_io/decision", "keyword"),
        ("azure.auditlogs.properties.target_resources.`0`.display_name", "keyword"),
    ],
)
def test_a_known_field_has_its_type(catalogue: Catalogue, name: str, type_: str) -> None:
    entry = catalogue.lookup(name)
    assert entry is not None
    assert entry.type == type_


@pytest.mark.parametrize("name", ["process.nam", "process", "", ".", "process.Ext.no_such_field", ".threat.feed.name"])
def test_an_unknown_field_is_none(catalogue: Catalogue, name: str) -> None:
    assert catalogue.lookup(name) is None


def test_names_below_an_open_parent_are_keywords(catalogue: Catalogue) -> None:
    for name in ("container.labels.tier", "process.pe.imports.kernel32", "okta.debug_context.debug_data.flattened.x.y"):
        entry = catalogue.lookup(name)
        assert entry is not None
        assert entry.type == "keyword"


def test_an_entry_tells_arrays_values_and_multi_fields(catalogue: Catalogue) -> None:
    category = catalogue.lookup("event.category")
    assert category is not None
    assert category.array
    assert "process" in category.allowed_values
    text = catalogue.lookup("process.executable.text")
    assert text is not None
    assert text.multi_field_of == "process.executable"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("process.comand_line", "process.command_line"),
        ("proces.name", "process.name"),
        ("user.nam", "user.name"),
        ("host.os.Type", "host.os.type"),
        ("qqq.zzz", None),
        ("", None),
    ],
)
def test_nearest(catalogue: Catalogue, wrong: str, right: str | None) -> None:
    assert catalogue.nearest(wrong) == right


def test_matching_names_only_fields_with_values(catalogue: Catalogue) -> None:
    names = catalogue.matching("process.hash.*")
    assert "process.hash.sha256" in names
    assert list(names) == sorted(names)
    assert "process.Ext" not in catalogue.matching("process.*")
    assert catalogue.matching("no.such.*") == ()


def test_own_fields_win_and_leave_the_shared_catalogue_alone(catalogue: Catalogue) -> None:
    own = catalogue.with_fields({"my.custom.*": "keyword", "process.pid": "keyword", "acme.score": "long"})
    assert [getattr(own.lookup(n), "type", None) for n in ("my.custom.a.b", "process.pid", "acme.score")] == [
        "keyword",
        "keyword",
        "long",
    ]
    assert own.nearest("acme.scor") == "acme.score"
    assert catalogue.lookup("acme.score") is None
    assert getattr(catalogue.lookup("process.pid"), "type", None) == "long"


def test_every_name_of_the_material_is_known_with_the_type_of_the_first_source(
    catalogue: Catalogue, shared: Path
) -> None:
    # mapped so by packages of elastic/integrations, and a fraction; the material has types as rules use them
    expected = {
        "azure.graphactivitylogs.properties.client_auth_method": "integer",
        "problemchild.prediction_probability": "double",
        "wiz.vulnerability.cvss_severity": "keyword",
    }
    expected |= dict.fromkeys(
        (f"o365.audit.{name}" for name in ("Actor.Type", "AuthenticationType", "Target.Type")), "keyword"
    )
    for file in ("ecs-9.5.0", "endpoint-package", "beats-9.5.0", "rule-fields"):
        for name, entry in json.loads((shared / "data" / f"{file}.json").read_text())["fields"].items():
            type_ = entry if isinstance(entry, str) else entry["type"]
            if not name.startswith(".") and "*" not in name:
                expected.setdefault(name, "keyword" if type_ == "array" else type_)
    wrong = {name for name, type_ in expected.items() if getattr(catalogue.lookup(name), "type", None) != type_}
    assert len(expected) > 14_000
    assert not wrong
