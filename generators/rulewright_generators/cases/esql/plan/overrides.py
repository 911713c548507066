"""A plan with overrides in its expressions: compiled once, it runs with any one of them forced, or changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    ORIGIN,
    AggregateStep,
    Apply,
    Assign,
    AssignStep,
    CaptureStep,
    Constant,
    EventTest,
    Filter,
    Plan,
    Row,
    Step,
    Typed,
)
from rulewright_engine.esql.analysis.signatures import Call, bind
from rulewright_engine.esql.analysis.warnings import Warnings
from rulewright_engine.esql.execution.compile import Compiled, Compiler
from rulewright_engine.esql.functions.registry import Function, FunctionKind
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.ir.expression import (
    Condition,
    Leaf,
)
from rulewright_engine.ir.expression import Constant as Always
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_generators.cases.esql.plan.conditions import Atom, Occurrence

__all__ = ["Asked", "Overrides", "forced_plan", "with_changed"]

Asked = dict[int, list[tuple[Row, Any]]]
"""The rows that each node, by its identity, was asked about, and its answers: true, false or null."""


class Overrides:
    """`plan` does what the plan of the nodes does, until one of them is forced or changed."""

    def __init__(self, plan: Plan, nodes: Iterable[Typed]) -> None:
        self._nodes = {id(node) for node in nodes}
        self._settings: dict[int, tuple[Compiled, int | None]] = {}
        self._compiled: dict[tuple[Atom, bool], dict[int, Compiled]] = {}
        self._changed: dict[int, Compiled] = {}
        self._asked: Asked | None = None
        self._compiler = Compiler(plan.query.text, Warnings())
        self.plan = replace(plan, steps=tuple(_with_expressions(step, self._wired) for step in plan.steps))

    def force(self, atom: Atom, value: bool, position: int | None = None) -> None:
        """From now on the condition is `value` wherever it stands: for every row, or for those of one event."""
        key = atom, value
        if key not in self._compiled:
            self._compiled[key] = {
                id(occurrence.node): self._compiler.compile(_forced(occurrence, value != occurrence.negated))
                for occurrence in atom.occurrences
            }
        self._settings = {node: (evaluate, position) for node, evaluate in self._compiled[key].items()}

    def change(self, node: Typed, changed: Typed) -> None:
        """From now on `changed` stands in the place of a node, and of this alone. Both must outlive the overrides."""
        self._settings = {id(node): (self._of(changed), None)}

    def watch(self) -> Asked:
        """From now on, until they are released, the overrides note which rows each node is asked about."""
        self._settings = {}
        self._asked = {}
        return self._asked

    def differs(self, asked: Asked, node: Typed, changed: Typed) -> bool:
        """Whether a node and what may stand in its place differ on the rows that it was asked about.

        A row keeps what it held: whatever is assigned later has a slot of its own.
        """
        evaluate = self._of(changed)
        return any(evaluate(row) is not value for row, value in asked.get(id(node), ()))

    def _of(self, changed: Typed) -> Compiled:
        if id(changed) not in self._changed:
            self._changed[id(changed)] = self._compiler.compile(changed)
        return self._changed[id(changed)]

    def release(self) -> None:
        """All conditions are what the events say."""
        self._settings = {}
        self._asked = None

    def _wired(self, expression: Typed) -> Typed:
        """The expression with an override in front of every node that may be forced or changed."""

        def wired(node: Typed, below: tuple[Typed, ...]) -> Typed:
            above = node.with_children(below) if below else node
            return self._switch(id(node), above) if id(node) in self._nodes else above

        return expression.fold(wired)

    def _switch(self, key: int, wired: Typed) -> Apply:
        def choose(row: Row, evaluate: Compiled) -> Any:
            setting = self._settings.get(key)
            if setting is None or (setting[1] is not None and row[ORIGIN] != setting[1]):
                value = evaluate(row)
                if self._asked is not None:
                    self._asked.setdefault(key, []).append((row, value))
                return value
            return setting[0](row)

        return Apply(
            Function("switch", FunctionKind.LAZY, (), lambda binding: choose),
            (wired,),
            Type.BOOLEAN,
            choose,
            wired.span,
        )


def forced_plan(plan: Plan, atom: Atom, value: bool) -> Plan:
    """The plan in which the condition is `value` wherever it stands."""
    for occurrence in atom.occurrences:
        plan = with_changed(plan, occurrence.node, _forced(occurrence, value != occurrence.negated))
    return plan


def with_changed(plan: Plan, node: Typed, changed: Typed) -> Plan:
    """The plan with something else in the place of one node, and of this alone."""

    def put(expression: Typed) -> Typed:
        return expression.fold(
            lambda each, below: changed if each is node else each.with_children(below) if below else each
        )

    return replace(plan, steps=tuple(_with_expressions(step, put) for step in plan.steps))


def _forced(occurrence: Occurrence, value: bool) -> Typed:
    """What stands at an occurrence once its condition is forced: a constant, or what is left of a list or of KQL."""
    node, constant = occurrence.node, Constant(value, Type.BOOLEAN, occurrence.node.span)
    if occurrence.leaf is not None and isinstance(node, EventTest):
        condition = _with_constant(node.condition, occurrence.leaf, value)
        return replace(node, condition=condition, test=compile_condition(condition))
    if occurrence.element is None or value or not isinstance(node, Apply) or len(node.arguments) == 2:
        return constant
    rest = (*node.arguments[: occurrence.element], *node.arguments[occurrence.element + 1 :])
    shorter = bind(Call(node.function, node.function.name, node.span, rest, node.span, ""), REFERENCE_TIME)
    return shorter if isinstance(shorter, Apply) else constant


def _with_expressions(step: Step, put: Callable[[Typed], Typed]) -> Step:
    match step:
        case Filter(condition):
            return replace(step, condition=put(condition))
        case AssignStep(assigns):
            return replace(step, assigns=_assigned(assigns, put))
        case CaptureStep(value):
            return replace(step, input=put(value))
        case AggregateStep(before=before, aggregates=aggregates, after=after):
            changed = tuple(
                replace(
                    each,
                    arguments=tuple(map(put, each.arguments)),
                    where=None if each.where is None else put(each.where),
                )
                for each in aggregates
            )
            return replace(step, before=_assigned(before, put), aggregates=changed, after=_assigned(after, put))
        case _:
            return step


def _assigned(assigns: Sequence[Assign], put: Callable[[Typed], Typed]) -> tuple[Assign, ...]:
    return tuple(replace(assign, expression=put(assign.expression)) for assign in assigns)


def _with_constant(condition: Condition, leaf: Leaf, value: bool) -> Condition:
    return condition.transform(lambda node: Always(value) if node == leaf else node)
