"""Changes of conditions whose direction is known without any solver.

A change makes one node of a condition true of more events, or of fewer. Below an odd number of negations it turns.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from rulewright._compare import Relation
from rulewright._compare.relation import reversed_
from rulewright_engine.ir.expression import And, Condition, Equals, Leaf, MatchesGlob, Not, Or
from rulewright_engine.values.patterns.glob import Wild

Mutant = tuple[Condition, Relation]


def mutants_of(condition: Condition) -> Iterator[Mutant]:
    """Conditions with one change each, and the relation that they have to `condition` unless they mean the same."""
    for place, node in condition.walk_paths():
        turns = sum(isinstance(condition.at(place[:depth]), Not) for depth in range(len(place)))
        for changed, relation in _changes(node):
            yield condition.replace(place, changed), reversed_(relation) if turns % 2 else relation


def _changes(node: Condition) -> Iterator[tuple[Condition, Relation]]:
    match node:
        case And(children) if len(children) > 1:
            for position in range(len(children)):
                yield replace(node, operands=(*children[:position], *children[position + 1 :])), Relation.WIDER
            yield Or(children), Relation.WIDER
        case Or(children) if len(children) > 1:
            for position in range(len(children)):
                yield replace(node, operands=(*children[:position], *children[position + 1 :])), Relation.NARROWER
            yield And(children), Relation.NARROWER
        case Leaf(test=Equals(str(text), insensitive)) if text:
            yield Or((node, replace(node, test=Equals(text + "x", insensitive)))), Relation.WIDER
            yield replace(node, test=MatchesGlob((text, Wild.ANY), insensitive)), Relation.WIDER
        case Leaf(test=MatchesGlob(parts, insensitive)) if parts[-1] is Wild.ANY and len(parts) > 1:
            yield replace(node, test=MatchesGlob(parts[:-1], insensitive)), Relation.NARROWER


def shuffled(condition: Condition, random: Random) -> Condition:
    """The condition with the operands of every AND and OR in another order."""
    match condition:
        case And(children) | Or(children):
            mixed = [shuffled(child, random) for child in children]
            random.shuffle(mixed)
            return replace(condition, operands=tuple(mixed))
        case Not(child):
            return replace(condition, child=shuffled(child, random))
        case _:
            return condition
