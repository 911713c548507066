"""What tells a mutant from its query, as conditions for the solver; and the proof that nothing can."""

from collections.abc import Iterator, Sequence

from rulewright_engine.esql.analysis.plan import (
    AggregateStep,
    Expand,
    Filter,
    JoinStep,
    Plan,
    Reference,
    Step,
    Take,
)
from rulewright_engine.ir.expression import Condition, Equals, Not, Or
from rulewright_generators.cases.esql.events.lowering import TRUE, Lowering, all_of
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.mutation.mutants import Mutant
from rulewright_generators.cases.esql.plan.backward_slice import relevant_slots
from rulewright_generators.cases.esql.plan.column_lineage import GroupKey, Raw
from rulewright_generators.cases.esql.plan.conditions import Atom
from rulewright_generators.cases.esql.plan.null_rejection import counted_slots, is_implied
from rulewright_generators.cases.esql.plan.overrides import with_changed
from rulewright_generators.cases.mutation.operators import Operator, distinguishing_condition
from rulewright_schema.rule import AlertSuppression, Rule

__all__ = ["differing", "is_equivalent", "unequal"]


def differing(positives: Positives, mutant: Mutant, condition: Condition) -> tuple[Condition, ...] | None:
    """What events meet of which the mutant of a condition has another verdict: first those that it lets through, then
    those that it does not. None where the condition does not ask what the mutant changes.

    Three-valued logic asks of a test whether it is true, or under a `not` whether it is false; null is neither.
    """
    assert mutant.node is not None and mutant.changed is not None  # Invariant: asked only of changed expressions
    lowering = positives.lowering
    ways = [lowering.true] if mutant.holds else [lowering.false] if mutant.holds is False else []
    found: list[Condition] = []
    for lower in ways or [lowering.true, lowering.false]:
        before, after = lower(mutant.node, mutant.segment), lower(mutant.changed, mutant.segment)
        if before == after:
            return ()
        paths = [path for path, node in condition.walk_paths() if node == before]
        found += [
            all_of([distinguishing_condition(condition, path, after), *met])
            for path in paths
            for met in ([after], [before])
        ]
    return tuple(found) or None


def unequal(positives: Positives, mutant: Mutant) -> Iterator[Condition]:
    """What events meet that WHERE leaves, and of which the changed expression says something else."""
    assert mutant.node is not None and mutant.changed is not None  # Invariant: asked only of changed expressions
    for lower in (positives.lowering.true, positives.lowering.false):
        before, after = lower(mutant.node, 0), lower(mutant.changed, 0)
        for first, second in ((before, after), (after, before)) if before != after else ():
            yield all_of([positives.single, first, Not(second)])


def is_equivalent(positives: Positives, rule: Rule, atoms: Sequence[Atom], mutant: Mutant) -> bool:
    """Whether it is proven that a mutant raises the same alerts over all events.

    Of a test: no event meets all conditions to which the change gives another truth. Stand-ins may hold any value, so
    what the solver rules out is ruled out. Of a grouping column: all events that count hold the same in it. Of
    suppression: every row is a group of its own, or no value can be missing.
    """
    if mutant.rule is not None:
        return _suppresses_the_same(positives, rule.alert_suppression, mutant.rule.alert_suppression)
    if mutant.key is not None:
        return _has_one_value(positives, mutant)
    if mutant.node is None:
        return False
    if not isinstance(positives.plan.steps[mutant.step], Filter):
        return _is_equally_true(positives, mutant)
    if mutant.operator == Operator.TRUE and any(
        atom.occurrences[0].node is mutant.node and is_implied(positives.plan, atom) for atom in atoms
    ):
        return True
    if mutant.segment == 0 and _passes_the_same(positives, rule, mutant):
        return True
    found = differing(positives, mutant, positives.whole)
    return found is not None and len(found) <= 2 and all(map(positives.builder.refuses, found))


def _passes_the_same(positives: Positives, rule: Rule, mutant: Mutant) -> bool:
    """Whether the changed WHERE lets through the same of the events that all others let through, and that count."""
    assert mutant.node is not None and mutant.changed is not None  # Invariant: asked only of changed expressions
    lowering, steps = positives.lowering, positives.plan.steps
    changed = with_changed(positives.plan, mutant.node, mutant.changed).steps
    filters = [number for number, step in enumerate(steps) if step in positives.view.segments[0].filters]
    others = [_where(lowering, steps[number]) for number in filters if number != mutant.step]
    own, other = _where(lowering, steps[mutant.step]), _where(lowering, changed[mutant.step])
    needed = [*others, _counts(positives, rule)]
    return all(
        positives.builder.refuses(all_of([*needed, first, Not(second)]))
        for first, second in ((own, other), (other, own))
    )


