"""Mutants of an ES|QL query: one small change of a condition on which alerts may hang, or of how rows are gathered.

What only the columns of the result show has no mutants: a case says which events raise an alert, not what it looks
like. A condition is one of WHERE, of an aggregate or of a CASE, before and behind STATS; KQL in it has the mutants of
KQL. The rest is three-valued, and a change is made in ES|QL itself, so that the interpreter says what it means.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    Aggregate,
    AggregateStep,
    Apply,
    AssignStep,
    Column,
    Constant,
    EventTest,
    Filter,
    Plan,
    Reference,
    Step,
    Typed,
)
from rulewright_engine.esql.functions import FUNCTIONS
from rulewright_engine.esql.functions.aggregates import ALL_VALUES, Aggregation
from rulewright_engine.esql.functions.registry import VARIES, Binding, Function
from rulewright_engine.esql.functions.traits import Choice
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.esql.syntax.ast import Stats
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.ir.operators import NULL_TESTS
from rulewright_engine.ir.operators import Operator as Logical
from rulewright_engine.rules.mutant import RuleOperator
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_generators.cases.esql.mutation.operators import applied, changes_of_test
from rulewright_generators.cases.esql.plan.backward_slice import deciding_expressions, relevant_slots
from rulewright_generators.cases.esql.plan.conditions import conditions_of, is_any_of
from rulewright_generators.cases.mutation.condition_mutants import EXPECTED
from rulewright_generators.cases.mutation.operators import Operator, changes_of
from rulewright_schema.rule import Rule
from rulewright_schema.source import Span
from rulewright_schema.wording import shortened

__all__ = ["Mutant", "mutants_of"]

_DUAL = {Logical.AND: Logical.OR, Logical.OR: Logical.AND}


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """`changed` takes the place of `node`, `plan` that of the whole query, or `rule` that of the rule.

    Of a change in the query `step` is the step, and `segment` counts the STATS before it. `what` completes "it dies
    if". `holds` is the truth of the node that speaks for an alert, None where it is not one of WHERE alone. `element`
    is the constant of a list that is changed, `key` the index of the grouping column that is removed.
    """

    operator: str
    what: str
    span: Span | None = None
    step: int = 0
    segment: int = 0
    node: Typed | None = None
    changed: Typed | None = None
    plan: Plan | None = None
    rule: Rule | None = None
    holds: bool | None = None
    element: Any = None
    key: int | None = None


def mutants_of(plan: Plan) -> Iterator[Mutant]:
    """Every mutant, in the order of the steps."""
    segment = 0
    folded: frozenset[int] = frozenset()
    relevant = relevant_slots(plan)
    commands = [command for command in plan.query.commands if isinstance(command, Stats)]
    for number, (step, expressions) in enumerate(zip(plan.steps, deciding_expressions(plan), strict=True)):
        folded = folded | _folded_by(step, folded)
        reader = _Reader(plan.query.text, number, segment, folded)
        for expression in expressions:
            yield from reader.mutants(expression, is_where=isinstance(step, Filter))
        if isinstance(step, AggregateStep) and not step.inline:
            yield from _of_keys(plan, step, number, segment, commands[segment])
            segment += 1
            folded = frozenset(new for old, new in step.keys if old in folded)
        if isinstance(step, AggregateStep):
            yield from _of_aggregates(plan, step, number, segment, relevant[number])


# Conditions


@dataclass(frozen=True, slots=True)
class _Around:
    """`removed`: the constant that a node becomes where it is taken out of its AND or OR; `holds`: the truth of it that
    speaks for the whole condition, None where it is not one of WHERE alone."""

    removed: bool | None = None
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds the mutants in the expressions of one step."""

    text: str
    step: int
    segment: int
    folded: frozenset[int]

    def mutants(self, expression: Typed, *, is_where: bool) -> Iterator[Mutant]:
        yield from (
            self._condition(expression, _Around(holds=True if is_where else None))
            if (expression.type is Type.BOOLEAN)
            else self._value(expression)
        )

    def _value(self, value: Typed) -> Iterator[Mutant]:
        """The conditions inside something that is none."""
        if not isinstance(value, Apply):
            return
        asked = conditions_of(value)
        for number, argument in enumerate(value.arguments):
            is_condition = number in asked or (argument.type is Type.BOOLEAN and isinstance(argument, Apply))
            yield from self._condition(argument, _Around()) if is_condition else self._value(argument)

    def _condition(self, node: Typed, around: _Around) -> Iterator[Mutant]:
        match node:
            case Constant():
                return
            case EventTest():
                yield from self._event_test(node, around)
            case Apply(function, arguments) if function.operator in _DUAL:
                yield from self._connective(node, around)
                for argument in arguments:
                    yield from self._condition(argument, replace(around, removed=function.operator is Logical.AND))
            case Apply(function, (argument,)) if function.operator is Logical.NOT:
                if isinstance(argument, Apply) and (argument.function.operator in _DUAL or _is_case(argument)):
                    what = f"the `not` before `{self._source(argument)}` is dropped"
                    yield self._mutant(Operator.NOT, node, argument, what, around)
                inverted = _Around(_opposite(around.removed), _opposite(around.holds))
                yield from self._condition(argument, inverted)
            case Apply(arguments=arguments) if is_any_of(node):
                for argument in arguments[1:]:
                    yield from self._condition(argument, replace(around, removed=False))
            case Apply() if _is_case(node):
                yield from self._value(node)
            case Apply() | Reference():
                yield from self._test(node, around)

    def _connective(self, node: Apply, around: _Around) -> Iterator[Mutant]:
        this = Logical.AND if node.function.operator is Logical.AND else Logical.OR
        that = _DUAL[this]
        first, second = (self._source(argument) for argument in node.arguments[:2])
        what = f"`{this}` becomes `{that}` between `{first}` and `{second}`"
        if (other := applied(FUNCTIONS[that], *node.arguments)) is not None:
            yield self._mutant(Operator.CONNECTIVE, node, other, what, around)

    def _test(self, node: Apply | Reference, around: _Around) -> Iterator[Mutant]:
        named = f"`{self._source(node)}`"
        for value, operator in ((True, Operator.TRUE), (False, Operator.FALSE)):
            what = "is removed" if value == around.removed else f"is always {'true' if value else 'false'}"
            yield self._mutant(operator, node, Constant(value, Type.BOOLEAN, node.span), f"{named} {what}", around)
        if (negated := applied(FUNCTIONS[Logical.NOT], node)) is not None:
            yield self._mutant(Operator.NEGATED, node, negated, f"{named} is negated", around)
        if not isinstance(node, Apply):
            return
        is_open = _is_open(node)
        for operator, changed, what, element in changes_of_test(node, self._source):
            if operator in (Operator.BEGINNING, Operator.CASE) and not is_open:
                continue
            if operator is Operator.CASE and _is_folded(node.arguments[0], self.folded):
                continue
            yield replace(self._mutant(operator, node, changed, f"{named} {what}", around), element=element)
        if is_open and (absent := _or_absent(node, around)) is not None:
            yield self._mutant(Operator.MISSING, node, absent, f"{named} counts a missing value", around)
        yield from self._value(node)

    def _event_test(self, node: EventTest, around: _Around) -> Iterator[Mutant]:
        for change in changes_of(node.condition, lambda leaf: True):
            condition = node.condition.replace(change.path, change.node)
            changed = replace(node, condition=condition, test=compile_condition(condition))
            yield self._mutant(change.operator, node, changed, change.what, around)

    def _mutant(self, operator: Operator, node: Typed, changed: Typed, what: str, around: _Around) -> Mutant:
        return Mutant(operator.value, what, node.span, self.step, self.segment, node, changed, holds=around.holds)

    def _source(self, expression: Typed) -> str:
        return shortened(" ".join(self.text[expression.span.start : expression.span.end].split()), _MAX_EXPRESSION_TEXT)


