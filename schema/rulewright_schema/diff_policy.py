"""What a project says of changes to its rules: which are allowed, which are told as a warning, which are refused.

[tool.rulewright.diff-policy."*"]                 # for rules everywhere: paths are relative to the file of settings
narrower = "refuse"                               # it finds less than before
wider = "warn"
severity = "refuse"                               # any key of a rule, or `attributes` for all that are not named

[tool.rulewright.diff-policy."ruleset/drafts/*"]  # a later table that fits says otherwise, key by key
narrower = "allow"
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from rulewright_schema.files.positions import KeyPath
from rulewright_schema.rule import Rule
from rulewright_schema.similar import nearest_of
from rulewright_schema.wording import listed

__all__ = ["ATTRIBUTES", "DiffPolicy", "PolicyError", "Verdict", "policy_of"]

BOTH_WAYS = ("narrower", "wider")
UNCERTAIN = ("both", "changed", "undecided")
"""What may be narrower and wider at once: the stricter of these two counts, unless it is named itself."""

RELATIONS = ("equal", *BOTH_WAYS, *UNCERTAIN, "added", "removed", "unreadable")
"""How what a rule finds now lies to what it found before; or what became of the rule."""

ATTRIBUTES = "attributes"
"""All keys of a rule that change what an analyst sees, and not what the rule finds."""

NAMES = frozenset(
    {*RELATIONS, ATTRIBUTES, "maturity", *(each.name.rstrip("_") for each in fields(Rule))}
    - {"raw", "metadata", "rule_id", "type", "index", "data_view_id", "filters", "alert_suppression"}
)


class Verdict(StrEnum):
    ALLOW = "allow"
    WARN = "warn"
    REFUSE = "refuse"


class PolicyError(ValueError):
    """A table of the policy that cannot be used: `path` leads to what is wrong, from the policy."""

    def __init__(self, path: KeyPath, message: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class DiffPolicy:
    """`tables` are verdicts by what changed, by the pattern of the paths that they hold for.

    >>> policy = policy_of({"*": {"wider": "warn"}, "drafts/*": {"removed": "allow"}})
    >>> [str(policy.of_relation("rules/a.toml", relation)) for relation in ("equal", "wider", "removed")]
    ['allow', 'warn', 'refuse']
    >>> str(policy.of_relation("drafts/a.toml", "removed")), str(policy.of_attribute("drafts/a.toml", "severity"))
    ('allow', 'allow')
    """

    tables: Mapping[str, Mapping[str, Verdict]] = field(default_factory=dict)

    def of_relation(self, path: str, relation: str) -> Verdict:
        """What is said of a rule that finds something else. Without a word on it, only what is equal is allowed."""
        said = self._said(path)
        default = Verdict.ALLOW if relation == "equal" else Verdict.REFUSE
        if relation in UNCERTAIN and relation not in said:
            return max((said.get(name, default) for name in BOTH_WAYS), key=list(Verdict).index)
        return said.get(relation, default)

    def of_attribute(self, path: str, name: str) -> Verdict:
        """What is said of another value of a key; all are allowed where nothing is."""
        said = self._said(path)
        return said.get(name, said.get(ATTRIBUTES, Verdict.ALLOW))

    def _said(self, path: str) -> dict[str, Verdict]:
        return {
            name: verdict
            for pattern, table in self.tables.items()
            if fnmatchcase(path, pattern)
            for name, verdict in table.items()
        }


def policy_of(value: Any) -> DiffPolicy:
    """The policy that settings hold. Raises `PolicyError` for the first thing in them that is none."""
    if not isinstance(value, dict):
        raise PolicyError((), 'must be tables by path, `[diff-policy."*"]`')
    for pattern, table in value.items():
        if not isinstance(table, dict):
            raise PolicyError((pattern,), f'must be a table: `[diff-policy."{pattern}"]`')
        for name, verdict in table.items():
            _judge(pattern, name, verdict)
    return DiffPolicy(
        {pattern: {name: Verdict(said) for name, said in table.items()} for pattern, table in value.items()}
    )


def _judge(pattern: str, name: str, verdict: Any) -> None:
    if name not in NAMES:
        near = nearest_of(name, NAMES)
        help_ = f"did you mean `{near}`?" if near else f"name a key of a rule, or {listed(RELATIONS, word='or')}"
        raise PolicyError((pattern, name), f"is no kind of change: {help_}")
    if verdict not in list(Verdict):
        raise PolicyError((pattern, name), f"must be {listed([f'`{each}`' for each in Verdict], word='or')}")
