"""What a project's policy says of the changes to a rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rulewright._compare.entries import Entry
from rulewright_schema.config import Config
from rulewright_schema.diff_policy import Verdict
from rulewright_schema.wording import listed

__all__ = ["NO_RULING", "Ruling", "ruling_of", "ruling_words"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """The kinds of change of one rule that are refused, and those that are warned of."""

    refused: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return Verdict.REFUSE if self.refused else Verdict.WARN if self.warned else Verdict.ALLOW


NO_RULING = Ruling()
"""Of a project without a policy nothing is said."""


def ruling_of(entry: Entry, config: Config) -> Ruling:
    """How the rule lies to what it was, and each of its other keys that differs."""
    path = config.relative(_path_of(entry.place))
    policy = config.diff_policy
    said = {str(entry.status): policy.of_relation(path, entry.status)}
    for each in entry.comparison.attributes if entry.comparison else ():
        said[each.name] = policy.of_attribute(path, each.name)
    refused, warned = (
        tuple(name for name in said if said[name] is verdict) for verdict in (Verdict.REFUSE, Verdict.WARN)
    )
    return Ruling(refused, warned)


def _path_of(place: str) -> str:
    """The path of a file, without the revision that it is of."""
    return place if Path(place).exists() else place.partition(":")[2] or place


def ruling_words(ruling: Ruling) -> Iterator[tuple[str, str]]:
    """`refused` or `warning`, and of what kinds of change; nothing where all are allowed."""
    for word, names in (("refused", ruling.refused), ("warning", ruling.warned)):
        if names:
            yield word, f"the policy of the settings {'refuses' if word == 'refused' else 'warns of'} {listed(names)}"
