"""Mutants of what a rule does with the events that its conditions find: order, time, keys, numbers, history, mapping.

What means the same by the definition of a type is no mutant of it: a group of 24 events has no 25 different values, so
there it does not matter whether 25 or 24 events are asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from rulewright_engine.ir.expression import (
    And,
    Constant,
    Field,
)
from rulewright_engine.ir.query import (
    AnyQuery,
    Sample,
    Stage,
)
from rulewright_engine.ir.query import Sequence as SequenceQuery
from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases.events.timeline import Timeline
from rulewright_schema.rule import AlertSuppression, NewTermsRule, Rule, ThreatMatchRule, Threshold, ThresholdRule

__all__ = ["StructuralMutant", "Structure", "structural_mutants"]


class Structure(StrEnum):
    """What a mutant changes."""

    STAGE = "stage removed"
    SPAN = "maxspan by a millisecond"
    RUNS = "runs by one"
    KEY = "key removed"
    UNTIL = "until removed"
    MISSING = "missing event must be there"
    NUMBER = "threshold by one"
    CARDINALITY = "cardinality by one"
    GROUP = "group field removed"
    AGGREGATE = "another aggregate"
    TERM = "new_terms field removed"
    HISTORY = "history by a second"
    MAPPING = "threat mapping removed"
    INDICATOR = "threat query removed"
    FILTER = "filter removed"
    SUPPRESSION = "suppression changed"


@dataclass(frozen=True, slots=True)
class StructuralMutant:
    """A rule with one change; `what` completes "it dies if". A case kills it that raises other alerts of it."""

    operator: Structure
    what: str
    compiled: CompiledRule


def structural_mutants(compiled: CompiledRule) -> Iterator[StructuralMutant]:
    """The mutants of a rule's type."""
    rule = compiled.rule
    for operator, what, query in (*_of_filters(compiled), *_of_query(compiled)):
        yield StructuralMutant(operator, what, replace(compiled, query=query))
    for operator, what, changed in _of_rule(rule):
        yield StructuralMutant(operator, what, replace(compiled, rule=changed))
    if isinstance(rule, ThreatMatchRule) and any(compiled.indicators.leaves()):
        every = replace(compiled, indicators=Constant(True))
        yield StructuralMutant(Structure.INDICATOR, "every document is an indicator", every)


# Queries

Changed = tuple[Structure, str, AnyQuery]


def _of_filters(compiled: CompiledRule) -> Iterator[Changed]:
    """The conditions of the filters follow that of the query; a disabled one has none.

    One without a leaf, about a field that no document has, says nothing.
    """
    for number, _ in enumerate(compiled.rule.filters):
        without = compiled.query
        is_about = False
        for place, condition in enumerate(compiled.query.conditions):
            if not isinstance(condition, And) or number + 1 >= len(condition.operands):
                return
            operands = condition.operands
            is_about = any(operands[number + 1].leaves())
            without = without.with_condition(place, And((*operands[: number + 1], *operands[number + 2 :])))
        if is_about:
            yield Structure.FILTER, f"filter {number + 1} is removed", without


def _of_query(compiled: CompiledRule) -> Iterator[Changed]:
    match query := compiled.query:
        case SequenceQuery():
            yield from _of_sequence(query, Timeline(compiled.rule, compiled.now, ()))
        case Sample(stages):
            if len(stages) > 1:
                yield from ((what, said, replace(query, stages=left)) for what, said, left in _fewer_stages(stages))
            yield from ((what, said, replace(query, stages=left)) for what, said, left in _fewer_keys(stages))


def _of_sequence(query: SequenceQuery, timeline: Timeline) -> Iterator[Changed]:
    stages = query.stages
    yield from ((what, said, replace(query, stages=left)) for what, said, left in _fewer_stages(stages))
    both = (*stages, query.until) if query.until else stages
    for what, said, left in _fewer_keys(both):
        until = left[-1] if query.until else None
        yield what, said, replace(query, stages=left[: len(stages)], until=until)
    for number, stage in enumerate(stages):
        for runs in (stage.runs - 1, stage.runs + 1) if stage.runs > 1 else ():
            changed = _with_stage(stages, number, replace(stage, runs=runs))
            yield Structure.RUNS, f"stage {number + 1} is met {runs} times", replace(query, stages=changed)
        if stage.missing:
            changed = _with_stage(stages, number, replace(stage, missing=False))
            yield Structure.MISSING, f"stage {number + 1} must be met", replace(query, stages=changed)
    if query.until is not None:
        yield Structure.UNTIL, "`until` is removed", replace(query, until=None)
    yield from _of_span(query, timeline)


def _of_span(query: SequenceQuery, timeline: Timeline) -> Iterator[Changed]:
    """A longer span means the same where no run sees events that are further apart."""
    if query.maxspan is None or (len(query.stages) == 1 and query.stages[0].runs == 1):
        return
    if query.maxspan <= timeline.length or timeline.holds_late_events:
        yield Structure.SPAN, "`maxspan` is a millisecond shorter", replace(query, maxspan=query.maxspan - 1)
    if query.maxspan < timeline.length or timeline.holds_late_events:
        yield Structure.SPAN, "`maxspan` is a millisecond longer", replace(query, maxspan=query.maxspan + 1)


