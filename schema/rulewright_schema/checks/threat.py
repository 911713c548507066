"""The threat mapping of a rule against MITRE ATT&CK, in the project's version or the one that an entry declares."""

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright_schema.attack import ATTACK_VERSIONS, Attack, TechniqueEntry, attack
from rulewright_schema.checks.context import RuleContext
from rulewright_schema.checks.registries import check
from rulewright_schema.checks.threat_codes import (
    DEPRECATED_TECHNIQUE,
    FOREIGN_SUBTECHNIQUE,
    FOREIGN_TECHNIQUE,
    REPEATED_TACTIC,
    REVOKED_TECHNIQUE,
    UNKNOWN_FRAMEWORK_VERSION,
    UNKNOWN_TACTIC,
    UNKNOWN_TECHNIQUE,
    WRONG_REFERENCE,
    WRONG_TACTIC_NAME,
    WRONG_TECHNIQUE_NAME,
)
from rulewright_schema.codes.code import Code
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Label
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.rule import Tactic, Technique, Threat
from rulewright_schema.similar import nearest_of

__all__ = ["check_threat"]

FRAMEWORK = "MITRE ATT&CK"


@check(
    UNKNOWN_FRAMEWORK_VERSION,
    UNKNOWN_TACTIC,
    WRONG_TACTIC_NAME,
    UNKNOWN_TECHNIQUE,
    WRONG_TECHNIQUE_NAME,
    REVOKED_TECHNIQUE,
    DEPRECATED_TECHNIQUE,
    FOREIGN_TECHNIQUE,
    FOREIGN_SUBTECHNIQUE,
    WRONG_REFERENCE,
)
def check_threat(context: RuleContext) -> Iterator[Diagnostic]:
    for index, threat in enumerate(context.rule.threat):
        if threat.framework != FRAMEWORK:  # ATLAS is not part of the data that ships
            continue
        version = threat.framework_version
        if version is not None and version not in ATTACK_VERSIONS:
            path: KeyPath = ("rule", "threat", index, "framework_version")
            help_ = f"use one of {', '.join(f'`{known}`' for known in ATTACK_VERSIONS)}"
            message = f"ATT&CK `{version}` is not known here"
            yield context.report(UNKNOWN_FRAMEWORK_VERSION, path, message, help=help_)
            continue
        data = context.config.attack if version is None else attack(version)
        yield from _Entry(context, data, threat, ("rule", "threat", index)).problems()


@check(REPEATED_TACTIC)
def check_tactics_differ(context: RuleContext) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str | None, str], int] = {}
    for index, threat in enumerate(context.rule.threat):
        earlier = first.setdefault((threat.framework, threat.framework_version, threat.tactic.id), index)
        if earlier != index:
            there = Label(context.file.span_of(("rule", "threat", earlier, "tactic", "id")), "named here first")
            path: KeyPath = ("rule", "threat", index, "tactic", "id")
            message = f"tactic `{threat.tactic.id}` is there twice"
            help_ = "move the techniques to the first entry"
            yield context.report(REPEATED_TACTIC, path, message, help=help_, secondary=(there,))


