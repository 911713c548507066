"""Where the repository's own files lie."""

import tomllib
from pathlib import Path
from typing import Any

__all__ = ["DATA", "ROOT", "RULESET", "data_of"]

ROOT = Path(__file__).parents[2]
RULESET = ROOT / "ruleset"
DATA = ROOT / "tests" / "data"


def data_of(name: str) -> dict[str, Any]:
    """What a file of `tests/data` holds."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