Stages = tuple[Stage, ...]


def _fewer_stages(stages: Stages) -> Iterator[tuple[Structure, str, Stages]]:
    wanted = sum(not stage.missing for stage in stages)
    for number, stage in enumerate(stages):
        if stage.missing or wanted > 1:
            yield Structure.STAGE, f"stage {number + 1} is removed", (*stages[:number], *stages[number + 1 :])


def _fewer_keys(stages: Stages) -> Iterator[tuple[Structure, str, Stages]]:
    """A key that stands there twice can be left out once."""
    for part, key in enumerate(stages[0].keys):
        if all(stage.keys.count(stage.keys[part]) > 1 for stage in stages):
            continue
        said = f"the key `{key.name}` is removed" if isinstance(key, Field) else f"key {part + 1} is removed"
        left = tuple(replace(stage, keys=(*stage.keys[:part], *stage.keys[part + 1 :])) for stage in stages)
        yield Structure.KEY, said, left


def _with_stage(stages: Stages, number: int, stage: Stage) -> Stages:
    return (*stages[:number], stage, *stages[number + 1 :])


# Rules


def _of_rule(rule: Rule) -> Iterator[tuple[Structure, str, Rule]]:
    match rule:
        case ThresholdRule():
            for operator, what, threshold in _of_threshold(rule.threshold):
                yield operator, what, replace(rule, threshold=threshold)
        case NewTermsRule():
            yield from _of_new_terms(rule)
        case ThreatMatchRule():
            yield from _of_mapping(rule)
    if rule.alert_suppression is not None and not isinstance(rule, ThresholdRule):
        for what, suppression in _of_suppression(rule.alert_suppression):
            yield Structure.SUPPRESSION, what, replace(rule, alert_suppression=suppression)


def _of_threshold(threshold: Threshold) -> Iterator[tuple[Structure, str, Threshold]]:
    entry = threshold.cardinality[0] if threshold.cardinality else None
    different = entry.value if entry is not None and entry.field not in threshold.field else 1
    for value in (threshold.value - 1, threshold.value + 1):
        if value >= 1 and max(value, different) != max(threshold.value, different):
            yield Structure.NUMBER, f"{value} events are enough", replace(threshold, value=value)
    if entry is not None and entry.field not in threshold.field:
        for value in (entry.value - 1, entry.value + 1):
            changed = (replace(entry, value=value), *threshold.cardinality[1:])
            what = f"{value} values of `{entry.field}` are enough"
            yield Structure.CARDINALITY, what, replace(threshold, cardinality=changed)
    for part, name in enumerate(threshold.field):
        left = (*threshold.field[:part], *threshold.field[part + 1 :])
        yield Structure.GROUP, f"`{name}` no longer tells groups apart", replace(threshold, field=left)


def _of_new_terms(rule: NewTermsRule) -> Iterator[tuple[Structure, str, Rule]]:
    terms = rule.new_terms
    if len(terms.fields) > 1:
        for part, name in enumerate(terms.fields):
            left = replace(terms, fields=(*terms.fields[:part], *terms.fields[part + 1 :]))
            yield Structure.TERM, f"`{name}` need not be new", replace(rule, new_terms=left)
    for step, what in (("+1s", "shorter"), ("-1s", "longer")):
        start = f"{terms.history_window_start}{step}"
        changed = replace(rule, new_terms=replace(terms, history_window_start=start))
        yield Structure.HISTORY, f"the history is a second {what}", changed


def _of_mapping(rule: ThreatMatchRule) -> Iterator[tuple[Structure, str, Rule]]:
    groups = rule.threat_mapping
    for number, group in enumerate(groups):
        if len(groups) > 1:
            left = (*groups[:number], *groups[number + 1 :])
            what = f"events agree in {' and '.join(f'`{entry.field}`' for entry in group)} no longer"
            yield Structure.MAPPING, what, replace(rule, threat_mapping=left)
        for part, entry in enumerate(group) if len(group) > 1 else ():
            changed = (*groups[:number], (*group[:part], *group[part + 1 :]), *groups[number + 1 :])
            yield Structure.MAPPING, f"`{entry.field}` need not agree", replace(rule, threat_mapping=changed)


def _of_suppression(suppression: AlertSuppression) -> Iterator[tuple[str, AlertSuppression | None]]:
    yield "alerts are not suppressed", None
    for part, name in enumerate(suppression.group_by) if len(suppression.group_by) > 1 else ():
        left = (*suppression.group_by[:part], *suppression.group_by[part + 1 :])
        yield f"`{name}` no longer tells groups apart", replace(suppression, group_by=left)
    other = "doNotSuppress" if suppression.missing_fields_strategy == "suppress" else "suppress"
    yield f"the strategy for missing fields is `{other}`", replace(suppression, missing_fields_strategy=other)
