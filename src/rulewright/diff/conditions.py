"""Two conditions: whether an event meets one alone, each way, with a believable event that does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rulewright.diff.parts import Part, Witness
from rulewright.diff.relation import Relation
from rulewright_engine.analysis.difference import difference
from rulewright_engine.evaluate import compile_condition, trace
from rulewright_engine.event import Event
from rulewright_engine.expression import Condition, Leaf
from rulewright_engine.fields import FieldTypes
from rulewright_engine.solver import Exhausted
from rulewright_generators.fixtures.results import deciding_leaf
from rulewright_generators.fixtures.writer import EventWriter, identity_of, setting_of
from rulewright_schema.rule import Rule

__all__ = ["compare_conditions", "event_of"]


def compare_conditions(name: str, old: Condition, new: Condition, rule: Rule, fields: FieldTypes) -> Part:
    """The part called `name`; `rule` says what documents look like."""
    lost, doubt = _only(old, new, rule, fields)
    gained, more = _only(new, old, rule, fields)
    doubt = doubt or more
    match bool(lost), bool(gained):
        case True, True:
            relation = Relation.BOTH
        case _ if doubt:
            relation = Relation.UNDECIDED
        case True, False:
            relation = Relation.NARROWER
        case False, True:
            relation = Relation.WIDER
        case _:
            relation = Relation.EQUAL
    return Part(name, relation, lost=lost, gained=gained, doubt=doubt if relation is Relation.UNDECIDED else "")


def _only(one: Condition, other: Condition, rule: Rule, fields: FieldTypes) -> tuple[Witness | None, str]:
    """An event that `one` alone matches; or why none was found where that proves nothing."""
    question = difference(one, other)
    if question is None:
        return None, ""
    matches, misses = compile_condition(one), compile_condition(other)
    try:
        found = event_of(question, rule, fields, lambda event: matches(event) and not misses(event))
    except Exhausted as error:
        return None, str(error) or "the search was given up"
    if found is None:
        return None, ""
    return replace(found, because=_decider(other, Event(found.events[0]))), ""


def event_of(condition: Condition, rule: Rule, fields: FieldTypes, confirms: Callable[[Event], bool]) -> Witness | None:
    """A believable event that a condition is true of, and of which evaluation `confirms` what is to be shown.

    None is a proof that there is none. Raises `Exhausted` where nothing was found that says so.
    """
    writer = EventWriter(condition, fields, setting_of(rule, condition), identity_of(rule))
    decided = writer.solver.model()
    if isinstance(decided, tuple):
        return None
    for values in (writer.believable(decided), dict(decided)):
        document = writer.document(values, writer.profile(values))
        if confirms(Event(document)):
            return Witness((document,), {name: _plain(held) for name, held in values.items()})
    raise Exhausted("evaluation did not confirm the event that the search found")


def _plain(held: tuple[Any, ...]) -> Any:
    return None if not held else held[0] if len(held) == 1 else list(held)


def _decider(condition: Condition, event: Event) -> str:
    """The leaf that keeps a condition from matching."""
    decisive = deciding_leaf(trace(condition, event))
    return decisive.node.text if decisive is not None and isinstance(decisive.node, Leaf) else ""
