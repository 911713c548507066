"""The comparison of two sides: one entry for each rule."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rulewright._compare.rules import Comparison, compare_rules
from rulewright._compare.sources import Pair, Side, paired
from rulewright_engine.rules import compile_rule
from rulewright_engine.solver.analysis.relation import Relation
from rulewright_schema.config import Config
from rulewright_schema.files.load import RuleFile
from rulewright_schema.wording import counted

__all__ = ["Entry", "Status", "entries", "summary"]

Status = str
"""A `Relation`, or `added`, `removed`, `unreadable`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`old` and `new` are the files' names, empty on the side that has none."""

    status: Status
    name: str
    old: str
    new: str
    comparison: Comparison | None = None

    @property
    def is_equal(self) -> bool:
        return self.status == Relation.EQUAL

    @property
    def is_worth_saying(self) -> bool:
        """Whether it differs, is equal on a condition, or has other keys that differ."""
        found = self.comparison
        return not self.is_equal or (found is not None and bool(found.single or found.attributes))

    @property
    def place(self) -> str:
        return self.new or self.old


def entries(old: Side, new: Side, config: Config) -> Iterator[Entry]:
    return (_entry(pair, config) for pair in paired(old, new))


def _entry(pair: Pair, config: Config) -> Entry:
    old, new = pair.old, pair.new
    places = old.name if old else "", new.name if new else ""
    name = _name(new) or _name(old)
    if old is None or new is None:
        return Entry("added" if old is None else "removed", name, *places)
    if old.rule is None or new.rule is None:
        return Entry("unreadable", name, *places)
    comparison = Comparison(Relation.EQUAL)
    if old.data != new.data:
        comparison = compare_rules(compile_rule(old.rule, config), compile_rule(new.rule, config))
    return Entry(comparison.relation, name, *places, comparison)


def _name(file: RuleFile | None) -> str:
    return file.rule.name if file is not None and file.rule is not None else ""


def summary(found: Iterable[Entry]) -> str:
    """`40 rules: 38 equal, 1 narrower, 1 added`."""
    counts = Counter(str(entry.status) for entry in found)
    order = [*(relation.value for relation in Relation), "added", "removed", "unreadable"]
    total = sum(counts.values())
    parts = ", ".join(f"{counts[status]:,} {status}" for status in order if counts[status])
    return f"{counted(total, 'rule')}: {parts}"
