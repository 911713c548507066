"""What a pattern of GROK or DISSECT compiles to, and what has no pattern of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rulewright_engine.esql.functions.types import Type
from rulewright_engine.values.regex.syntax import Node

__all__ = ["Captured", "DissectKey", "DissectPattern", "GrokPattern", "PartsPattern", "PatternError"]


class PatternError(Exception):
    """The text is no pattern; `index` is its position among several patterns."""

    def __init__(self, message: str, *, help: str = "", index: int = 0) -> None:  # noqa: A002
        super().__init__(message)
        self.help = help
        self.index = index


@dataclass(frozen=True, slots=True)
class DissectKey:
    """`delimiter` is the text that must follow; `order` is that of the appended parts."""

    name: str
    skipped: bool
    appends: bool
    order: int
    padded: bool
    delimiter: str


@dataclass(frozen=True, slots=True)
class DissectPattern:
    lead: str
    keys: tuple[DissectKey, ...]


@dataclass(frozen=True, slots=True)
class GrokPattern:
    """The expression, and the numbers of the groups that each column's name stands for."""

    node: Node
    groups: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class PartsPattern:
    """What a command takes apart by rules of its own: `join` makes a text that has the given parts."""

    prefix: str
    join: Callable[[Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class Captured:
    """The columns that a pattern makes, and what a text gives for them: values in their order, or None: no match.

    `pattern` is what `extract` was made of; of several GROK patterns the first. `single`: of several texts none is
    taken apart.
    """

    columns: Mapping[str, Type]
    extract: Callable[[str], tuple[Any, ...] | None]
    pattern: DissectPattern | GrokPattern | PartsPattern
    single: bool = False
