"""Events that one of two conditions alone matches, confirmed by evaluation of both."""

from collections.abc import Callable
from dataclasses import replace

from rulewright._compare.parts import Witness
from rulewright._explain.wording import condition_text
from rulewright_engine.evaluate import blockers, compile_condition, trace
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.rules.wording import MAX_VALUE_LENGTH
from rulewright_engine.solver import BudgetExceeded, UnknownReason
from rulewright_generators.cases.events.event_writer import EventWriter, identity_of, setting_of
from rulewright_schema.rule import Rule
from rulewright_schema.wording import shortened

__all__ = ["event_of", "witness_of"]

MAX_REASONS = 2
"""Conditions of the other side that are named."""


def witness_of(question: Condition, one: Condition, other: Condition, rule: Rule, fields: FieldTypes) -> Witness | None:
    """An event of `question` that `one` matches and `other` does not, and what the other has against it.

    None is a proof that there is none. Raises `BudgetExceeded` where nothing was found that says so.
    """
    matches, misses = compile_condition(one), compile_condition(other)
    found = event_of(question, rule, fields, lambda event: matches(event) and not misses(event))
    return None if found is None else _refused(found, other)


def _refused(found: Witness, other: Condition) -> Witness:
    """The witness with what the other side has against it."""
    against = list(blockers(trace(other, Event(found.event))))
    names = [field.name for each in against for field in each.trace.node.fields()]
    deciding = {name: found.shown.get(name, ()) for name in dict.fromkeys(names)}
    because = tuple(
        (shortened(condition_text(each.trace.node), MAX_VALUE_LENGTH), each.wanted) for each in against[:MAX_REASONS]
    )
    shown = {**deciding, **found.shown}
    return replace(found, shown=shown, deciding=frozenset(deciding), because=because)


def event_of(condition: Condition, rule: Rule, fields: FieldTypes, confirms: Callable[[Event], bool]) -> Witness | None:
    """A plausible event that a condition is true of, and of which evaluation `confirms` what is to be shown.

    None is a proof that there is none. Raises `BudgetExceeded` where nothing was found that says so.
    """
    writer = EventWriter(condition, fields, setting_of(rule, condition), identity_of(rule))
    decided = writer.solver.model()
    if isinstance(decided, tuple):
        return None
    for values in (writer.plausible(decided), dict(decided)):
        document = writer.document(values, writer.profile(values))
        event = Event(document)
        if confirms(event):
            return Witness(document, {name: tuple(event.raw(name)) for name in values})
    raise BudgetExceeded(UnknownReason.UNCONFIRMED)
