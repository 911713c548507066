"""Regeneration: cases that still hold and still prove something stay as they are, so that a diff shows only news."""

from collections.abc import Sequence
from dataclasses import replace

from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver.formula import bits_of
from rulewright_generators.cases.evidence.coverage import CoverageMatrix
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_generators.cases.format.case_file import Case, in_order, is_generated, kind_of
from rulewright_generators.cases.format.conditions import condition_names
from rulewright_generators.cases.format.naming import settled
from rulewright_generators.cases.mutation.minimisation import minimal_cover
from rulewright_generators.cases.mutation_score import kills

__all__ = ["merge"]


def merge(compiled: CompiledRule, fresh: Sequence[Case], existing: Sequence[Case]) -> list[Case]:
    """Cases by hand, generated cases of `existing` that hold and prove something, and what is missing of `fresh`.

    Invariant: every condition that `fresh` has a pair for has one in the result, every mutant that `fresh` kills dies,
    and every sentence of a case that is about no condition stands there. Where nothing is new, nothing changes.
    """
    own = [case for case in existing if not is_generated(case)]
    if in_order(case for case in existing if is_generated(case)) == in_order(fresh):
        return list(existing)
    runner = CaseRunner(compiled)
    old = [case for case in existing if is_generated(case) and runner.holds(case)]
    fresh_of_conditions, old_of_conditions = filter(_names_conditions, fresh), filter(_names_conditions, old)
    stay, come = _of_conditions(compiled, own, list(fresh_of_conditions), list(old_of_conditions))
    stay += [case for case in old if any(_says_the_same(case, other) for other in fresh)]
    come += [case for case in fresh if not _names_conditions(case) and not any(_says_the_same(case, it) for it in stay)]
    if not any(case.is_positive for case in (*own, *stay, *come)):
        come += [case for case in fresh if case.is_positive][:1]
    return [*own, *stay, *settled(come, [case.name for case in (*own, *stay)])]


def _names_conditions(case: Case) -> bool:
    return bool(case.covers or case.flips)


def _says_the_same(case: Case, other: Case) -> bool:
    """Whether two cases that are about no condition prove the same: they are of one kind, and give one reason."""
    about_conditions = _names_conditions(case) or _names_conditions(other)
    return not about_conditions and (kind_of(case), case.why) == (kind_of(other), other.why)


def _of_conditions(
    compiled: CompiledRule, own: Sequence[Case], fresh: Sequence[Case], old: Sequence[Case]
) -> tuple[list[Case], list[Case]]:
    """The cases of conditions: which of `old` stay, and which of `fresh` come."""
    names = condition_names(compiled.query)
    matrix = CoverageMatrix(compiled.query)
    news = [case for case in fresh if all(case.events != other.events for other in old)]
    for case in (*own, *old):
        matrix.add(case, case.name)
    stay = _worth_keeping(old, matrix, set(names))
    known = set(matrix.pairs())
    for case in news:
        matrix.add(case, f"new {case.name}")
    needed = {key[0] for index, pair in matrix.pairs().items() if index not in known for key in pair}
    come = [case for case in news if f"new {case.name}" in needed]
    others = [case for case in old if case not in stay and _is_current(case, set(names))]
    rest = [case for case in fresh if all(case.events != other.events for other in (*stay, *come))]
    more_stay, more_come = _of_mutants(compiled, [*own, *stay, *come], others, rest)
    return [*(_relabelled(case, names, matrix) for case in stay), *more_stay], [*come, *more_come]


def _of_mutants(
    compiled: CompiledRule, have: Sequence[Case], old: Sequence[Case], fresh: Sequence[Case]
) -> tuple[list[Case], list[Case]]:
    """Which of `old` and `fresh` must be added to `have` so that every mutant dies that one of them kills."""
    cases = [*have, *old, *fresh]
    surviving = [dead for _, killers in kills(compiled, cases) for dead in killers if not dead & (1 << len(have)) - 1]
    ahead = (1 << len(have) + len(old)) - 1
    stay = minimal_cover(dead & ahead for dead in surviving)
    come = minimal_cover(dead & ~ahead for dead in surviving if not dead & stay)
    return [cases[at] for at in bits_of(stay)], [cases[at] for at in bits_of(come)]


def _worth_keeping(old: Sequence[Case], matrix: CoverageMatrix, names: set[str]) -> list[Case]:
    """The cases that prove a condition; one that names a condition which is gone has to prove what no other proves."""
    proven = {case.name: matrix.proves(case) for case in old}
    current = [case for case in old if proven[case.name] and _is_current(case, names)]
    shown = {index for case in current for index in proven[case.name]}
    kept = {case.name for case in current}
    for case in old:
        if proven[case.name] - shown:
            kept.add(case.name)
            shown |= proven[case.name]
    return [case for case in old if case.name in kept]


def _is_current(case: Case, names: set[str]) -> bool:
    """Whether every condition that the case names is one of the query."""
    return set(case.covers) <= names and (case.flips is None or case.flips in names)


def _relabelled(case: Case, names: Sequence[str], matrix: CoverageMatrix) -> Case:
    """The case with the conditions that it proves now, where it names one that is gone."""
    if _is_current(case, set(names)):
        return case
    proven = [names[index] for index in sorted(matrix.proves(case))]
    if case.is_positive:
        return replace(case, covers=tuple(proven), why="The rule matches.")
    return replace(case, flips=proven[0] if proven else None, why=f"Only `{proven[0]}` keeps the rule from matching.")