def _where(lowering: Lowering, step: Step) -> Condition:
    assert isinstance(step, Filter)  # Invariant: only those are asked for
    return lowering.true(step.condition, 0)


def _counts(positives: Positives, rule: Rule) -> Condition:
    """What an event meets that some aggregate gathers on which the verdict may hang; of a group of others there is no
    alert, if one of those must have gathered something."""
    first = positives.view.segments[0]
    if first.ending is None or first.inlined or not first.ending.keys or first.ending.after:
        return TRUE
    steps = positives.plan.steps
    before = steps[: steps.index(first.ending)]
    if rule.alert_suppression or any(isinstance(step, Take) for step in before):
        return TRUE
    relevant = relevant_slots(positives.plan)[steps.index(first.ending)]
    matter = [each for each in first.ending.aggregates if each.slot in relevant]
    asked = [each.condition for each in positives.view.segments[1].filters]
    counted = frozenset[int]().union(*map(counted_slots, asked))
    if not any(each.slot in counted for each in matter):
        return TRUE
    lowering = positives.lowering
    gathered = []
    for each in matter:
        there = [lowering.exists(argument, 0) for argument in each.arguments]
        gathered.append(all_of([*there, *([lowering.true(each.where, 0)] if each.where is not None else [])]))
    return TRUE if TRUE in gathered else Or(tuple(gathered)) if len(gathered) > 1 else gathered[0]


def _is_equally_true(positives: Positives, mutant: Mutant) -> bool:
    """Whether the changed condition of a CASE or an aggregate says the same of every event that WHERE leaves."""
    if mutant.segment > 0 or positives.view.segments[0].inlined:
        return False
    return all(map(positives.builder.refuses, unequal(positives, mutant)))


def _suppresses_the_same(positives: Positives, before: AlertSuppression | None, after: AlertSuppression | None) -> bool:
    assert before is not None  # Invariant: the mutants of suppression are those of rules that have it
    if _tells_rows_apart(positives.plan, before) and (after is None or _tells_rows_apart(positives.plan, after)):
        return True
    return after is not None and after.group_by == before.group_by and _are_there(positives, before.group_by)


def _tells_rows_apart(plan: Plan, suppression: AlertSuppression) -> bool:
    """Whether rows are grouped by all that STATS grouped them by: no two of them have the same values then."""
    gathered = [index for index, step in enumerate(plan.steps) if isinstance(step, AggregateStep) and not step.inline]
    if not gathered or any(isinstance(step, Expand | JoinStep) for step in plan.steps[gathered[-1] :]):
        return False
    last = plan.steps[gathered[-1]]
    assert isinstance(last, AggregateStep)  # Invariant: it was chosen for that
    named = {column.slot for column in plan.columns if column.name in suppression.group_by}
    return {new for _, new in last.keys} <= named


def _are_there(positives: Positives, names: Sequence[str]) -> bool:
    """Whether no alert can lack a value of these columns: a WHERE asks for it."""
    segment = len(positives.view.segments) - 1
    columns = {column.name: column for column in positives.plan.columns}
    asked = [positives.lowering.exists(Reference(columns[name]), segment) for name in names if name in columns]
    return len(asked) == len(names) and all(
        positives.builder.refuses(all_of([positives.whole, Not(condition)])) for condition in asked
    )


def _has_one_value(positives: Positives, mutant: Mutant) -> bool:
    step = positives.plan.steps[mutant.step]
    assert isinstance(step, AggregateStep) and mutant.key is not None  # Invariant: `key` says so
    slot, segment = step.keys[mutant.key][0], mutant.segment
    origin = positives.view.segments[segment].origins.get(slot)
    while isinstance(origin, GroupKey):
        slot, segment = origin.slot, segment - 1
        origin = positives.view.segments[segment].origins.get(slot)
    solved = positives.builder.solve(positives.single)
    if not isinstance(origin, Raw) or solved is None or segment > 0:
        return False
    column = origin.column
    values = solved.get(column.name, ())
    if len(values) != 1 or values[0] is None:
        return False
    same = positives.lowering.meets(Reference(column), Equals(values[0]), "", 0)
    return positives.builder.refuses(all_of([positives.single, Not(same)]))
