"""What a KQL query says, before any field has a type. Spans do not take part in comparison.

A value list is spread while parsing, as Kibana does it: `f:(a or not b)` is `f:a or not f:b`, and its `Or` is `listed`.
"""

from dataclasses import dataclass
from dataclasses import field as attribute

from rulewright_engine.ir.expression import Comparison
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.source import NOWHERE, Span

__all__ = ["And", "Is", "Literal", "MatchAll", "Nested", "Node", "Not", "Or", "Range"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A field name or a value: texts without their escapes and, unquoted, wildcards (`Wild.ANY` only)."""

    parts: tuple[str | Wild, ...]
    quoted: bool = False
    span: Span = attribute(default=NOWHERE, compare=False)

    @property
    def text(self) -> str:
        """The text as it stands, `*` for a wildcard."""
        return "".join(self.parts)

    @property
    def has_wildcard(self) -> bool:
        return any(isinstance(part, Wild) for part in self.parts)

    @property
    def is_star(self) -> bool:
        """`*` and nothing else: as a value it asks whether the field exists."""
        return self.parts == (Wild.ANY,)

    @property
    def is_null(self) -> bool:
        """The bare word `null`, which is not the text "null"."""
        return self.parts == ("null",) and not self.quoted


@dataclass(frozen=True, slots=True)
class MatchAll:
    """The empty query."""

    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    """`field:value`; without a field, `value` is looked for everywhere."""

    field: Literal | None
    value: Literal
    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    field: Literal
    operator: Comparison
    bound: Literal
    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    child: "Node"
    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    children: tuple["Node", ...]
    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """`listed` marks the values of one list."""

    children: tuple["Node", ...]
    listed: bool = attribute(default=False, compare=False)
    span: Span = attribute(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Nested:
    """`path:{ child }`: names in `child` are relative to `path`."""

    path: Literal
    child: "Node"
    span: Span = attribute(default=NOWHERE, compare=False)


Node = MatchAll | Is | Range | Not | And | Or | Nested
