"""What the interpreter says of events: whether they raise an alert, and whether that depends on a condition."""

from collections.abc import Iterable, Sequence

from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.esql.execution.execute import CompiledPlan
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import Outside
from rulewright_engine.rules import window_of
from rulewright_engine.rules.window import is_found
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_generators.cases.esql.plan.conditions import Atom
from rulewright_generators.cases.esql.plan.overrides import Overrides
from rulewright_schema.rule import Rule

__all__ = ["Oracle"]

MAX_SETTLED = 12
"""Events of which each is asked by itself whether a condition decides in it."""


class Oracle:
    """Runs a rule's query, as it is and with a condition forced, over events in the rule's window of time.

    `spent` counts the rows that were run.
    """

    def __init__(self, rule: Rule, plan: Plan, atoms: Iterable[Atom]) -> None:
        self.spent = 0
        self._rule = rule
        self._window = window_of(rule, REFERENCE_TIME)
        self._overrides = Overrides(plan, (occurrence.node for atom in atoms for occurrence in atom.occurrences))
        self._compiled = CompiledPlan(self._overrides.plan)

    def sees(self, event: Event) -> bool:
        """Whether an event is in the window."""
        return is_found(event, self._rule, self._window)

    def fires(self, events: Sequence[Event], outside: Outside) -> bool:
        """Whether events, all of them in the window, raise an alert."""
        self._overrides.release()
        return self._run(events, outside)

    def decides(self, atom: Atom, events: Sequence[Event], outside: Outside, *, fired: bool) -> bool:
        """Whether the verdict `fired` depends on the condition: forced one way, it would be the other one.

        What some events must meet and others not is forced for one event at a time, too.
        """
        values = tuple(not value for value in atom.wanted) if fired else atom.wanted
        some = range(len(events)) if atom.is_chosen_by and 1 < len(events) <= MAX_SETTLED else ()
        for position in (None, *some):
            for value in values:
                self._overrides.force(atom, value, position)
                if self._run(events, outside) != fired:
                    return True
        return False

    def _run(self, events: Sequence[Event], outside: Outside) -> bool:
        self.spent += len(events)
        self._compiled.outside = outside
        return any(True for _ in self._compiled.rows(events))
