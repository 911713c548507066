"""Two conditions: whether an event meets one alone, each way, with a plausible event that does."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from rulewright._compare.parts import Part, Witness
from rulewright._explain.wording import condition_text
from rulewright_engine.evaluate import blockers, compile_condition, trace
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.rules.wording import MAX_VALUE_LENGTH
from rulewright_engine.solver import BudgetExceeded, SmtSolver, UnknownReason, multi_valued_in
from rulewright_engine.solver.analysis.difference import difference
from rulewright_engine.solver.analysis.relation import Relation
from rulewright_generators.cases.events.event_writer import EventWriter, identity_of, setting_of
from rulewright_schema.rule import Rule
from rulewright_schema.wording import shortened

__all__ = ["compare_conditions", "event_of"]

MAX_REASONS = 2
"""Conditions of the other side that are named."""


def compare_conditions(name: str, old: Condition, new: Condition, rule: Rule, fields: FieldTypes) -> Part:
    """The part called `name`; `rule` says what documents look like."""
    away, added = _only(old, new, rule, fields), _only(new, old, rule, fields)
    lost, gained, reason = away.witness, added.witness, away.reason or added.reason
    match bool(lost), bool(gained):
        case True, True:
            relation = Relation.BOTH
        case _ if reason:
            relation = Relation.UNDECIDED
        case True, False:
            relation = Relation.NARROWER
        case False, True:
            relation = Relation.WIDER
        case _:
            relation = Relation.EQUAL
    single = tuple(dict.fromkeys((*away.single, *added.single)))
    return Part(
        name,
        relation,
        lost=lost,
        gained=gained,
        reason=reason if relation is Relation.UNDECIDED else "",
        single=() if relation is Relation.UNDECIDED else single,
    )


@dataclass(frozen=True, slots=True)
class _Only:
    """An event that one condition alone matches. Where there is none: `reason` says why that proves nothing, and
    `single` which fields would have to hold several values for one."""

    witness: Witness | None = None
    reason: str = ""
    single: tuple[str, ...] = ()


def _only(one: Condition, other: Condition, rule: Rule, fields: FieldTypes) -> _Only:
    question = difference(one, other)
    if question is None:
        return _Only()
    matches, misses = compile_condition(one), compile_condition(other)
    try:
        found = event_of(question, rule, fields, lambda event: matches(event) and not misses(event))
    except BudgetExceeded as error:
        return _Only(reason=str(error))
    if found is None:
        return _Only(single=_single(question, fields))
    return _Only(_refused(found, other))


def _single(condition: Condition, fields: FieldTypes) -> tuple[str, ...]:
    """The fields that a condition would be true of if only they held several values, against what the schema says."""
    several = multi_valued_in(fields)
    solver = SmtSolver(condition, multi_valued=lambda name: True)
    try:
        model = solver.model()
    except BudgetExceeded:
        return tuple(field.name for field in solver.fields if not several(field.name))
    if isinstance(model, tuple):
        return ()
    return tuple(name for name, held in model.items() if len(held) > 1 and not several(name))


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
        if confirms(Event(document)):
            return Witness(document, {name: tuple(Event(document).raw(name)) for name in values})
    raise BudgetExceeded(UnknownReason.UNCONFIRMED)
