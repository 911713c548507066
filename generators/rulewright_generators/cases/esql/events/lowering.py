"""Conditions of ES|QL as conditions of one event, so that the solver can find events.

Three-valued logic becomes two-valued by asking for what must hold: `true(e)` is a condition that makes `e` true,
`false(e)` one that makes it false; both want the fields to be there. What no test of a field could say (a function of
several fields, a captured column, an aggregate) becomes an **uninterpreted variable**: a field of its own, whose value
the solver chooses and `inverse` or `multiplicity` bring about. Nothing here decides a label: the query is run.
"""

from collections.abc import Callable, Sequence
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    Apply,
    Column,
    EventTest,
    Reference,
    Typed,
)
from rulewright_engine.esql.analysis.plan import Constant as Known
from rulewright_engine.esql.functions.comparison import solver_value
from rulewright_engine.esql.functions.traits import Choice
from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.evaluate.predicates import compile_test
from rulewright_engine.ir.expression import (
    And,
    Call,
    Condition,
    Constant,
    Equals,
    Exists,
    Field,
    FieldType,
    Leaf,
    Not,
    Or,
    Test,
)
from rulewright_engine.ir.operators import Operator
from rulewright_generators.cases.esql.events.case_changes import before_case_changed
from rulewright_generators.cases.esql.events.value_tests import tests_of
from rulewright_generators.cases.esql.events.variables import (
    FAMILIES,
    UninterpretedVariable,
    event_field,
    is_count,
    text_field,
)
from rulewright_generators.cases.esql.plan.column_lineage import (
    Computed,
    Expanded,
    GroupKey,
    Raw,
    View,
)
from rulewright_generators.cases.esql.plan.conditions import Occurrence, is_any_of

__all__ = ["FALSE", "TRUE", "Lowering", "all_of"]

TRUE, FALSE = Constant(True), Constant(False)


def all_of(conditions: Sequence[Condition]) -> Condition:
    kept = tuple(condition for condition in conditions if condition != TRUE)
    return TRUE if not kept else kept[0] if len(kept) == 1 else And(kept)


def _any_of(conditions: Sequence[Condition], *, listed: bool = False) -> Condition:
    kept = tuple(condition for condition in conditions if condition != FALSE)
    return FALSE if not kept else kept[0] if len(kept) == 1 else Or(kept, listed)


