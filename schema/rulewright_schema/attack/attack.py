"""One version of ATT&CK Enterprise."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rulewright_schema.resources import read_json
from rulewright_schema.similar import nearest_of

__all__ = ["ATTACK_VERSIONS", "DEFAULT_ATTACK_VERSION", "Attack", "TacticEntry", "TechniqueEntry", "attack"]

ATTACK_VERSIONS = ("18.1", "19.1")
DEFAULT_ATTACK_VERSION = "18.1"
SITE = "https://attack.mitre.org"


@dataclass(frozen=True, slots=True)
class TacticEntry:
    """A tactic; `shortname` is how techniques name it (`defense-evasion`)."""

    id: str
    name: str
    shortname: str

    @property
    def url(self) -> str:
        return f"{SITE}/tactics/{self.id}/"


@dataclass(frozen=True, slots=True)
class TechniqueEntry:
    """A technique or sub-technique (`T1059.001`). `tactics` are short names; `revoked_by` is an id."""

    id: str
    name: str
    tactics: tuple[str, ...]
    platforms: tuple[str, ...]
    revoked_by: str | None = None
    deprecated: bool = False

    @property
    def parent(self) -> str | None:
        """The id of the technique that a sub-technique belongs to."""
        head, dot, _ = self.id.partition(".")
        return head if dot else None

    @property
    def url(self) -> str:
        return f"{SITE}/techniques/{self.id.replace('.', '/')}/"


@dataclass(frozen=True, slots=True)
class Attack:
    """Tactics and techniques by id."""

    title: str
    version: str
    tactics: Mapping[str, TacticEntry]
    techniques: Mapping[str, TechniqueEntry]

    def tactic(self, id_: str) -> TacticEntry | None:
        return self.tactics.get(id_)

    def tactic_named(self, name: str) -> TacticEntry | None:
        """The tactic with this name or short name, whatever the case."""
        wanted = name.casefold()
        return next((t for t in self.tactics.values() if wanted in (t.name.casefold(), t.shortname)), None)

    def technique(self, id_: str) -> TechniqueEntry | None:
        return self.techniques.get(id_)

    def techniques_named(self, name: str) -> tuple[TechniqueEntry, ...]:
        """Those in force with this name, whatever the case; sub-techniques of several techniques may share one."""
        wanted = name.casefold()
        return tuple(t for t in self._in_force() if t.name.casefold() == wanted)

    def replacement(self, id_: str) -> TechniqueEntry | None:
        """What stands in for a revoked technique, over as many revocations as it takes; None if nothing does."""
        seen: set[str] = set()
        entry = self.techniques.get(id_)
        while entry is not None and entry.revoked_by is not None and entry.id not in seen:
            seen.add(entry.id)
            entry = self.techniques.get(entry.revoked_by)
        return entry if entry is not None and seen and entry.revoked_by is None else None

    def nearest_tactic(self, name: str) -> TacticEntry | None:
        """The tactic with the name most like `name`, or None when nothing is close."""
        near = nearest_of(name, (t.name for t in self.tactics.values()))
        return None if near is None else self.tactic_named(near)

    def nearest_technique(self, name: str) -> TechniqueEntry | None:
        """The technique in force with the name most like `name`, or None when nothing is close."""
        near = nearest_of(name, (t.name for t in self._in_force()))
        return None if near is None else self.techniques_named(near)[0]

    def _in_force(self) -> tuple[TechniqueEntry, ...]:
        return tuple(t for t in self.techniques.values() if t.revoked_by is None and not t.deprecated)


@cache
def attack(version: str = DEFAULT_ATTACK_VERSION) -> Attack:
    """ATT&CK Enterprise in one of `ATTACK_VERSIONS`; loaded once. Raises KeyError for another version."""
    if version not in ATTACK_VERSIONS:
        raise KeyError(version)
    data = read_json("rulewright_schema.attack", "data", f"enterprise-{version}.json")
    tactics = (TacticEntry(*row) for row in data["tactics"])
    techniques = (_technique(*row) for row in data["techniques"])
    return Attack(data["title"], version, {t.id: t for t in tactics}, {t.id: t for t in techniques})


def _technique(
    id_: str, name: str, tactics: list[str], platforms: list[str], state: Mapping[str, Any] = {}
) -> TechniqueEntry:
    return TechniqueEntry(
        id_, name, tuple(tactics), tuple(platforms), state.get("revoked_by"), state.get("deprecated", False)
    )
