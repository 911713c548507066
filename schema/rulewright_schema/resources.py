"""Data files that ship inside the package."""

import json
from typing import Any

__all__ = ["read_json"]


def read_json(package: str, name: str) -> Any:
    """The JSON file `name` in the `data` folder of `package`."""
    # Imported here because it costs several milliseconds that most commands need not pay.
    from importlib.resources import files

    return json.loads((files(package) / "data" / name).read_bytes())
