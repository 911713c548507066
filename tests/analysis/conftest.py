"""Makes the random conditions of the solver's tests importable, and a rule around a query."""

import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS / "solver"), str(TESTS / "analysis")]
