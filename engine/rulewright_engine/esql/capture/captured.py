"""What a pattern of GROK or DISSECT compiles to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rulewright_engine.esql.types import Type

__all__ = ["Captured", "PatternError"]


class PatternError(Exception):
    """The text is no pattern; `place` is its position among several patterns."""

    def __init__(self, message: str, *, help: str = "", place: int = 0) -> None:  # noqa: A002
        super().__init__(message)
        self.help = help
        self.place = place


@dataclass(frozen=True, slots=True)
class Captured:
    """The columns that a pattern makes, and what a text gives for them: values in their order, or None: no match."""

    columns: Mapping[str, Type]
    extract: Callable[[str], tuple[Any, ...] | None]
