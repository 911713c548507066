"""Two rules: in which parts they differ, and what that comes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from rulewright.diff.cases import telling_cases
from rulewright.diff.conditions import compare_conditions
from rulewright.diff.parts import Part, Witness, query_parts, type_parts
from rulewright.diff.relation import Relation, combined
from rulewright_engine.ruletypes import Meaning
from rulewright_schema.rule import Rule, ThreatMatchRule

__all__ = ["Comparison", "compare_rules"]

TEXTS = ("type", "language", "query", "index", "filters", "machine_learning_job_id", "anomaly_threshold")
"""What is compared of a rule whose meaning is not."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`parts` are those that differ; `lost` and `gained` are runs on which the old or the new rule alone alerts, where
    no part has events of its own. `note` says what was not compared."""

    relation: Relation
    parts: tuple[Part, ...] = ()
    lost: Witness | None = None
    gained: Witness | None = None
    note: str = ""


def compare_rules(old: Rule, before: Meaning | None, new: Rule, after: Meaning | None) -> Comparison:
    """What `new` with the meaning `after` finds against what `old` finds; schedules and metadata do not count."""
    if before is None or after is None or before.query is None or after.query is None:
        return _compare_texts(old, new)
    parts = [part for part in _parts(old, new, before, after) if part.relation is not Relation.EQUAL]
    relation = combined(part.relation for part in parts)
    if all(part.lost or part.gained for part in parts):
        return Comparison(relation, tuple(parts))
    return Comparison(relation, tuple(parts), *telling_cases(old, before, new, after))


def _parts(old: Rule, new: Rule, before: Meaning, after: Meaning) -> Iterator[Part]:
    assert before.query is not None and after.query is not None
    compare = partial(compare_conditions, rule=new, fields=after.fields)
    yield from query_parts(before.query, after.query, compare)
    yield from type_parts(old, new)
    if isinstance(old, ThreatMatchRule) and isinstance(new, ThreatMatchRule):
        yield compare("threat query", before.indicators, after.indicators)


def _compare_texts(old: Rule, new: Rule) -> Comparison:
    """Of rules that cannot be compared by meaning, whether they say the same."""
    tables = [rule.raw.get("rule", {}) for rule in (old, new)]
    parts = tuple(Part(key, Relation.CHANGED) for key in TEXTS if tables[0].get(key) != tables[1].get(key))
    kinds = {"esql": "an ES|QL rule", "machine_learning": "a machine learning rule"}
    note = f"{kinds.get(new.type, 'a query that cannot be run')} is compared as text only"
    return Comparison(Relation.CHANGED if parts else Relation.EQUAL, parts, note=note)
