"""`$osquery_0` and `$investigate_2` in a note stand for entries of the rule's `[transform]` table."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from rulewright_schema.rule import Transform

__all__ = ["expand"]

_PLACEHOLDER = re.compile(r"\$(?:(?P<escaped>\$)|\{(?P<braced>\w+)\}|(?P<bare>\w+))", re.ASCII)


def expand(note: str, transform: Transform, render: Callable[[str, Mapping[str, Any]], str]) -> str:
    """The note with each placeholder replaced by `render(plugin, entry)`; one without an entry stays as it stands.

    As in the rule format, `$$` stands for one `$` in a note of a rule that has a `[transform]`.
    """
    entries = {
        f"{plugin}_{number}": (plugin, entry)
        for plugin, table in (("investigate", transform.investigate), ("osquery", transform.osquery))
        for number, entry in enumerate(table)
    }
    if not entries:
        return note

    def replace(found: re.Match[str]) -> str:
        if found["escaped"]:
            return "$"
        entry = entries.get(found["braced"] or found["bare"])
        return found.group() if entry is None else render(*entry)

    return _PLACEHOLDER.sub(replace, note)
