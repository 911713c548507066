"""Whether one field can be as some conditions want it: the solver against z3.

Sixty problems are decided; `RULEWRIGHT_LONG=20 python -m pytest tests/engine/solver/test_z3_witness.py -s` decides
1,200 and prints a tally.
"""

import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from rulewright_engine.solver import BudgetExceeded, SmtSolver
from support.effort import times
from support.z3_problems import Problem, corpus_problems, generated_problems

z3 = pytest.importorskip("z3", reason="z3-solver is not installed (`pip install rulewright[test]`)")
import support.z3_translation as translation  # noqa: E402 (needs z3)

DECIDED = times(60)
MILLISECONDS = 10_000 if DECIDED > 60 else 1_000


def ask_z3(problem: Problem) -> bool | None:
    """Whether a field can be so; None where z3 does not know in time."""
    asked = z3.Solver()
    asked.set("timeout", MILLISECONDS)
    wanted = sum(wanted for _, wanted in problem.literals)
    values = []
    for number in range(max(wanted, 1) if problem.multi_valued else 1):
        value, bounds = translation.variable(problem.field.type, f"value{number}")
        values.append(value)
        asked.add(*bounds)
    asked.add(constraint(problem, values))
    return {"sat": True, "unsat": False}.get(str(asked.check()))


def constraint(problem: Problem, values: list[object]) -> object:
    """Each wanted condition is true of some value, each other one of none."""
    parts = []
    for leaf, wanted in problem.literals:
        truth = z3.Or([translation.holds(leaf, value) for value in values])
        parts.append(truth if wanted else z3.Not(truth))
    return z3.And(parts)


def ask_solver(problem: Problem) -> tuple[object, ...] | bool | None:
    """The values of the field, or False for a proof that there are none; None where neither was found."""
    try:
        found = SmtSolver(problem.condition, multi_valued=lambda name: problem.multi_valued).model()
    except BudgetExceeded:
        return None
    return False if isinstance(found, tuple) else found[problem.field.name]


def accepts(problem: Problem, values: tuple[object, ...]) -> bool:
    """Whether z3 agrees that the field may have these values."""
    asked = z3.Solver()
    asked.add(constraint(problem, [translation.constant(problem.field.type, value) for value in values]))
    return str(asked.check()) == "sat"


def check_agreement(problems: Iterable[Problem]) -> None:
    """Ask both until half of the problems are decided; what one of them leaves open does not count."""
    decided: Counter[str] = Counter()
    undecided: Counter[str] = Counter()
    for problem in problems:
        if sum(decided.values()) == DECIDED // 2:
            break
        try:
            theirs = ask_z3(problem)
        except translation.Untranslated:
            continue
        ours = ask_solver(problem)
        if theirs is None or ours is None:
            undecided["z3" if theirs is None else "the solver"] += 1
            continue
        assert (ours is not False) == theirs, f"{problem}\n{ours!r}, but z3 says {theirs}"
        if isinstance(ours, tuple):
            assert accepts(problem, ours), f"{problem}\nz3 does not accept {ours!r}"
        decided[f"{'can be' if theirs else 'empty'}, {problem.field.type.value}"] += 1
    print(f"\n{sum(decided.values())} decided by both: {dict(decided)}; not decided by {dict(undecided)}")
    assert sum(decided.values()) == DECIDED // 2
    assert {text.split(",")[0] for text in decided} == {"can be", "empty"}


def test_conditions_of_public_rules(corpus: list[Path]) -> None:
    problems = list(corpus_problems(corpus[:: max(1, 2 * len(corpus) // DECIDED)]))
    check_agreement(random.Random(1).sample(problems, len(problems)))


def test_made_up_conditions() -> None:
    check_agreement(generated_problems(2 * DECIDED))