_MAX_EXPRESSION_TEXT = 120
"""Characters of an expression that a mutant names."""


def _folded_by(step: Step, folded: frozenset[int]) -> frozenset[int]:
    """The slots that a step fills with text of one case: there, whether case counts makes no difference."""
    assigns = step.assigns if isinstance(step, AssignStep) else ()
    for assign in assigns:
        if _is_folded(assign.expression, folded):
            folded |= {assign.slot}
    return folded


def _is_folded(value: Typed, folded: frozenset[int]) -> bool:
    while isinstance(value, Apply) and value.function.traits.keeps_case:
        value = value.arguments[0]
    if isinstance(value, Reference):
        return value.column.slot in folded
    return isinstance(value, Apply) and value.function.traits.changes_case is not None


def _is_case(call: Apply) -> bool:
    return call.function.traits.choice is Choice.BY_CONDITION


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def _is_open(test: Apply) -> bool:
    """Whether documents may lack what a test asks for or spell it otherwise: not where the schema enumerates it."""
    subject, *others = test.arguments
    if not isinstance(subject, Reference) or subject.column.field is None:
        return True
    values = EXPECTED.get(subject.column.name) or subject.column.field.allowed_values
    return not any(isinstance(each, Constant) and each.value in values for each in others)


def _or_absent(node: Apply, around: _Around) -> Apply | None:
    """The test if null counted for what speaks for an alert, as it does in other languages under a `not`."""
    subject = node.arguments[0] if node.arguments else None
    if around.holds is None or node.function.operator in NULL_TESTS:
        return None
    if not isinstance(subject, Reference) or subject.column.field is None:
        return None
    absent = applied(FUNCTIONS[Logical.IS_NULL if around.holds else Logical.IS_NOT_NULL], subject)
    join = FUNCTIONS[Logical.OR if around.holds else Logical.AND]
    return None if absent is None else applied(join, node, absent)


