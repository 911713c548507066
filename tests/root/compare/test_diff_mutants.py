"""Public rules against changes of them whose direction is known."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from rulewright._compare import Comparison, Relation, compare_rules
from rulewright._compare.parts import Witness
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.query import EventQuery, Sequence
from rulewright_engine.rules import Meaning
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_schema.rule import Rule
from support.directed_changes import mutants_of, shuffled, with_condition
from support.rules import readable

PAIRS = 90
RUNS = 8
SEED = 20261124


def rules(corpus: list[Path], random: Random) -> Iterator[tuple[Path, Rule, Meaning]]:
    """Public rules with a query of events or a sequence, in an order of chance."""
    for path in random.sample(corpus, len(corpus)):
        for rule, meaning in readable([path]):
            if isinstance(meaning.query, EventQuery | Sequence):
                yield path, rule, meaning


def condition_of(meaning: Meaning) -> Condition:
    assert isinstance(meaning.query, EventQuery | Sequence)
    return meaning.query.condition if isinstance(meaning.query, EventQuery) else meaning.query.stages[0].condition


def mutated(meaning: Meaning, condition: Condition) -> Meaning:
    assert meaning.query is not None
    return replace(meaning, query=with_condition(meaning.query, 0, condition))


def check(witness: Witness | None, finds: Condition, misses: Condition) -> None:
    if witness is not None:
        assert compile_condition(finds)(Event(witness.event))
        assert not compile_condition(misses)(Event(witness.event))


def test_the_direction_of_a_change_is_found_and_shown(corpus: list[Path]) -> None:
    random = Random(SEED)
    seen = dict.fromkeys(Relation, 0)
    for path, rule, meaning in rules(corpus, random):
        old = condition_of(meaning)
        wanted = Relation.NARROWER if sum(seen.values()) % 2 else Relation.WIDER
        options = [mutant for mutant in mutants_of(old) if mutant[1] is wanted]
        if not options:
            continue
        new, expected = random.choice(options)
        found = compare_rules(rule, meaning, rule, mutated(meaning, new))
        remembers = {Relation.BOTH, Relation.CHANGED} if rule.type == "new_terms" else set()
        possible = {expected, Relation.EQUAL, Relation.UNDECIDED, *remembers}
        assert found.relation in possible, (path, expected, found.relation)
        seen[found.relation] += 1
        for part in found.parts:
            check(part.lost, old, new)
            check(part.gained, new, old)
            assert part.lost or part.gained or part.doubt, path
        if sum(seen.values()) == PAIRS:
            break
    assert sum(seen.values()) == PAIRS
    assert seen[Relation.UNDECIDED] <= PAIRS // 30, seen
    assert seen[Relation.NARROWER] + seen[Relation.WIDER] > 0.8 * PAIRS, seen


def test_an_order_is_no_difference(corpus: list[Path]) -> None:
    random = Random(SEED)
    for number, (path, rule, meaning) in enumerate(rules(corpus, random)):
        found = compare_rules(rule, meaning, rule, mutated(meaning, shuffled(condition_of(meaning), random)))
        assert found == Comparison(Relation.EQUAL), path
        if number == PAIRS:
            break


def test_a_run_that_tells_two_rules_apart_does(corpus: list[Path]) -> None:
    """Sequences with half of their span: a run within it alerts as it did, one beyond it no longer."""
    random, told = Random(SEED), 0
    for path, rule, meaning in rules(corpus, random):
        query = meaning.query
        if not isinstance(query, Sequence) or not query.maxspan:
            continue
        after = replace(meaning, query=replace(query, maxspan=query.maxspan // 2))
        found = compare_rules(rule, meaning, rule, after)
        assert found.relation in (Relation.NARROWER, Relation.CHANGED), path
        lost = found.runs.lost
        assert found.runs.gained is None or found.relation is Relation.CHANGED, path
        if lost is not None:
            assert CaseRunner(rule, meaning).alerts(lost.case) == lost.old != ()
            assert CaseRunner(rule, after).alerts(lost.case) == lost.new == ()
        told += lost is not None
        if told == RUNS:
            break
    assert told == RUNS
