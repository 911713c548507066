"""How values of each type compare: `<`, min, max and SORT."""

from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.functions.types import Type
from rulewright_engine.values.versions import version_key

__all__ = ["order_key"]


def order_key(type_: Type) -> Callable[[Any], Any] | None:
    """The key to sort values of a type by; None where they sort as they are (text by code point, false before true)."""
    return version_key if type_ is Type.VERSION else None