# Groups


def _of_keys(plan: Plan, step: AggregateStep, number: int, segment: int, command: Stats) -> Iterator[Mutant]:
    """A grouping column becomes one of all values: `STATS ... BY a, b` becomes `STATS b = VALUES(b) ... BY a`."""
    columns = {column.slot: column for column in _columns_of(plan, step)}
    for index, (old, new) in enumerate(step.keys):
        column = columns.get(old) or Column("", Type.KEYWORD, old)
        gathered = Aggregate(
            ALL_VALUES, _aggregation(ALL_VALUES, column.type), (Reference(column),), None, new, step.span
        )
        changed = replace(
            step, keys=(*step.keys[:index], *step.keys[index + 1 :]), aggregates=(*step.aggregates, gathered)
        )
        named = command.by[index] if index < len(command.by) else None
        name = named.name.text if named else column.name
        span = named.name.span if named else step.span
        what = f"`{name}` no longer tells groups apart"
        other = _with_step(plan, number, changed)
        yield Mutant(RuleOperator.GROUP, what, span, number, segment, plan=other, key=index)


def _columns_of(plan: Plan, step: AggregateStep) -> Iterator[Column]:
    """The columns of the rows that a step gathers, as far as types are known."""
    for assign in step.before:
        yield Column("", assign.expression.type, assign.slot)


def _of_aggregates(
    plan: Plan, step: AggregateStep, number: int, segment: int, relevant: frozenset[int]
) -> Iterator[Mutant]:
    """An aggregate becomes its neighbour."""
    for index, aggregate in enumerate(step.aggregates):
        other = aggregate.function.neighbour
        if other is None or not aggregate.arguments:
            continue
        needed = relevant | (frozenset(new for new, old in step.copied if old in relevant))
        needed |= {slot for assign in step.after if assign.slot in needed for slot in assign.expression.slots()}
        if aggregate.slot not in needed:
            continue
        changed = replace(aggregate, function=other, aggregation=_aggregation(other, aggregate.arguments[0].type))
        aggregates = (*step.aggregates[:index], changed, *step.aggregates[index + 1 :])
        text = " ".join(plan.query.text[aggregate.span.start : aggregate.span.end].split())
        what = f"`{text}` is `{other.name}`"
        mutated = _with_step(plan, number, replace(step, aggregates=aggregates))
        yield Mutant(RuleOperator.AGGREGATE, what, aggregate.span, number, segment, plan=mutated)


def _aggregation(function: Function, type_: Type) -> Aggregation:
    bound = function.bind(Binding((type_,), type_, (VARIES,), REFERENCE_TIME))
    assert isinstance(bound, Aggregation)  # Invariant: the function is an aggregate
    return bound


def _with_step(plan: Plan, number: int, step: AggregateStep) -> Plan:
    return replace(plan, steps=(*plan.steps[:number], step, *plan.steps[number + 1 :]))
