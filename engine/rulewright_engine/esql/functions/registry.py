"""What a function is, and the decorators that declare one.

A signature is text: `string, string, integer? -> keyword`. A parameter is a type, a group of `types.GROUPS`, or several
of them between `|`; a leading `!` asks for a constant, a trailing `?` makes it optional, `...` lets the last one
repeat. The result is a type, or `first` or `last` (that of an argument), `widest` (of the numbers), `common` (of all),
`case` (of the values among CASE's arguments).
A function has as many signatures as it has shapes; the first that fits counts.

A kind says what a call does with nulls and multivalues:

| kind | null | multivalue |
| --- | --- | --- |
| scalar | null | null, and a warning |
| elementwise | null | each value by itself; what fails is left out, with a warning |
| multivalue | null | handed over as a list (a single value too) |
| logic | the function decides: it gets the compiled arguments | null, and a warning |
| lazy | the function decides: it gets the compiled arguments | the function decides |
| aggregate, grouping | left out | each value counts |
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_schema.errors import RulewrightError

__all__ = [
    "FUNCTIONS",
    "VARIES",
    "BadConstant",
    "Binding",
    "Failure",
    "Function",
    "FunctionKind",
    "Parameter",
    "Signature",
    "declare",
    "elementwise",
    "multivalue",
    "scalar",
]


class FunctionKind(StrEnum):
    SCALAR = "scalar"
    ELEMENTWISE = "elementwise"
    MULTIVALUE = "multivalue"
    LOGIC = "logic"
    LAZY = "lazy"
    AGGREGATE = "aggregate"
    GROUPING = "grouping"


class Failure(RulewrightError):
    """A value that cannot be computed: the call becomes null, and `str(failure)` is the warning."""


class BadConstant(RulewrightError):
    """A constant argument that the function cannot use; a mistake of the query."""

    def __init__(self, position: int, message: str, *, help: str = "") -> None:  # noqa: A002
        super().__init__(message)
        self.position = position
        self.help = help


class _Varies:
    def __repr__(self) -> str:
        return "VARIES"


VARIES = _Varies()
"""Stands in `Binding.constants` for an argument that differs from row to row."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One call as typing has resolved it; `now` is what the query's clock says, in epoch milliseconds."""

    types: tuple[Type, ...]
    result: Type
    constants: tuple[Any, ...]
    now: int


@dataclass(frozen=True, slots=True)
class Parameter:
    types: frozenset[Type]
    text: str
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """`required` parameters must be given; the last one repeats where `repeats`."""

    parameters: tuple[Parameter, ...]
    required: int
    repeats: bool
    result: str

    def accepts_count(self, count: int) -> bool:
        return self.required <= count and (self.repeats or count <= len(self.parameters))

    def parameter(self, position: int, count: int) -> Parameter:
        """What stands at `position` of `count` arguments. CASE alternates conditions and values."""
        if self.result == "case":
            return self.parameters[0 if position % 2 == 0 and position + 1 < count else 1]
        return self.parameters[min(position, len(self.parameters) - 1)]


@dataclass(frozen=True, slots=True)
class Function:
    """`bind` makes the implementation of one call from its types and constants."""

    name: str
    kind: FunctionKind
    texts: tuple[str, ...]
    bind: Callable[[Binding], Callable[..., Any]]

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return tuple(parse_signature(text) for text in self.texts)


FUNCTIONS: dict[str, Function] = {}
"""Every function and operator by name and alias, lower case. The families' modules fill it."""

Implementation = Callable[..., Any]
Plain = TypeVar("Plain", bound=Implementation)


def declare(
    names: str, kind: FunctionKind, *signatures: str
) -> Callable[[Callable[[Binding], Implementation]], Callable[[Binding], Implementation]]:
    """Register a function whose implementation depends on the binding; `names` are its name and aliases."""

    def register(bind: Callable[[Binding], Implementation]) -> Callable[[Binding], Implementation]:
        name, *aliases = names.split()
        function = Function(name, kind, signatures, bind)
        for key in (name, *aliases):
            FUNCTIONS[key] = function
        return bind

    return register


def scalar(names: str, *signatures: str) -> Callable[[Plain], Plain]:
    """Register a function of single values that are not null; it may return None or raise `Failure`."""
    return _plain(names, FunctionKind.SCALAR, signatures)


def elementwise(names: str, *signatures: str) -> Callable[[Plain], Plain]:
    return _plain(names, FunctionKind.ELEMENTWISE, signatures)


def multivalue(names: str, *signatures: str) -> Callable[[Plain], Plain]:
    """Register a function whose first argument comes as a list and which returns a list or a value."""
    return _plain(names, FunctionKind.MULTIVALUE, signatures)


def _plain(names: str, kind: FunctionKind, signatures: tuple[str, ...]) -> Callable[[Plain], Plain]:
    def register(implementation: Plain) -> Plain:
        declare(names, kind, *signatures)(lambda binding: implementation)
        return implementation

    return register


@lru_cache(maxsize=512)
def parse_signature(text: str) -> Signature:
    inputs, _, result = text.partition("->")
    parts = [part.strip() for part in inputs.split(",") if part.strip()]
    return Signature(
        tuple(_parameter(part) for part in parts),
        sum(not part.endswith("?") for part in parts),
        bool(parts) and parts[-1].rstrip("?").endswith("..."),
        result.strip(),
    )


def _parameter(text: str) -> Parameter:
    bare = text.strip("!?").removesuffix("...")
    types: set[Type] = set()
    for name in bare.split("|"):
        types |= GROUPS.get(name) or {Type(name)}
    return Parameter(frozenset(types), bare.replace("|", " or "), text.startswith("!"))
