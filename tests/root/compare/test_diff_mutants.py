"""Public rules against changes of them whose direction is known."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from rulewright._compare import Comparison, Relation, compare_rules
from rulewright._compare.conditions import compare_conditions
from rulewright._compare.parts import Witness
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition, Leaf, Or
from rulewright_engine.ir.query import EventQuery, Sequence
from rulewright_engine.rules import Compilation, CompiledRule
from rulewright_generators.cases.evidence.results import CaseRunner
from support.directed_changes import mutants_of, shuffled
from support.rules import readable

PAIRS = 90
RUNS = 8
LISTS = 12
EDITS = 2
SEED = 20261124


def rules(corpus: list[Path], random: Random) -> Iterator[tuple[Path, CompiledRule]]:
    """Public rules with a query of events or a sequence, in an order of chance."""
    for path in random.sample(corpus, len(corpus)):
        for compiled in readable([path]):
            if isinstance(compiled.query, EventQuery | Sequence):
                yield path, compiled


def condition_of(compiled: CompiledRule) -> Condition:
    assert isinstance(compiled.query, EventQuery | Sequence)
    return compiled.query.condition if isinstance(compiled.query, EventQuery) else compiled.query.stages[0].condition


def mutated(compiled: CompiledRule, condition: Condition) -> CompiledRule:
    return replace(compiled, query=compiled.query.with_condition(0, condition))


def compared(old: CompiledRule, new: CompiledRule) -> Comparison:
    return compare_rules(*(Compilation(each.rule, None, each, ()) for each in (old, new)))


def check(witness: Witness | None, finds: Condition, misses: Condition) -> None:
    if witness is not None:
        assert compile_condition(finds)(Event(witness.event))
        assert not compile_condition(misses)(Event(witness.event))


def test_the_direction_of_a_change_is_found_and_shown(corpus: list[Path]) -> None:
    random = Random(SEED)
    seen = dict.fromkeys(Relation, 0)
    for path, compiled in rules(corpus, random):
        old = condition_of(compiled)
        wanted = Relation.NARROWER if sum(seen.values()) % 2 else Relation.WIDER
        options = [mutant for mutant in mutants_of(old) if mutant[1] is wanted]
        if not options:
            continue
        new, expected = random.choice(options)
        found = compared(compiled, mutated(compiled, new))
        remembers = {Relation.BOTH, Relation.CHANGED} if compiled.rule.type == "new_terms" else set()
        possible = {expected, Relation.EQUAL, Relation.UNDECIDED, *remembers}
        assert found.relation in possible, (path, expected, found.relation)
        seen[found.relation] += 1
        for part in found.parts:
            check(part.lost, old, new)
            check(part.gained, new, old)
            assert part.lost or part.gained or part.reason, path
        if sum(seen.values()) == PAIRS:
            break
    assert sum(seen.values()) == PAIRS
    assert seen[Relation.UNDECIDED] <= PAIRS // 30, seen
    assert seen[Relation.NARROWER] + seen[Relation.WIDER] > 0.8 * PAIRS, seen


def test_an_order_is_no_difference(corpus: list[Path]) -> None:
    random = Random(SEED)
    for number, (path, compiled) in enumerate(rules(corpus, random)):
        found = compared(compiled, mutated(compiled, shuffled(condition_of(compiled), random)))
        assert found == Comparison(Relation.EQUAL), path
        if number == PAIRS:
            break


def test_a_run_that_tells_two_rules_apart_does(corpus: list[Path]) -> None:
    """Sequences with half of their span: a run within it alerts as it did, one beyond it no longer."""
    random, told = Random(SEED), 0
    for path, compiled in rules(corpus, random):
        query = compiled.query
        if not isinstance(query, Sequence) or not query.maxspan:
            continue
        after = replace(compiled, query=replace(query, maxspan=query.maxspan // 2))
        found = compared(compiled, after)
        assert found.relation in (Relation.NARROWER, Relation.CHANGED), path
        lost = found.runs.lost
        assert found.runs.gained is None or found.relation is Relation.CHANGED, path
        if lost is not None:
            assert CaseRunner(compiled).alerts(lost.case) == lost.old != ()
            assert CaseRunner(after).alerts(lost.case) == lost.new == ()
        told += lost is not None
        if told == RUNS:
            break
    assert told == RUNS


def test_every_element_that_leaves_a_list_or_comes_is_named(corpus: list[Path]) -> None:
    """Each way: its own change, with an event that confirms it, or the proof that it makes no difference."""
    random, told = Random(SEED), 0
    for path, compiled in rules(corpus, random):
        whole = condition_of(compiled)
        lists = [(at, node) for at, node in whole.walk_paths() if is_list(node)]
        if not lists:
            continue
        at, node = random.choice(lists)
        gone = random.sample(node.operands, EDITS)
        rest = replace(node, operands=tuple(each for each in node.operands if each not in gone))
        part = compare_conditions("query", whole, whole.replace(at, rest), compiled.rule, compiled.fields)
        back = compare_conditions("query", whole.replace(at, rest), whole, compiled.rule, compiled.fields)
        for one, old, new in ((part, whole, whole.replace(at, rest)), (back, whole.replace(at, rest), whole)):
            assert one.relation is Relation.EQUAL or len(one.changes) == EDITS, path
            for change in one.changes:
                assert bool(change.old) is not bool(change.new), path
                check(change.lost, old, new)
                check(change.gained, new, old)
        shown = [change for one in (part, back) for change in one.changes if change.lost or change.gained]
        told += len(shown)
        if told >= LISTS * EDITS * 2:
            break
    assert told >= LISTS * EDITS * 2


def is_list(node: Condition) -> bool:
    """Whether a condition is an OR of atomic conditions, some more than are taken out."""
    return isinstance(node, Or) and len(node.operands) > EDITS and all(isinstance(each, Leaf) for each in node.operands)
