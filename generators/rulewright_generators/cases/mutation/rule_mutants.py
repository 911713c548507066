"""Mutants of what a rule does with the events that its conditions find: order, time, keys, numbers, history, mapping.

What means the same by the definition of a type is no mutant of it: a group of 24 events has no 25 different values, so
there it does not matter whether 25 or 24 events are asked for.
"""

from collections.abc import Iterator
from dataclasses import replace

from rulewright_engine.ir.expression import (
    And,
    Field,
)
from rulewright_engine.ir.query import (
    AnyQuery,
    Sample,
    Stage,
)
from rulewright_engine.ir.query import Sequence as SequenceQuery
from rulewright_engine.rules import CompiledRule, type_of
from rulewright_engine.rules.mutant import RuleMutant, RuleOperator
from rulewright_generators.cases.events.timeline import Timeline

__all__ = ["rule_mutants"]


def rule_mutants(compiled: CompiledRule) -> Iterator[RuleMutant]:
    """The mutants of a rule's filters, of the shape of its query, and of its type."""
    for operator, what, query in (*_of_filters(compiled), *_of_query(compiled)):
        yield RuleMutant(operator, what, replace(compiled, query=query))
    yield from type_of(compiled.rule).mutants(compiled)


# Queries

Changed = tuple[RuleOperator, str, AnyQuery]


def _of_filters(compiled: CompiledRule) -> Iterator[Changed]:
    """The conditions of the filters follow that of the query; a disabled one has none.

    One without a condition, about a field that no document has, says nothing.
    """
    for number, _ in enumerate(compiled.rule.filters):
        without = compiled.query
        is_about = False
        for index, condition in enumerate(compiled.query.conditions):
            if not isinstance(condition, And) or number + 1 >= len(condition.operands):
                return
            operands = condition.operands
            is_about = any(operands[number + 1].leaves())
            without = without.with_condition(index, And((*operands[: number + 1], *operands[number + 2 :])))
        if is_about:
            yield RuleOperator.FILTER, f"filter {number + 1} is removed", without


def _of_query(compiled: CompiledRule) -> Iterator[Changed]:
    match query := compiled.query:
        case SequenceQuery():
            yield from _of_sequence(query, Timeline(compiled))
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
            yield RuleOperator.RUNS, f"stage {number + 1} is met {runs} times", replace(query, stages=changed)
        if stage.missing:
            changed = _with_stage(stages, number, replace(stage, missing=False))
            yield RuleOperator.MISSING, f"stage {number + 1} must be met", replace(query, stages=changed)
    if query.until is not None:
        yield RuleOperator.UNTIL, "`until` is removed", replace(query, until=None)
    yield from _of_span(query, timeline)


def _of_span(query: SequenceQuery, timeline: Timeline) -> Iterator[Changed]:
    """A longer span means the same where no run sees events that are further apart."""
    if query.maxspan is None or (len(query.stages) == 1 and query.stages[0].runs == 1):
        return
    if query.maxspan <= timeline.length or timeline.holds_late_events:
        yield RuleOperator.SPAN, "`maxspan` is a millisecond shorter", replace(query, maxspan=query.maxspan - 1)
    if query.maxspan < timeline.length or timeline.holds_late_events:
        yield RuleOperator.SPAN, "`maxspan` is a millisecond longer", replace(query, maxspan=query.maxspan + 1)


Stages = tuple[Stage, ...]


def _fewer_stages(stages: Stages) -> Iterator[tuple[RuleOperator, str, Stages]]:
    wanted = sum(not stage.missing for stage in stages)
    for number, stage in enumerate(stages):
        if stage.missing or wanted > 1:
            yield RuleOperator.STAGE, f"stage {number + 1} is removed", (*stages[:number], *stages[number + 1 :])


def _fewer_keys(stages: Stages) -> Iterator[tuple[RuleOperator, str, Stages]]:
    """A key that stands there twice can be left out once."""
    for part, key in enumerate(stages[0].keys):
        if all(stage.keys.count(stage.keys[part]) > 1 for stage in stages):
            continue
        said = f"the key `{key.name}` is removed" if isinstance(key, Field) else f"key {part + 1} is removed"
        left = tuple(replace(stage, keys=(*stage.keys[:part], *stage.keys[part + 1 :])) for stage in stages)
        yield RuleOperator.KEY, said, left


def _with_stage(stages: Stages, number: int, stage: Stage) -> Stages:
    return (*stages[:number], stage, *stages[number + 1 :])
