"""The conditions of a query and the names of their leaves; what a rule asks of events beside its conditions."""

from collections import Counter
from collections.abc import Iterable, Iterator

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Exists,
    Field,
    Leaf,
    Or,
)
from rulewright_engine.ir.query import (
    AnyQuery,
    EventQuery,
    Sample,
    Sequence,
)
from rulewright_engine.rules import CompiledRule
from rulewright_engine.rules.groups import key_fields
from rulewright_schema.rule import NewTermsRule, ThreatMatchRule, ThresholdRule

__all__ = ["counting", "leaf_names", "names_of", "needed_fields", "telling_fields"]


def names_of(leaves: Iterable[Leaf]) -> tuple[str, ...]:
    """A name of its own for each leaf, in order."""
    met: Counter[str] = Counter()
    names = []
    for leaf in leaves:
        met[leaf.text] += 1
        names.append(leaf.text if met[leaf.text] == 1 else f"{leaf.text} #{met[leaf.text]}")
    return tuple(names)


def leaf_names(query: AnyQuery | None) -> tuple[str, ...]:
    """The names of all leaves of a query, in the order of its text."""
    return names_of(query.leaves()) if query else ()


def needed_fields(compiled: CompiledRule, number: int) -> tuple[Field, ...]:
    """The fields without which an event counts for nothing in one part, whatever its condition says: those by which a
    rule joins events, groups them or compares them."""
    match compiled.query, compiled.rule:
        case EventQuery(), ThresholdRule(threshold=threshold):
            names = [*threshold.field, *(entry.field for entry in threshold.cardinality[:1])]
        case EventQuery(), NewTermsRule(new_terms=terms):
            names = [*terms.fields]
        case EventQuery(), ThreatMatchRule(threat_mapping=(group,)):
            names = [entry.field for entry in group if not entry.negate]
        case Sequence() | Sample() as query, _:
            return query.parts[number].required_keys
        case _:
            return ()
    return key_fields(list(dict.fromkeys(names)), compiled.fields)


def telling_fields(compiled: CompiledRule) -> Iterator[str]:
    """The fields by which a rule tells events apart or joins them, those of indicators included."""
    rule, query = compiled.rule, compiled.query
    if isinstance(query, Sequence | Sample):
        yield from (field.name for stage in query.stages for key in stage.keys for field in key.fields())
    match rule:
        case ThresholdRule():
            yield from (*rule.threshold.field, *(entry.field for entry in rule.threshold.cardinality[:1]))
        case NewTermsRule():
            yield from rule.new_terms.fields
        case ThreatMatchRule():
            yield from (name for group in rule.threat_mapping for entry in group for name in (entry.field, entry.value))
    if rule.alert_suppression is not None:
        yield from rule.alert_suppression.group_by


def counting(compiled: CompiledRule, number: int) -> Condition:
    """What an event must meet to count for anything in one part, whatever its condition says."""
    rule = compiled.rule
    if isinstance(rule, ThreatMatchRule) and len(rule.threat_mapping) > 1:  # one of several groups of fields will do
        groups = [[entry.field for entry in group if not entry.negate] for group in rule.threat_mapping]
        return Or(tuple(_all_there(key_fields(names, compiled.fields)) for names in groups))
    return _all_there(needed_fields(compiled, number))


def _all_there(fields: Iterable[Field]) -> Condition:
    return And(tuple(Leaf(field, Exists(), field.name) for field in fields))
