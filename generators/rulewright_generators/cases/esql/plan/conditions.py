"""The atomic conditions of a plan on which its verdict may hang.

A condition **decides** for some events if the verdict changes once the condition is taken for true, or for false,
whatever the events say of it. The interpreter answers that, so it holds for conditions before and behind STATS alike,
for those of a CASE, of an aggregate, inside KQL, and for each element of a list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rulewright_engine.esql.analysis.plan import (
    AggregateStep,
    Apply,
    Constant,
    EventTest,
    Filter,
    Plan,
    Reference,
    Typed,
)
from rulewright_engine.esql.functions.traits import Choice, Element
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.ir.expression import (
    Leaf,
)
from rulewright_engine.ir.operators import LOGIC, Operator
from rulewright_generators.cases.esql.plan.backward_slice import deciding_expressions, slots_in
from rulewright_schema.source import Span

__all__ = ["Atom", "Occurrence", "atoms_of", "conditions_of", "is_any_of"]

AtomKey = tuple[object, ...]
Found = tuple[AtomKey, str, Span, "Occurrence"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a condition stands: `node` of a step; of a list, the element there; of KQL, the condition in it.

    `negated`: `!=` is `==` the other way round. `wanted` is the truth that speaks for an alert; None if that is open.
    """

    step: int
    node: Typed
    element: int | None = None
    leaf: Leaf | None = None
    negated: bool = False
    wanted: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A condition, with all of its occurrences, in which rows of one segment are asked the same; named by the first."""

    text: str
    span: Span
    segment: int
    occurrences: tuple[Occurrence, ...]
    texts: frozenset[str]

    @property
    def is_chosen_by(self) -> bool:
        """Whether it stands in a CASE or an aggregate: it may have to be true of some events and false of others."""
        return self.segment == 0 and any(occurrence.wanted is None for occurrence in self.occurrences)

    @property
    def wanted(self) -> tuple[bool, ...]:
        """The truth, or both, that may speak for an alert."""
        values = {occurrence.wanted for occurrence in self.occurrences}
        return (True, False) if None in values or len(values) > 1 else tuple(value is True for value in values)


def atoms_of(plan: Plan) -> tuple[Atom, ...]:
    """The conditions of WHERE, and of what the columns that WHERE asks about are computed from, in order."""
    found: dict[object, list[tuple[str, Span, int, Occurrence]]] = {}
    segment = 0
    for position, (step, expressions) in enumerate(zip(plan.steps, deciding_expressions(plan), strict=True)):
        reader = _Reader(plan.query.text, position)
        wanted = True if isinstance(step, Filter) else None
        for expression in expressions:
            for key, text, span, occurrence in reader.conditions(expression, wanted):
                found.setdefault((segment, key), []).append((text, span, segment, occurrence))
        segment += isinstance(step, AggregateStep) and not step.inline
    return tuple(_atom(occurrences) for occurrences in found.values())


def _atom(found: Sequence[tuple[str, Span, int, Occurrence]]) -> Atom:
    text, span, segment, _ = found[0]
    return Atom(
        text, span, segment, tuple(occurrence for *_, occurrence in found), frozenset(each[0] for each in found)
    )


class _Reader:
    """Finds the conditions in the expressions of one step: what they ask, their text and span, and where that is."""

    def __init__(self, text: str, step: int) -> None:
        self._text = text
        self._step = step

    def conditions(self, expression: Typed, wanted: bool | None) -> Iterator[Found]:
        """`wanted` is the truth of the expression that speaks for an alert, if that is known."""
        match expression:
            case EventTest(condition=condition):
                for leaf, positive in condition.literals():
                    occurrence = Occurrence(
                        self._step, expression, leaf=leaf, wanted=wanted if positive else _opposite(wanted)
                    )
                    yield (leaf.value, leaf.test), leaf.text, expression.span, occurrence
            case Reference(column) if column.type is Type.BOOLEAN and column.from_event:
                yield self._whole(expression, wanted)
            case Apply(function, arguments) if function.operator in LOGIC or is_any_of(expression):
                truth = _opposite(wanted) if function.operator is Operator.NOT else wanted
                for argument in arguments:
                    yield from self.conditions(argument, truth)
            case Apply(function, arguments):
                if expression.type is Type.BOOLEAN and function.traits.choice is not Choice.BY_CONDITION:
                    yield from self._tests(expression, wanted)
                asked = conditions_of(expression)
                for number, argument in enumerate(arguments):
                    if number in asked or not isinstance(argument, Reference):
                        yield from self.conditions(argument, None)

    def _tests(self, call: Apply, wanted: bool | None) -> Iterator[Found]:
        """Of a list, each element by itself: `x in ("a", "b")` asks what `x == "a"` asks."""
        function, (subject, *others) = call.function, call.arguments
        listed = function.traits.element
        if listed is not None and all(isinstance(each, Constant) for each in others):
            for number, element in enumerate(others, 1):
                key = self._key(Operator.EQUALS if listed is Element.VALUE else function.name, subject, element)
                occurrence = Occurrence(self._step, call, number, wanted=wanted)
                text = function.written(self._source(subject), self._source(element))
                yield key, text, element.span, occurrence
        elif function.negates is not None:
            occurrence = Occurrence(self._step, call, negated=True, wanted=_opposite(wanted))
            yield self._key(function.negates.name, *call.arguments), self._source(call), call.span, occurrence
        else:
            yield self._whole(call, wanted)

    def _whole(self, test: Typed, wanted: bool | None) -> Found:
        key = self._key(test.function.name, *test.arguments) if isinstance(test, Apply) else self._key("", test)
        return key, self._source(test), test.span, Occurrence(self._step, test, wanted=wanted)

    def _key(self, name: str, *arguments: Typed) -> AtomKey:
        """The same for tests that ask the same of the same columns."""
        return name, tuple(map(self._source, arguments)), slots_in(arguments)

    def _source(self, expression: Typed) -> str:
        return " ".join(self._text[expression.span.start : expression.span.end].split())


def _opposite(wanted: bool | None) -> bool | None:
    return None if wanted is None else not wanted


def is_any_of(call: Apply) -> bool:
    """`true in (a == b, c == d)`, which is an OR."""
    return call.function.operator is Operator.IN and call.arguments[0] == Constant(True, Type.BOOLEAN)


def conditions_of(call: Apply) -> range:
    """The arguments of a CASE that are its conditions; none of any other function."""
    return range(0, len(call.arguments) - 1 if call.function.traits.choice is Choice.BY_CONDITION else 0, 2)
