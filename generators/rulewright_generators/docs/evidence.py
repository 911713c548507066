"""Which cases show what a leaf contributes: one that fires because of it, and one that stays quiet without it."""

from collections.abc import Iterable
from typing import NamedTuple

from rulewright_engine.event import Event
from rulewright_engine.expression import leaves_of
from rulewright_engine.query import EventQuery, Query
from rulewright_engine.solver.formula import bits_of
from rulewright_generators.fixtures.cases import Case
from rulewright_generators.fixtures.coverage import Ledger
from rulewright_generators.fixtures.leaves import conditions_of, names_of

__all__ = ["Evidence", "evidence_of"]


class Evidence(NamedTuple):
    """The names of two cases; empty where no case shows it."""

    fires: str = ""
    quiet: str = ""


def evidence_of(query: Query, cases: Iterable[Case]) -> list[Evidence]:
    """The evidence for each leaf, in the order of `leaf_names`.

    Of an event query, two events that differ in the leaf alone where there are such, else two whose verdict hangs on
    it; otherwise the cases that name the leaf.
    """
    cases = list(cases)
    if isinstance(query, EventQuery):
        return _decided(query, cases)
    fires = {name: case.name for case in reversed(cases) for name in case.covers}
    quiet = {case.flips: case.name for case in reversed(cases) if case.flips}
    names = names_of(leaf for condition in conditions_of(query) for leaf in leaves_of(condition))
    return [Evidence(fires.get(name, ""), quiet.get(name, "")) for name in names]


def _decided(query: EventQuery, cases: Iterable[Case]) -> list[Evidence]:
    ledger = Ledger(query.condition)
    formula = ledger.solver.formula
    shown: dict[tuple[int, int, bool], str] = {}  # gate, atom and verdict -> the first case
    for case in cases:
        alerted = {position for alert in case.alerts for position in alert}
        for position, document in enumerate(case.events):
            event, verdict = Event(document), position in alerted
            ledger.add(event, verdict, (case.name, position))
            for gate, atoms in formula.root.deciding(ledger.solver.truth(event)):
                for atom in bits_of(atoms):
                    shown.setdefault((id(gate), atom, verdict), case.name)
    pairs = ledger.pairs()
    found = []
    for occurrence in formula.occurrences:
        place = (id(occurrence.path[0]), occurrence.atom)
        single = Evidence(shown.get((*place, True), ""), shown.get((*place, False), ""))
        pair = pairs.get(occurrence.index)
        found.append(Evidence(pair[0][0], pair[1][0]) if pair else Evidence() if occurrence.twin else single)
    return found
