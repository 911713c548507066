"""What the solver says of conditions, against every event of a small world."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import And, Condition, Equals, Exists, Leaf, MatchesGlob, Not, Or
from rulewright_engine.solver import (
    Assignment,
    Outcome,
    SmtSolver,
    smt_search,
)
from rulewright_engine.values.patterns.glob import Wild
from support.effort import times
from support.small_world import FLAG, NAME, NUMBER, conditions, events, with_constant


def event_of(assignment: Assignment | None) -> Event:
    assert assignment is not None
    return Event({name: list(values) for name, values in assignment.items()})


def check_outcomes(condition: Condition, multi_valued: bool) -> None:
    matches = compile_condition(condition)
    atoms = list(condition.leaves())
    world: list[Event] | None = None
    for position, found in enumerate(SmtSolver(condition, multi_valued=lambda name: multi_valued).outcomes()):
        if found.outcome is Outcome.PAIR:
            positive, negative = event_of(found.positive), event_of(found.negative)
            assert matches(positive) and not matches(negative)
            own = compile_condition(atoms[position])
            assert own(positive) is found.expected and own(negative) is not found.expected
            for atom in atoms:
                truth = compile_condition(atom)
                if truth(positive) != truth(negative):  # only what always agrees with the condition may change with it
                    world = world or events(condition, multi_valued)
                    assert all(truth(event) == own(event) for event in world)
        elif found.outcome is Outcome.COUPLED:
            assert matches(event_of(found.positive)) and not matches(event_of(found.negative))
        elif found.outcome is not Outcome.UNDECIDED:
            world = world or events(condition, multi_valued)
            values = (True, False) if found.outcome is Outcome.REDUNDANT else (not found.expected,)
            assert any(
                all(changed(event) == matches(event) for event in world)
                for changed in (compile_condition(with_constant(condition, position, value)) for value in values)
            )


@given(conditions, st.booleans())
@settings(max_examples=times(150), derandomize=True)
def test_every_claim_holds_in_the_small_world(condition: Condition, several: bool) -> None:
    check_outcomes(condition, several)


@given(conditions)
@settings(max_examples=times(60), derandomize=True)
def test_the_search_that_learns_claims_nothing_else(condition: Condition) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(smt_search, "MAX_BRANCHES", 0)
        check_outcomes(condition, multi_valued=False)


@given(conditions)
@settings(max_examples=times(100), derandomize=True)
def test_a_model_matches_and_no_model_means_that_no_event_does(condition: Condition) -> None:
    matches = compile_condition(condition)
    found = SmtSolver(condition, multi_valued=lambda name: False).model()
    if isinstance(found, tuple):
        assert not any(matches(event) for event in events(condition, multi_valued=False))
    else:
        assert matches(event_of(found))


def equals(value: str) -> Leaf:
    return Leaf(NAME, Equals(value), f"name == {value}")


def like(*parts: str | Wild, insensitive: bool = False) -> Leaf:
    return Leaf(NAME, MatchesGlob(parts, insensitive), "name like " + "".join(parts))


def outcomes(condition: Condition, multi_valued: bool | None = False) -> list[Outcome]:
    return [found.outcome for found in SmtSolver(condition, multi_valued=lambda name: multi_valued).outcomes()]


def test_a_leaf_that_contradicts_its_neighbours_is_impossible_and_says_why() -> None:
    condition = And((like("a", Wild.ANY), Or((equals("ab"), equals("b")))))
    found = list(SmtSolver(condition, multi_valued=lambda name: False).outcomes())[2]
    assert found.outcome is Outcome.IMPOSSIBLE
    assert [leaf.text for leaf in found.because] == ["name like a*"]


def test_a_list_element_that_another_covers_is_redundant_and_names_it() -> None:
    found = list(SmtSolver(Or((like(Wild.ANY, "b", Wild.ANY), like(Wild.ANY, "bc", Wild.ANY)))).outcomes())
    assert [leaf.outcome for leaf in found] == [Outcome.PAIR, Outcome.REDUNDANT]
    assert [leaf.text for leaf in found[1].because] == ["name like *b*"]


def test_an_exclusion_of_what_cannot_be_is_redundant() -> None:
    assert outcomes(And((equals("a"), Not(equals("b"))))) == [Outcome.PAIR, Outcome.REDUNDANT]


def test_the_same_exclusion_counts_where_the_field_may_hold_several_values() -> None:
    assert outcomes(And((equals("a"), Not(equals("b")))), multi_valued=None) == [Outcome.PAIR, Outcome.PAIR]


def test_a_leaf_that_moves_with_another_is_coupled_and_names_it() -> None:
    condition = And((Or((equals("a"), equals("b"))), Not(equals("b"))))
    found = list(SmtSolver(condition, multi_valued=lambda name: False).outcomes())
    assert found[2].outcome is Outcome.COUPLED
    assert [leaf.text for leaf in found[2].because] == ["name == a"]


def test_two_spellings_of_one_condition_are_one() -> None:
    same = Or((like("A", Wild.ANY, insensitive=True), like("a", Wild.ANY, insensitive=True)))
    assert outcomes(same) == [Outcome.PAIR, Outcome.REDUNDANT]


def test_a_field_that_must_be_missing_is_missing() -> None:
    found = SmtSolver(And((Not(Leaf(NUMBER, Exists(), "number")), Leaf(FLAG, Exists(), "flag")))).model()
    assert isinstance(found, dict)
    assert found["number"] == ()
    assert len(found["flag"]) == 1


def test_a_thousand_alternatives_and_exclusions_are_decided_one_by_one() -> None:
    wanted = Or(tuple(equals(f"w{number}") for number in range(500)))
    excluded = Or(tuple(Leaf(NUMBER, Equals(number), f"number == {number}") for number in range(500)))
    assert set(outcomes(And((wanted, Not(excluded))))) == {Outcome.PAIR}


def test_a_failed_alternative_does_not_speak_for_the_others() -> None:
    a, b, number = equals("a"), equals("b"), Leaf(NUMBER, Exists(), "number")
    flag = Leaf(FLAG, Exists(), "flag")
    condition = And((Or((And((number, Or((a, b)))), And((flag, like("c", Wild.ANY))))), Not(a), Not(b)))
    assert isinstance(SmtSolver(condition, multi_valued=lambda name: False).model(), dict)
