"""Conditions to closures, compiled once for each query."""

# ruff: noqa: SIM110 (a loop is twice as fast as `any` over a generator)

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rulewright_engine.evaluate.event import Event, slot
from rulewright_engine.evaluate.predicates import Predicate, compile_test, constant_of
from rulewright_engine.evaluate.value_expressions import choices, compile_value, distinct_fields
from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Equals,
    Exists,
    Field,
    FieldType,
    InOtherFields,
    Leaf,
    MatchesGlob,
    Nested,
    Not,
    Or,
)
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns.glob import compile_folded_glob, compile_glob

__all__ = ["Check", "compile_condition"]

Check = Callable[[Event], bool]


def compile_condition(condition: Condition) -> Check:
    """A function that says whether an event meets the condition. Reentrant; raises `LimitExceeded` at most."""
    match condition:
        case Constant(value):
            return lambda event: value
        case Not(child):
            check = compile_condition(child)
            return lambda event: not check(event)
        case And():
            return _all([compile_condition(child) for child in condition.conjuncts()])
        case Or():
            return _any(list(_alternatives(condition.disjuncts())))
        case Nested(path, child):
            inner = compile_condition(child)
            return lambda event: any(map(inner, event.objects(path)))
        case Leaf():
            return _leaf(condition)


def _all(checks: list[Check]) -> Check:
    if len(checks) == 2:
        first, second = checks
        return lambda event: first(event) and second(event)

    def holds(event: Event) -> bool:
        for check in checks:
            if not check(event):
                return False
        return True

    return holds


def _any(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    if len(checks) == 2:
        first, second = checks
        return lambda event: first(event) or second(event)

    def holds(event: Event) -> bool:
        for check in checks:
            if check(event):
                return True
        return False

    return holds


# Atomic conditions


def _leaf(leaf: Leaf) -> Check:
    value = leaf.value
    if isinstance(leaf.test, InOtherFields):
        return _other_fields(leaf.test)
    if not isinstance(value, Field):
        return _computed_condition(leaf)
    key = slot(value)
    if isinstance(leaf.test, Exists):
        return lambda event: bool(event.typed[key])
    if isinstance(leaf.test, Equals) and not leaf.test.insensitive:
        constant = constant_of(leaf.test, value.type)
        return lambda event: constant in event.typed[key]
    return _any_value(key, compile_test(leaf.test, value.type))


def _other_fields(test: InOtherFields) -> Check:
    """Only the fields that the event holds are asked, and those that have no name in it."""
    by_name: dict[str, list[Condition]] = {}
    always: list[Condition] = []
    for condition in test.conditions:
        field = next(condition.fields())
        if field.type is FieldType.FLATTENED:
            always.append(condition)
        else:
            by_name.setdefault(field.name, []).append(condition)
    below = _any([compile_condition(condition) for condition in always])

    @cache
    def of_name(name: str) -> Check:
        return _any([compile_condition(condition) for condition in by_name.get(name, ())])

    return lambda event: any(of_name(name)(event) for name in event.names() if name in by_name) or below(event)


def _any_value(key: str, predicate: Predicate) -> Check:
    def holds(event: Event) -> bool:
        for value in event.typed[key]:
            if predicate(value):
                return True
        return False

    return holds


def _computed_condition(leaf: Leaf) -> Check:
    """True when some choice of one value of each field passes; a null result never does."""
    evaluate, predicate = compile_value(leaf.value), compile_test(leaf.test, None)
    fields = distinct_fields([leaf.value])

    def holds(event: Event) -> bool:
        for choice in choices(event, fields):
            value = evaluate(choice)
            if value is not None and predicate(value):
                return True
        return False

    return holds


# Alternatives over one field

_TEXTS = (FieldType.KEYWORD, FieldType.WILDCARD, FieldType.TEXT, FieldType.FLATTENED)


@dataclass(slots=True)
class _OneOf:
    """Equalities and globs over one field that all mind case, or all ignore it: the value is looked up in one set."""

    key: str
    insensitive: bool
    constants: set[Any] = field(default_factory=set)
    matchers: list[Predicate] = field(default_factory=list)

    def add(self, leaf: Leaf, family: FieldType) -> None:
        match leaf.test:
            case Equals() as test:
                self.constants.add(constant_of(test, family))
            case MatchesGlob() as test:
                self.matchers.append(
                    compile_folded_glob(test.parts, test.insensitive) if self.insensitive else compile_glob(test.parts)
                )

    def compile(self) -> Check:
        if self.insensitive or self.matchers:
            return self._text_check()
        key, constants = self.key, frozenset(self.constants)
        return lambda event: not constants.isdisjoint(event.typed[key])

    def _text_check(self) -> Check:
        key, constants, matchers = self.key, frozenset(self.constants), tuple(self.matchers)
        prepare = fold_case if self.insensitive else str

        def holds(event: Event) -> bool:
            for value in event.typed[key]:
                text = prepare(value)
                if text in constants:
                    return True
                for matcher in matchers:
                    if matcher(text):
                        return True
            return False

        return holds


def _alternatives(operands: Iterable[Condition]) -> Iterator[Check]:
    """One check for each operand, but one for all conditions that `_OneOf` can hold, where the first of them stood."""
    groups: dict[tuple[str, bool], _OneOf] = {}
    ordered: list[Condition | _OneOf] = []
    for operand in operands:
        member = _group_of(operand)
        if member is None:
            ordered.append(operand)
            continue
        leaf, value, insensitive = member
        key = slot(value)
        group = groups.get((key, insensitive))
        if group is None:
            group = groups[key, insensitive] = _OneOf(key, insensitive)
            ordered.append(group)
        group.add(leaf, value.type)
    for part in ordered:
        yield part.compile() if isinstance(part, _OneOf) else compile_condition(part)


def _group_of(operand: Condition) -> tuple[Leaf, Field, bool] | None:
    match operand:
        case Leaf(Field() as value, Equals() as test) if not test.insensitive:
            return operand, value, False
        case Leaf(Field() as value, Equals() | MatchesGlob() as test) if value.type in _TEXTS:
            return operand, value, test.insensitive
        case _:
            return None
