"""What was written, before anything is known about fields and types.

Spans are half-open offsets into the query and do not take part in comparison, nor does the spelling of a literal.
"""

from dataclasses import dataclass, field

from rulewright_engine.ir.expression import Scalar
from rulewright_schema.source import NOWHERE, Span

__all__ = [
    "Arithmetic",
    "Comparison",
    "EventFilter",
    "Expression",
    "FieldName",
    "FunctionCall",
    "Literal",
    "Logical",
    "Matching",
    "Negation",
    "Negative",
    "Pipe",
    "Sample",
    "Sequence",
    "Statement",
    "Term",
    "Unreadable",
]


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field. `name` is without backticks; `text` is as written, with `?` where it is optional."""

    name: str
    optional: bool
    text: str = field(compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    value: Scalar
    text: str = field(compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """`name` as written, without `~`."""

    name: str
    insensitive: bool
    arguments: tuple["Expression", ...]
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    operand: "Expression"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`operator` is one of `+ - * / %`."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` is one of `== != < <= > >=`."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Matching:
    """A predicate with elements: `operator` is one of `in in~ : like like~ regex regex~`.

    `is_list`: the elements stand in parentheses. `negated`: `not in`.
    """

    operator: str
    negated: bool
    operand: "Expression"
    elements: tuple["Expression", ...]
    is_list: bool
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Expression"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Logical:
    """Two or more operands joined by `and` or by `or`."""

    operator: str
    operands: tuple["Expression", ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands where no expression could be read; a diagnostic says why."""

    span: Span = field(default=NOWHERE, compare=False)


Expression = (
    FieldName | Literal | FunctionCall | Negative | Arithmetic | Comparison | Matching | Negation | Logical | Unreadable
)


@dataclass(frozen=True, slots=True)
class Pipe:
    """`| head 5`. `count` is an expression that must fold to a number."""

    name: str
    count: Expression
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """`category where condition`; a category of None is `any`."""

    category: str | None
    condition: Expression
    category_span: Span = field(default=NOWHERE, compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """One `[ ... ]` with its own keys. `runs` repeats it, `missing` is `![ ... ]`."""

    filter: EventFilter
    keys: tuple[FieldName, ...] = ()
    runs: int = 1
    missing: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """`maxspan` is in milliseconds."""

    keys: tuple[FieldName, ...]
    terms: tuple[Term, ...]
    maxspan: int | None = None
    until: Term | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Sample:
    keys: tuple[FieldName, ...]
    terms: tuple[Term, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Statement:
    body: EventFilter | Sequence | Sample
    pipes: tuple[Pipe, ...] = ()
