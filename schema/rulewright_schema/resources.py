"""Data files that ship inside the package."""

import json
from typing import Any

__all__ = ["read_json"]


def read_json(package: str, *path: str) -> Any:
    """The JSON file at `path` below `package`."""
    # Imported here because it costs several milliseconds that most commands need not pay.
    from importlib.resources import files

    return json.loads(files(package).joinpath(*path).read_bytes())
