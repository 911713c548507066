"""On which columns and expressions of a plan the verdict may hang: those that a WHERE asks about, directly or not."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rulewright_engine.esql.analysis.plan import (
    AggregateStep,
    AssignStep,
    CaptureStep,
    EventTest,
    Expand,
    Filter,
    JoinStep,
    Plan,
    ReadEvents,
    Step,
    Typed,
)
from rulewright_generators.cases.esql.plan.joined_fields import joined_fields

__all__ = ["Slots", "deciding_expressions", "deciding_fields", "relevant_slots", "slots_in"]

Slots = frozenset[int]


def deciding_expressions(plan: Plan) -> list[list[Typed]]:
    """For each step, its expressions on which the verdict may hang."""
    return [list(_expressions(step, slots)) for step, slots in zip(plan.steps, relevant_slots(plan), strict=True)]


def deciding_fields(plan: Plan) -> tuple[str, ...]:
    """The fields of events on which the verdict may hang."""
    relevant = relevant_slots(plan)[0]
    columns = [column for step in plan.steps if isinstance(step, ReadEvents) for column in step.columns]
    names = [column.read_from for column in columns if column.slot in relevant and not column.metadata]
    for step, slots in zip(plan.steps, relevant_slots(plan), strict=True):
        if isinstance(step, JoinStep):
            names += [column.name for column in joined_fields(step) if column.slot in slots]
    for expressions in deciding_expressions(plan):
        for expression in expressions:
            names += [name for test in expression.find(EventTest) for name in test.fields]
    return tuple(dict.fromkeys(names))


def _expressions(step: Step, relevant: Slots) -> Iterator[Typed]:
    match step:
        case Filter(condition):
            yield condition
        case AssignStep(assigns):
            yield from (assign.expression for assign in assigns if assign.slot in relevant)
        case CaptureStep(value, slots=slots) if relevant & set(slots):
            yield value
        case AggregateStep(before=before, aggregates=aggregates, after=after):
            yield from (assign.expression for assign in before)
            for aggregate in aggregates:
                if aggregate.slot in relevant:
                    yield from aggregate.arguments
                    if aggregate.where is not None:
                        yield aggregate.where
            yield from (assign.expression for assign in after if assign.slot in relevant)


def relevant_slots(plan: Plan) -> list[Slots]:
    """For each step, the slots behind it that some later WHERE depends on; of STATS those of the rows that it makes."""
    found: list[Slots] = []
    wanted: Slots = frozenset()
    for step in reversed(plan.steps):
        found.append(wanted)
        wanted = _wanted_before(step, wanted)
    return found[::-1]


def _wanted_before(step: Step, wanted: Slots) -> Slots:
    match step:
        case Filter(condition):
            return wanted | slots_in([condition])
        case AssignStep(assigns):
            for assign in reversed(assigns):
                if assign.slot in wanted:
                    wanted |= slots_in([assign.expression])
            return wanted
        case CaptureStep(value, slots=slots):
            return wanted | slots_in([value]) if wanted & set(slots) else wanted
        case Expand(source, target):
            return wanted | {source} if target in wanted else wanted
        case JoinStep(slots=slots):
            return wanted | slots_in(step.asked) if wanted & slots else wanted
        case AggregateStep():
            return _wanted_before_stats(step, wanted)
        case _:
            return wanted


def _wanted_before_stats(step: AggregateStep, wanted: Slots) -> Slots:
    """Rows are counted by group, so that the keys matter wherever anything behind does."""
    if step.inline:
        made = {old: new for new, old in step.copied}
        inner = frozenset(made[slot] for slot in wanted if slot in made)
        return (wanted - made.keys()) | (_wanted_before_stats(replace(step, inline=False), inner) if inner else set())
    if not wanted:
        return frozenset()
    for assign in reversed(step.after):
        if assign.slot in wanted:
            wanted |= slots_in([assign.expression])
    needed = slots_in(list(_expressions(replace(step, before=(), after=()), wanted)))
    keys = {old for old, _ in step.keys}
    return needed | keys | slots_in([assign.expression for assign in step.before])


def slots_in(expressions: Iterable[Typed]) -> Slots:
    return frozenset(slot for expression in expressions for slot in expression.slots())
