"""What cases show of each single condition of a query, and which conditions decide each case."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.query import EventQuery, Query
from rulewright_engine.solver.formula import bits_of
from rulewright_generators.cases.evidence.coverage import CoverageMatrix, CoverageRow
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.conditions import condition_names

__all__ = ["Evidence", "Findings", "findings"]


class Evidence(NamedTuple):
    """The names of a case that fires because of a condition and of one that stays quiet without it; empty if none."""

    fires: str = ""
    quiet: str = ""


class Findings(NamedTuple):
    """`evidence` by the name of a condition; `deciding` by that of a case: the conditions that decide its verdict."""

    evidence: Mapping[str, Evidence]
    deciding: Mapping[str, tuple[str, ...]]


def findings(query: Query, cases: Iterable[Case]) -> Findings:
    """Of an event query, what evaluation says; otherwise what the cases say of themselves, and evaluation beside it."""
    cases = list(cases)
    named = {case.name: case.covers if case.is_positive else (case.flips,) if case.flips else () for case in cases}
    if isinstance(query, EventQuery):
        found = _evaluated(query, cases)
        return found._replace(deciding={name: named[name] or found.deciding.get(name, ()) for name in named})
    said = {name: Evidence(case.name) for case in reversed(cases) for name in case.covers}
    for case in reversed(cases):
        if case.flips:
            said[case.flips] = said.get(case.flips, Evidence())._replace(quiet=case.name)
    shown = _paired(query, cases)
    names = condition_names(query)
    return Findings({name: _joined(said.get(name), shown.get(index)) for index, name in enumerate(names)}, named)


def _joined(said: Evidence | None, shown: Evidence | None) -> Evidence:
    """What cases say of a condition; what they leave open, evaluation says."""
    said, shown = said or Evidence(), shown or Evidence()
    return Evidence(said.fires or shown.fires, said.quiet or shown.quiet)


def _paired(query: Query, cases: Iterable[Case]) -> dict[int, Evidence]:
    """For each condition with an independence pair of events in cases of different verdicts: those cases."""
    matrix, fires = CoverageMatrix(query), {}
    for case in cases:
        matrix.add(case, case.name)
        fires[case.name] = case.is_positive
    found = {}
    for index, ((one, _), (other, _)) in matrix.pairs().items():
        if fires[one] != fires[other]:
            found[index] = Evidence(one, other) if fires[one] else Evidence(other, one)
    return found


def _evaluated(query: EventQuery, cases: Iterable[Case]) -> Findings:
    """An independence pair of events where there is one, else two events whose verdict the condition decides."""
    names = condition_names(query)
    row = CoverageRow(query.condition)
    formula = row.solver.formula
    first_occurrences = {
        (id(o.path[0]), o.atom): o.index for o in reversed(formula.occurrences) if o.duplicate_of is None
    }
    shown: dict[tuple[int, bool], str] = {}  # condition and verdict -> the first case
    deciding: dict[str, tuple[str, ...]] = {}
    for case in cases:
        alerted = {position for alert in case.alerts for position in alert}
        for position, document in enumerate(case.events):
            event, verdict = Event(document), position in alerted
            row.add(event, verdict, (case.name, position))
            decided = formula.root.deciding_literals(row.solver.truth(event))
            indices = sorted(first_occurrences[id(node), atom] for node, atoms in decided for atom in bits_of(atoms))
            for index in indices:
                shown.setdefault((index, verdict), case.name)
            if verdict == case.is_positive:
                deciding.setdefault(case.name, tuple(names[index] for index in indices))
    single = {
        index: Evidence(shown.get((index, True), ""), shown.get((index, False), "")) for index in range(len(names))
    }
    pairs = {index: Evidence(fires, quiet) for index, ((fires, _), (quiet, _)) in row.pairs().items()}
    return Findings({name: pairs.get(index, single[index]) for index, name in enumerate(names)}, deciding)
