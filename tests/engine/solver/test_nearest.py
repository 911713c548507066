"""The smallest change to an event and what blocks it, against every event of a small world."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rulewright_engine.evaluate import blockers, compile_condition, trace
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Call,
    Condition,
    Equals,
    Exists,
    Field,
    FieldType,
    IsTrue,
    Not,
    Or,
)
from rulewright_engine.solver import SmtSolver
from rulewright_engine.solver.nearest import Change, deciding_conditions, smallest_change
from support.effort import times
from support.small_world import ADDRESS, FLAG, NAME, NUMBER, conditions, events, leaf

IS_A, IS_B = leaf(NAME, Equals("a")), leaf(NAME, Equals("b"))


def differing(one: Event, other: Event) -> int:
    names = {*one.names(), *other.names()}
    return sum(one.raw(name) != other.raw(name) for name in names)


@given(conditions, st.data(), st.booleans())
@example(And((IS_A, leaf(NUMBER, Equals(1)))), None, False)
@settings(max_examples=times(150), derandomize=True)
def test_no_event_of_the_small_world_is_nearer(condition: Condition, data: Any, several: bool) -> None:
    matches = compile_condition(condition)
    world = events(condition, several)
    misses = [event for event in world if not matches(event)]
    assume(misses)
    event = data.draw(st.sampled_from(misses)) if data else misses[0]
    found = smallest_change(SmtSolver(condition, multi_valued=lambda name: several), event)
    matching = [other for other in world if matches(other)]
    if isinstance(found, Change):
        assert matches(Event(found.document))
        assert differing(event, Event(found.document)) == len(found.fields)
        if found.proven:
            assert all(differing(event, other) >= len(found.fields) for other in matching)
    elif found.because:
        assert not matching


@given(conditions, st.data())
@settings(max_examples=times(150), derandomize=True)
def test_a_blocker_is_otherwise_wherever_the_condition_holds(condition: Condition, data: Any) -> None:
    matches = compile_condition(condition)
    world = events(condition, multi_valued=False)
    event = data.draw(st.sampled_from(world))
    found = list(blockers(trace(condition, event)))
    assert bool(found) != matches(event)
    for blocker in found:
        holds = compile_condition(blocker.trace.node)
        assert holds(event) is not blocker.wanted
        assert all(holds(other) is blocker.wanted for other in world if matches(other))


@given(conditions, st.data())
@settings(max_examples=times(100), derandomize=True)
def test_the_verdict_changes_with_each_leaf_that_it_hangs_on(condition: Condition, data: Any) -> None:
    matches = compile_condition(condition)
    world = events(condition, multi_valued=False)
    solver = SmtSolver(condition, multi_valued=lambda name: False)
    event = data.draw(st.sampled_from(world))
    for decisive in deciding_conditions(solver, event):
        flipped = solver.truth(event) ^ 1 << solver.formula.atoms.index(decisive)
        assert all(matches(other) != matches(event) for other in world if solver.truth(other) == flipped)


def test_the_nearest_value_is_taken_and_the_others_are_kept() -> None:
    cases: list[tuple[Condition, Mapping[str, Any], Mapping[str, Any]]] = [
        (Or((leaf(NAME, Equals("cat")), leaf(NAME, Equals("cmd")))), {"name": "CMD"}, {"name": "cmd"}),
        (And((IS_A, IS_B)), {"name": ["a", "x"]}, {"name": ["a", "x", "b"]}),
        (Not(IS_A), {"name": ["a", "b"]}, {"name": ["b"]}),
        (Not(leaf(NAME, Exists())), {"name": "a", "flag": True}, {"flag": True}),
        (And((IS_A, leaf(FLAG, Equals(False)))), {"other": 1}, {"other": 1, "name": "a", "flag": False}),
        (And((IS_A, IS_B)), {}, {"name": ["a", "b"]}),
    ]
    for condition, event, after in cases:
        found = smallest_change(SmtSolver(condition, multi_valued=lambda name: True), Event(event))
        assert isinstance(found, Change)
        assert found.document == after


@pytest.mark.parametrize(("is_list", "after"), [(False, "b"), (True, ["a", "b"])])
def test_a_single_value_is_kept_where_the_field_is_a_list(is_list: bool, after: Any) -> None:
    found = smallest_change(SmtSolver(IS_B), Event({"name": "a"}), is_list=lambda name: is_list)
    assert isinstance(found, Change)
    assert found.document == {"name": after}


def test_four_fields_are_least_where_four_conditions_share_none() -> None:
    each = (IS_A, leaf(NUMBER, Equals(1)), leaf(FLAG, Equals(False)), leaf(ADDRESS, Equals("10.0.0.1")))
    found = smallest_change(SmtSolver(And(each)), Event({}))
    assert isinstance(found, Change)
    assert found.proven
    assert len(found.fields) == 4


def test_of_related_fields_few_are_changed() -> None:
    related = leaf(Call("startswith", (NAME, Field("start", FieldType.KEYWORD))), IsTrue())
    found = smallest_change(SmtSolver(related), Event({"name": "abc", "start": "b"}))
    assert isinstance(found, Change)
    assert [change.name for change in found.fields] in (["name"], ["start"])


def test_what_contradicts_is_said() -> None:
    found = smallest_change(SmtSolver(And((IS_A, IS_B)), multi_valued=lambda name: False), Event({"name": "a"}))
    assert not isinstance(found, Change)
    assert set(found.because) == {IS_A.text, IS_B.text}