class Lowering:
    """The conditions of one view. `variables` are those met so far, by the name of their field."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.variables: dict[str, UninterpretedVariable] = {}
        self._text = view.plan.query.text

    # Logic

    def true(self, expression: Typed, segment: int) -> Condition:
        """What makes a boolean expression true."""
        match expression:
            case Known(value):
                return Constant(value is True)
            case EventTest(condition=condition):
                return condition
            case Reference():
                return self._of_reference(expression, segment, wanted=True)
            case Apply(function, arguments):
                match function.operator:
                    case Operator.AND:
                        return all_of([self.true(each, segment) for each in arguments])
                    case Operator.OR:
                        return _any_of([self.true(each, segment) for each in arguments])
                    case Operator.NOT:
                        return self.false(arguments[0], segment)
                    case Operator.IS_NULL:
                        return self._missing(arguments[0], segment)
                    case Operator.IS_NOT_NULL:
                        return self.exists(arguments[0], segment)
                    case Operator.IN if is_any_of(expression):
                        return _any_of([self.true(each, segment) for each in arguments[1:]])
                return self._test(expression, segment, holds=True)

    def false(self, expression: Typed, segment: int) -> Condition:
        """What makes a boolean expression false, which null is not."""
        match expression:
            case Known(value):
                return Constant(value is False)
            case EventTest(condition=condition):
                return Not(condition)
            case Reference():
                return self._of_reference(expression, segment, wanted=False)
            case Apply(function, arguments):
                match function.operator:
                    case Operator.AND:
                        return _any_of([self.false(each, segment) for each in arguments])
                    case Operator.OR:
                        return all_of([self.false(each, segment) for each in arguments])
                    case Operator.NOT:
                        return self.true(arguments[0], segment)
                    case Operator.IS_NULL:
                        return self.exists(arguments[0], segment)
                    case Operator.IS_NOT_NULL:
                        return self._missing(arguments[0], segment)
                    case Operator.IN if is_any_of(expression):
                        return all_of([self.false(each, segment) for each in arguments[1:]])
                return self._test(expression, segment, holds=False)

    def _of_reference(self, reference: Reference, segment: int, *, wanted: bool) -> Condition:
        origin = self.view.segments[segment].origins.get(reference.column.slot)
        if isinstance(origin, Computed):
            lower = self.true if wanted else self.false
            return lower(origin.expression, segment)
        return self.meets(reference, Equals(wanted), self._source(reference), segment)

    def exists(self, value: Typed, segment: int) -> Condition:
        """What makes a value not null."""
        match value:
            case Known(constant):
                return Constant(constant is not None)
            case Reference(column) if is_count(self.view, column, segment):
                return TRUE
            case Apply(function, arguments) if function.traits.choice is Choice.BY_CONDITION:
                return self._some_branch(arguments, lambda value: self.exists(value, segment), segment)
            case Apply(function, arguments) if function.traits.choice is Choice.BY_PRESENCE:
                return _any_of([self.exists(each, segment) for each in arguments])
            case Apply(function, arguments) if arguments and not function.traits.partial:
                return all_of([self.exists(each, segment) for each in arguments])
        return self.meets(value, Exists(), f"{self._source(value)} is not null", segment)

    def choices(self, value: Typed, segment: int) -> list[Condition]:
        """What selects each of the constant values that an expression may have: the branches of a CASE."""
        value = self.view.definition(value, segment)
        if not isinstance(value, Apply) or value.function.traits.choice is not Choice.BY_CONDITION:
            return []
        found: dict[Any, Condition] = {}
        before: list[Condition] = []
        for condition, chosen in self._branches(value.arguments, segment):
            if isinstance(chosen, Known) and chosen.value is not None:
                found.setdefault(chosen.value, all_of([*before, condition]))
            before.append(Not(condition))
        return list(found.values()) if len(found) > 1 else []

    def counts(self) -> list[Condition]:
        """That uninterpreted variables for counts have a value."""
        return [
            Leaf(Field(uninterpreted.name, FAMILIES.get(uninterpreted.value.type, FieldType.LONG)), Exists(), "")
            for uninterpreted in self.variables.values()
            if isinstance(uninterpreted.value, Reference)
            and is_count(self.view, uninterpreted.value.column, uninterpreted.segment)
        ]

    def _missing(self, value: Typed, segment: int) -> Condition:
        match value:
            case Known(constant):
                return Constant(constant is None)
            case Apply(function, arguments) if function.traits.choice is Choice.BY_PRESENCE:
                return all_of([self._missing(each, segment) for each in arguments])
        return Not(self.exists(value, segment))

    def _some_branch(self, arguments: Sequence[Typed], meets: Callable[[Typed], Condition], segment: int) -> Condition:
        """What makes CASE choose a value that meets something; branches before need not be excluded if theirs do."""
        found: list[Condition] = []
        before: list[Condition] = []
        for condition, value in self._branches(arguments, segment):
            met = meets(value)
            found.append(all_of([*before, condition, met]) if met != FALSE else FALSE)
            if met != TRUE:
                before.append(Not(condition))
        return _any_of(found)

    def _branches(self, arguments: Sequence[Typed], segment: int) -> list[tuple[Condition, Typed]]:
        """The values of a CASE, each with its own condition: it counts where none before it holds."""
        pairs = zip(arguments[:-1:2], arguments[1::2], strict=False)
        found = [(self.true(condition, segment), value) for condition, value in pairs]
        return [*found, (TRUE, arguments[-1])] if len(arguments) % 2 else found

    def asked(self, occurrence: Occurrence, segment: int, *, holds: bool) -> Condition:
        """What makes one occurrence of a condition true, or false."""
        node, wanted = occurrence.node, holds != occurrence.negated
        if occurrence.leaf is not None:
            return occurrence.leaf if wanted else Not(occurrence.leaf)
        tests = tests_of(node, self._source) if occurrence.element is not None and isinstance(node, Apply) else None
        if tests is None or occurrence.element is None or occurrence.element > len(tests[1]):
            return self.true(node, segment) if wanted else self.false(node, segment)
        subject, several, _ = tests
        test, text = several[occurrence.element - 1]
        found = self.meets(subject, test, text, segment)
        return found if wanted else all_of([self.exists(subject, segment), Not(found)])

    # Tests

    def _test(self, call: Apply, segment: int, *, holds: bool) -> Condition:
        """A call that is boolean by itself. False also wants its subject to be there."""
        tests = tests_of(call, self._source)
        if tests is None:
            return self.meets(call, Equals(holds), self._source(call), segment)
        subject, several, negated = tests
        found = _any_of([self.meets(subject, test, text, segment) for test, text in several], listed=len(several) > 1)
        return found if holds != negated else all_of([self.exists(subject, segment), Not(found)])

    def meets(self, value: Typed, test: Test, text: str, segment: int) -> Condition:
        """What makes one value meet a test."""
        match value:
            case Known(constant, type_):
                if constant is None:
                    return FALSE
                family = FAMILIES.get(type_, FieldType.KEYWORD)
                return Constant(compile_test(test, family)(solver_value(constant, type_)))
            case Reference(column):
                return self._column(column, value, test, text, segment)
            case Apply():
                return self._function(value, test, text, segment)
            case EventTest():
                wanted = isinstance(test, Equals) and test.value is True
                return value.condition if wanted else Not(value.condition)

    def _column(self, column: Column, value: Reference, test: Test, text: str, segment: int) -> Condition:
        match self.view.segments[segment].origins.get(column.slot):
            case Raw(raw) if raw.type is not Type.SOURCE:
                return Leaf(event_field(raw), test, text)
            case Computed(expression):
                return self.meets(expression, test, text, segment)
            case Expanded(source):
                return self.meets(Reference(Column(column.name, column.type, source)), test, text, segment)
            case GroupKey(slot):
                before = Reference(Column(column.name, column.type, slot))
                return self.meets(before, test, text, segment - 1)
        return self._uninterpreted(value, test, text, segment)

    def _function(self, value: Apply, test: Test, text: str, segment: int) -> Condition:
        traits, arguments = value.function.traits, value.arguments
        match traits.choice:
            case Choice.BY_CONDITION:
                return self._some_branch(arguments, lambda chosen: self.meets(chosen, test, text, segment), segment)
            case Choice.BY_PRESENCE:
                found: list[Condition] = []
                for index, each in enumerate(arguments):
                    before = [self._missing(earlier, segment) for earlier in arguments[:index]]
                    found.append(all_of([*before, self.meets(each, test, text, segment)]))
                return _any_of(found)
        if traits.changes_case is not None and (folded := before_case_changed(test, traits.changes_case)) is not None:
            return folded if isinstance(folded, Constant) else self.meets(arguments[0], folded, text, segment)
        if arguments and arguments[0].type in traits.keeps:
            return self.meets(arguments[0], test, text, segment)
        if traits.reads_text and arguments[0].type in GROUPS["string"] and isinstance(test, Equals):
            return self.meets(arguments[0], Equals(string(test.value)), text, segment)
        if traits.common_form and (field := text_field(self.view, arguments[0], segment)):
            return Leaf(Call(traits.common_form, (field,)), test, text)
        return self._uninterpreted(value, test, text, segment)

    def _uninterpreted(self, value: Typed, test: Test, text: str, segment: int) -> Condition:
        known = next((each for each in self.variables.values() if (each.value, each.segment) == (value, segment)), None)
        if known is None:
            known = UninterpretedVariable(f"\N{BULLET}{len(self.variables)}", value, segment)
            self.variables[known.name] = known
        return Leaf(Field(known.name, FAMILIES.get(value.type, FieldType.KEYWORD)), test, text)

    def _source(self, value: Typed) -> str:
        text = self._text[value.span.start : value.span.end]
        return " ".join(text.split()) if text else getattr(getattr(value, "column", None), "name", "")
