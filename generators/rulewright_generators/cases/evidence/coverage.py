"""What cases show of each condition: that it held and failed where it decided, and that two events prove it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition, Leaf
from rulewright_engine.ir.query import AnyQuery, EventQuery, Part
from rulewright_engine.solver import ConditionOutcome, Outcome, SmtSolver
from rulewright_engine.solver.formula import bits_of
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.conditions import condition_names

__all__ = ["ConditionCoverage", "CoverageMatrix", "coverage"]


@dataclass(frozen=True, slots=True)
class ConditionCoverage:
    """`held` and `failed`: in some event the condition is so, and the verdict depends on it alone. `paired`: two events
    of an event query differ in it alone and in the verdict. `outcome`: what the solver said of it, if asked."""

    name: str
    leaf: Leaf
    held: bool
    failed: bool
    paired: bool
    outcome: ConditionOutcome | None = None

    @property
    def is_explained(self) -> bool:
        """Whether the condition cannot show both of its sides, and the reason is known."""
        return self.outcome is not None and self.outcome.outcome in (Outcome.REDUNDANT, Outcome.IMPOSSIBLE)

    @property
    def is_covered(self) -> bool:
        return (self.held and self.failed) or self.is_explained


def coverage(
    query: AnyQuery | None, cases: Iterable[Case], outcomes: Sequence[ConditionOutcome] = ()
) -> tuple[ConditionCoverage, ...]:
    """The coverage of each condition, in the order of the text. `outcomes` are those of `generate`, to explain."""
    matrix = CoverageMatrix(query)
    for case in cases:
        matrix.add(case, case.name)
    found = list(matrix.conditions())
    names = condition_names(query)
    known: Sequence[ConditionOutcome | None] = outcomes or [None] * len(found)
    return tuple(
        ConditionCoverage(name, *entry, outcome) for name, entry, outcome in zip(names, found, known, strict=True)
    )


EventKey = tuple[str, int]
"""An event: the name of its case, and its position there."""


class CoverageMatrix:
    """What cases show of a query; the atomic conditions of all its stages are numbered through.

    An event shows something of a condition where the alerts follow it: it meets the condition and is part of an alert,
    or does neither. Of a stage, it has to keep the whole case from alerting; of what is not wanted, the reverse.
    """

    def __init__(self, query: AnyQuery | None) -> None:
        self._parts = query.parts if query else ()
        self._rows = [CoverageRow(part.condition) for part in self._parts]
        self._alone = isinstance(query, EventQuery)

    def add(self, case: Case, name: str) -> None:
        """Take a case into account, under a name."""
        for position, event, matched in self._seen(case):
            for row, verdict in zip(self._rows, matched, strict=True):
                if verdict is not None:
                    row.add(event, verdict, (name, position))

    def _seen(self, case: Case) -> Iterator[tuple[int, Event, list[bool | None]]]:
        """Each event, and for each condition whether the alerts show that it is met; None where they do not."""
        alerted = {position for alert in case.alerts for position in alert}
        for position, document in enumerate(case.events):
            event = Event(document)
            yield (
                position,
                event,
                [
                    self._shown(row.solver.matches(event), part, position in alerted, case)
                    for part, row in zip(self._parts, self._rows, strict=True)
                ],
            )

    def _shown(self, matches: bool, part: Part, alerted: bool, case: Case) -> bool | None:
        if self._alone:
            shown = matches == alerted
        elif part.wanted:
            shown = alerted if matches else not case.is_positive
        else:
            shown = not case.is_positive if matches else case.is_positive and not alerted
        return matches if shown else None

    def conditions(self) -> Iterator[tuple[Leaf, bool, bool, bool]]:
        """Each condition, whether it held and failed where it decided, and whether it has a pair."""
        for row in self._rows:
            yield from row.conditions()

    def pairs(self) -> Mapping[int, tuple[EventKey, EventKey]]:
        """For each condition that has one, an event that matches and one that does not and differs in it alone."""
        return {start + index: pair for start, row in self._numbered() for index, pair in row.pairs().items()}

    def proves(self, case: Case) -> set[int]:
        """The conditions of which an event of the case is one half of a pair."""
        return {
            start + index
            for _, event, matched in self._seen(case)
            for (start, row), verdict in zip(self._numbered(), matched, strict=True)
            if verdict is not None
            for index in row.proves(event)
        }

    def _numbered(self) -> Iterator[tuple[int, "CoverageRow"]]:
        start = 0
        for row in self._rows:
            yield start, row
            start += len(row.solver.formula.occurrences)


@dataclass(slots=True)
class CoverageRow:
    """Keeps count of what events show of one condition."""

    condition: Condition
    solver: SmtSolver = field(init=False)
    _occurrences: dict[tuple[int, int], list[int]] = field(default_factory=dict)  # node and atom -> conditions
    _held: dict[int, int] = field(default_factory=dict)  # node -> literals that decided it while their atom was true
    _failed: dict[int, int] = field(default_factory=dict)
    _matching: dict[int, EventKey] = field(default_factory=dict)  # truth of all atoms -> an event of which it is
    _missing: dict[int, EventKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.solver = SmtSolver(self.condition)
        for occurrence in self.solver.formula.occurrences:
            if occurrence.duplicate_of is None:
                self._occurrences.setdefault((id(occurrence.path[0]), occurrence.atom), []).append(occurrence.index)

    def add(self, event: Event, matched: bool, key: EventKey) -> None:
        """`matched`: whether the alerts show that the event meets the condition, or that it does not."""
        truth = self.solver.truth(event)
        for node, bits in self.solver.formula.root.deciding_literals(truth):
            self._held[id(node)] = self._held.get(id(node), 0) | bits & truth
            self._failed[id(node)] = self._failed.get(id(node), 0) | bits & ~truth
        (self._matching if matched else self._missing).setdefault(truth, key)

    def conditions(self) -> Iterator[tuple[Leaf, bool, bool, bool]]:
        """Each condition, whether it held and failed where it decided, and whether it has a pair."""
        pairs = self.pairs()
        for occurrence in self.solver.formula.occurrences:
            node, bit = id(occurrence.path[0]), 1 << occurrence.atom
            alone = occurrence.duplicate_of is None
            held, failed = self._held.get(node, 0) & bit, self._failed.get(node, 0) & bit
            yield occurrence.leaf, alone and bool(held), alone and bool(failed), occurrence.index in pairs

    def pairs(self) -> Mapping[int, tuple[EventKey, EventKey]]:
        """For each condition that has one, an event that matches and one that does not and differs in it alone."""
        found: dict[int, tuple[EventKey, EventKey]] = {}
        for truth, key in self._matching.items():
            for index, other in self._partners(truth, self._missing):
                found.setdefault(index, (key, other))
        return found

    def proves(self, event: Event) -> set[int]:
        """The conditions of which an event is one half of a pair."""
        truth = self.solver.truth(event)
        others = self._missing if self.solver.matches(event) else self._matching
        return {index for index, _ in self._partners(truth, others)}

    def _partners(self, truth: int, others: Mapping[int, EventKey]) -> Iterator[tuple[int, EventKey]]:
        """The conditions that decide for `truth`, each with an event of `others` in which nothing else differs."""
        for node, bits in self.solver.formula.root.deciding_literals(truth):
            for atom in bits_of(bits):
                other = others.get(truth ^ 1 << atom)
                if other is not None:
                    for index in self._occurrences.get((id(node), atom), ()):
                        yield index, other
