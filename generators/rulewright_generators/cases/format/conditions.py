"""The conditions of a query and the names of their leaves; what a rule asks of events beside its conditions."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Exists,
    Field,
    Leaf,
    Or,
    fields_of,
    leaves_of,
)
from rulewright_engine.ir.query import (
    AnyQuery,
    EventQuery,
    Sample,
    Sequence,
    Stage,
)
from rulewright_engine.rules import CompiledRule
from rulewright_engine.rules.groups import key_fields
from rulewright_schema.rule import NewTermsRule, ThreatMatchRule, ThresholdRule

__all__ = ["Part", "counting", "leaf_names", "names_of", "needed_fields", "parts_of", "telling_fields", "with_part"]


@dataclass(frozen=True, slots=True)
class Part:
    """A condition of a query. `wanted`: the rule needs an event that meets it; otherwise such an event keeps the rule
    from alerting (`until`, `![ ... ]`)."""

    condition: Condition
    wanted: bool = True


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
    return names_of(leaf for part in parts_of(query) for leaf in leaves_of(part.condition))


def parts_of(query: AnyQuery | None) -> tuple[Part, ...]:
    """The conditions of a query in the order of its text: one of an event query, one for each stage otherwise.

    What is no `Query` (None, ES|QL) has none.
    """
    match query:
        case EventQuery(condition):
            return (Part(condition),)
        case Sequence(stages, until=until):
            parts = tuple(Part(stage.condition, not stage.missing) for stage in stages)
            return (*parts, Part(until.condition, wanted=False)) if until else parts
        case Sample(stages):
            return tuple(Part(stage.condition) for stage in stages)
        case _:
            return ()


def with_part(query: AnyQuery, number: int, condition: Condition) -> AnyQuery:
    """The query with another condition in one part."""
    match query:
        case EventQuery():
            return replace(query, condition=condition)
        case Sequence(stages, until=Stage() as until) if number == len(stages):
            return replace(query, until=replace(until, condition=condition))
        case Sequence(stages) | Sample(stages):
            changed = replace(stages[number], condition=condition)
            return replace(query, stages=(*stages[:number], changed, *stages[number + 1 :]))
        case _:
            return query


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
        case Sequence(stages, until=Stage() as until), _:
            return _required((*stages, until)[number])
        case Sequence(stages) | Sample(stages), _:
            return _required(stages[number])
        case _:
            return ()
    return key_fields(list(dict.fromkeys(names)), compiled.fields)


def telling_fields(compiled: CompiledRule) -> Iterator[str]:
    """The fields by which a rule tells events apart or joins them, those of indicators included."""
    rule, query = compiled.rule, compiled.query
    if isinstance(query, Sequence | Sample):
        yield from (field.name for stage in query.stages for key in stage.keys for field in fields_of(key))
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


def _required(stage: Stage) -> tuple[Field, ...]:
    return tuple(key for key in stage.keys if isinstance(key, Field) and not key.optional)
