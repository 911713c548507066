"""Answers one question about a formula: quickly by depth-first search, and where that gives up, by the one that learns.

Both have one interface, so which of them answered does not show. The first is fast where the values at hand are nearly
right, which is most questions; the second is safe against repeating failures, and keeps what theories have refuted.
"""

from collections.abc import Sequence

from rulewright_engine.solver.cdcl import CdclSearch
from rulewright_engine.solver.formula import Formula, Literals
from rulewright_engine.solver.reasons import BudgetExceeded
from rulewright_engine.solver.search import Assumptions, DepthFirstSearch, Model, ToggledAtom
from rulewright_engine.solver.theories.protocol import Theory

__all__ = ["SmtSearch"]

MAX_BRANCHES = 400
"""Operands that the depth-first search may follow for one question, before the search that learns takes over."""


class SmtSearch:
    def __init__(self, formula: Formula, theories: Sequence[Theory]) -> None:
        self._formula = formula
        self._theories = theories
        self._cdcl = CdclSearch(formula, theories)

    def ask(self, assumptions: Assumptions, toggled: ToggledAtom | None, start: Model) -> tuple[Model | Literals, str]:
        """A model like `start`, or the atoms of a conflict; and why a conflict is no proof, where it is none."""
        search = DepthFirstSearch(self._formula, self._theories, toggled=toggled, budget=MAX_BRANCHES)
        try:
            result = search.run(assumptions, start)
        except BudgetExceeded:
            return self._cdcl.run(assumptions, toggled, start)
        if isinstance(result, Model):
            return result, ""
        return search.core, search.unknown
