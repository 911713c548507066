"""What a Lucene query says, before any field has a type. Spans do not take part in comparison."""

from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum

from rulewright_engine.ir.expression import Comparison
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.source import NOWHERE, Span

__all__ = ["Boolean", "Clause", "Match", "MatchAll", "Name", "Node", "Occur", "Phrase", "Range", "Regex", "Term"]


@dataclass(frozen=True, slots=True)
class Name:
    """A field's name, escapes resolved; it may hold `*`."""

    text: str
    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """An unquoted value. `fuzziness` is what follows `~`; None without. `words` are the neighbours that it joins."""

    parts: tuple[str | Wild, ...]
    fuzziness: str | None = None
    span: Span = attribute(default=NOWHERE, compare=False)
    words: tuple["Term", ...] = attribute(default=(), compare=False)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def has_wildcard(self) -> bool:
        return any(isinstance(part, Wild) for part in self.parts)

    @property
    def is_star(self) -> bool:
        return self.parts == (Wild.ANY,)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted value. `slop` is what follows `~`: how far the words may lie apart."""

    text: str
    slop: str | None = None
    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    pattern: str
    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """`[low TO high]`, `{low TO high}`, `>=low`; an open end is None."""

    low: tuple[Comparison, str] | None
    high: tuple[Comparison, str] | None
    span: Span = attribute(default=NOWHERE, compare=False)


Value = Term | Phrase | Regex | Range


@dataclass(frozen=True, slots=True)
class Match:
    """`name:value`; without a name, `value` is looked for everywhere."""

    name: Name | None
    value: Value
    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MatchAll:
    """The empty query."""

    span: Span = attribute(default=NOWHERE, compare=False)


class Occur(StrEnum):
    """What a clause does to its group. A `SHOULD` counts only where nothing in the group is a `MUST`."""

    MUST = "+"
    SHOULD = ""
    MUST_NOT = "-"


@dataclass(frozen=True, slots=True)
class Clause:
    occur: Occur
    node: "Node"


@dataclass(frozen=True, slots=True)
class Boolean:
    """Clauses of one group, in order: Lucene has no binary operators."""

    clauses: tuple[Clause, ...]
    span: Span = attribute(default=NOWHERE, compare=False)


Node = Match | MatchAll | Boolean