@dataclass(frozen=True)
class _Entry:
    """One `[[rule.threat]]` and the version of ATT&CK that it is held against."""

    context: RuleContext
    attack: Attack
    threat: Threat
    path: KeyPath

    def problems(self) -> Iterator[Diagnostic]:
        yield from self.tactic(self.threat.tactic, (*self.path, "tactic"))
        for index, technique in enumerate(self.threat.technique):
            path: KeyPath = (*self.path, "technique", index)
            yield from self.technique(technique, path, None)
            for sub_index, subtechnique in enumerate(technique.subtechnique):
                yield from self.technique(subtechnique, (*path, "subtechnique", sub_index), technique)

    def tactic(self, tactic: Tactic, path: KeyPath) -> Iterator[Diagnostic]:
        known = self.attack.tactic(tactic.id)
        if known is None:
            by_name = self.attack.tactic_named(tactic.name)
            near = by_name.id if by_name else nearest_of(tactic.id, self.attack.tactics)
            yield self.report(UNKNOWN_TACTIC, (*path, "id"), f"unknown tactic `{tactic.id}`", near)
        elif tactic.name != known.name:
            message = f"tactic `{tactic.id}` is not called `{tactic.name}`"
            yield self.report(WRONG_TACTIC_NAME, (*path, "name"), message, known.name)
        elif not _leads_to(tactic.reference, known.url):
            yield self.wrong_reference((*path, "reference"), tactic.id, known.url)

    def technique(self, technique: Technique, path: KeyPath, parent: Technique | None) -> Iterator[Diagnostic]:
        """One problem of a technique at most: the first explains those that follow from it."""
        known = self.attack.technique(technique.id)
        if known is None:
            yield self.unknown_technique(technique, path)
        elif known.revoked_by is not None:
            yield self.revoked(technique, path)
        elif parent is not None and known.parent != parent.id:
            message = f"`{technique.id}` is not a sub-technique of `{parent.id}`"
            help_ = f"move it below `{known.parent}`" if known.parent else "name it as a technique of its own"
            yield self.context.report(FOREIGN_SUBTECHNIQUE, (*path, "id"), message, help=help_)
        elif technique.name != known.name:
            message = f"technique `{technique.id}` is not called `{technique.name}`"
            yield self.report(WRONG_TECHNIQUE_NAME, (*path, "name"), message, known.name)
        elif known.deprecated:
            message = f"technique `{technique.id}` is deprecated by ATT&CK {self.attack.version}"
            help_ = "choose another technique"
            yield self.context.report(DEPRECATED_TECHNIQUE, (*path, "id"), message, help=help_)
        elif not _leads_to(technique.reference, known.url):
            yield self.wrong_reference((*path, "reference"), technique.id, known.url)
        elif parent is None:
            yield from self.serves_tactic(known, path)

    def unknown_technique(self, technique: Technique, path: KeyPath) -> Diagnostic:
        named = self.attack.techniques_named(technique.name)
        near = named[0].id if len(named) == 1 else nearest_of(technique.id, self.attack.techniques)
        return self.report(UNKNOWN_TECHNIQUE, (*path, "id"), f"unknown technique `{technique.id}`", near)

    def revoked(self, technique: Technique, path: KeyPath) -> Diagnostic:
        message = f"technique `{technique.id}` was revoked by ATT&CK"
        new = self.attack.replacement(technique.id)
        if new is None:
            return self.context.report(REVOKED_TECHNIQUE, (*path, "id"), message, help="choose another technique")
        return self.context.report(
            REVOKED_TECHNIQUE,
            (*path, "id"),
            message,
            help=f"use `{new.id}` ({new.name})",
            note=f"according to {self.attack.title}",
            fix=self.replaced(technique, path, new),
        )

    def replaced(self, old: Technique, path: KeyPath, new: TechniqueEntry) -> Fix | None:
        """Write the new technique in place of the old one, where it may stand in the same place."""
        stays_in_place = new.parent == self.attack.techniques[old.id].parent and not old.subtechnique
        if not stays_in_place:
            return None
        values = {"id": new.id, "name": new.name, "reference": new.url}
        span_of = self.context.file.span_of
        edits = tuple(Edit(span_of((*path, key)), f'"{value}"') for key, value in values.items())
        tactic = self.attack.tactic(self.threat.tactic.id)
        return Fix(edits, safe=tactic is not None and tactic.shortname in new.tactics)

    def serves_tactic(self, known: TechniqueEntry, path: KeyPath) -> Iterator[Diagnostic]:
        tactic = self.attack.tactic(self.threat.tactic.id)
        if tactic is None or tactic.shortname in known.tactics:
            return
        serves = [entry for entry in self.attack.tactics.values() if entry.shortname in known.tactics]
        yield self.context.report(
            FOREIGN_TECHNIQUE,
            (*path, "id"),
            f"technique `{known.id}` does not serve tactic `{tactic.name}`",
            help=f"it serves {', '.join(f'`{entry.name}` ({entry.id})' for entry in serves)}",
            note=f"according to {self.attack.title}",
            secondary=(Label(self.context.file.span_of((*self.path, "tactic", "id")), "the tactic"),),
        )

    def wrong_reference(self, path: KeyPath, id_: str, url: str) -> Diagnostic:
        return self.report(WRONG_REFERENCE, path, f"the reference does not lead to `{id_}`", url)

    def report(self, code: Code, path: KeyPath, message: str, right: str | None) -> Diagnostic:
        """A value that should be `right`."""
        return self.context.report(
            code,
            path,
            message,
            help=f"write `{right}`" if right else "look it up at `https://attack.mitre.org`",
            note=f"according to {self.attack.title}",
            fix=(right and Fix((Edit(self.context.file.span_of(path), f'"{right}"'),), safe=False)) or None,
        )


def _leads_to(reference: str, url: str) -> bool:
    return reference.rstrip("/") == url.rstrip("/")
