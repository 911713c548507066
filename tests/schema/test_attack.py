"""ATT&CK lookups in both versions that ship."""

import pytest

from rulewright_schema.attack import ATTACK_VERSIONS, attack


@pytest.mark.parametrize("version", ATTACK_VERSIONS)
def test_every_technique_is_consistent(version: str) -> None:
    data = attack(version)
    shortnames = {tactic.shortname for tactic in data.tactics.values()}
    assert len(data.tactics) >= 14
    assert len(data.techniques) > 800
    for technique in data.techniques.values():
        assert set(technique.tactics) <= shortnames
        assert technique.parent is None or technique.parent in data.techniques
        if technique.revoked_by is not None:
            assert data.replacement(technique.id) is not None, technique.id


def test_lookups() -> None:
    data = attack()
    technique = data.technique("T1059.001")
    assert technique is not None
    assert (technique.name, technique.parent) == ("PowerShell", "T1059")
    assert technique.url == "https://attack.mitre.org/techniques/T1059/001/"
    assert data.technique("T9999") is None
    assert [t.id for t in data.techniques_named("powershell")] == ["T1059.001"]
    assert getattr(data.nearest_technique("Comand and Scripting Interpreter"), "id", None) == "T1059"
    assert getattr(data.tactic_named("defense-evasion"), "id", None) == "TA0005"
    assert getattr(data.nearest_tactic("Defence Evasion"), "id", None) == "TA0005"


def test_versions_differ_where_attack_does() -> None:
    assert getattr(attack("18.1").tactic("TA0005"), "name", None) == "Defense Evasion"
    assert getattr(attack("19.1").tactic("TA0005"), "name", None) == "Stealth"
    assert attack("18.1").tactic("TA0112") is None


def test_what_replaced_a_revoked_technique() -> None:
    assert getattr(attack().replacement("T1002"), "id", None) == "T1560"
    assert attack().replacement("T1560") is None
    assert attack().replacement("T9999") is None


def test_another_version_is_an_error() -> None:
    with pytest.raises(KeyError):
        attack("1.0")
