"""URI_PARTS and REGISTERED_DOMAIN: the columns that each makes, below the prefix that a query gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rulewright_engine.esql.functions.capture import domains, uris
from rulewright_engine.esql.functions.capture.captured import Captured, PartsPattern
from rulewright_engine.esql.functions.types import Type

__all__ = ["PARTS"]


@dataclass(frozen=True, slots=True)
class _Parts:
    """`split` gives the parts of a text in the order of `names`, or raises `Failure`; `join` makes such a text."""

    names: tuple[str, ...]
    split: Callable[[str], tuple[Any, ...]]
    join: Callable[[Mapping[str, str]], str]

    def captured(self, prefix: str) -> Captured:
        columns = {f"{prefix}.{name}": Type.INTEGER if name == "port" else Type.KEYWORD for name in self.names}
        return Captured(columns, self.split, PartsPattern(prefix, self.join), single=True)


PARTS = {
    "registered_domain": _Parts(domains.NAMES, domains.split, domains.join),
    "uri_parts": _Parts(uris.NAMES, uris.split, uris.join),
}
"""The name of the command -> what it does."""
