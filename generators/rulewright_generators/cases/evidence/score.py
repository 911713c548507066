"""What came of the mutants of a rule when its cases were run."""

from collections import Counter
from dataclasses import dataclass, field

from rulewright_schema.source import Span

__all__ = ["Score", "Survivor"]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no case kills. The event of the case `base` would, with one `change`; `reason` says why none is
    known. `what` completes "it dies if"; `span` is the changed part of the query, None for a change of structure."""

    what: str
    span: Span | None = None
    base: str = ""
    change: str = ""
    reason: str = ""


@dataclass(slots=True)
class Score:
    """Mutants by their operator: all, those that are killed, and those proven to mean the same."""

    total: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    equivalent: Counter[str] = field(default_factory=Counter)
    survivors: list[Survivor] = field(default_factory=list)

    @property
    def non_equivalent(self) -> int:
        """The mutants that are not proven to mean the same."""
        return self.total.total() - self.equivalent.total()

    @property
    def ratio(self) -> float:
        """The share of these that are killed, 1 where there are none."""
        return self.killed.total() / self.non_equivalent if self.non_equivalent else 1.0
