"""What a function is, and the decorators that declare one.

A signature is text (`ir.signatures`) over the names of types and of `types.GROUPS`. Its result is a type, or `first` or
`last` (that of an argument), `widest` (of the numbers), `common` (of all), `case` (of the values among CASE's
arguments). A function has as many signatures as it has shapes; the first that fits counts. What else is known of it
(what undoes it, what it asks of a value, its kin) are its `traits`.

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
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from rulewright_engine.esql.functions.traits import Element, Traits
from rulewright_engine.esql.functions.types import GROUPS, Type, common, widest
from rulewright_engine.ir import signatures
from rulewright_engine.ir.operators import Operator, operator_of
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
    "has_fixed_type",
    "multivalue",
    "result_type",
    "scalar",
    "traits_of",
]


_UNKNOWN = Traits()


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


Parameter = signatures.Parameter[Type]
Signature = signatures.Signature[Type]


@dataclass(frozen=True, slots=True)
class Function:
    """`bind` makes the implementation of one call from its types and constants."""

    name: str
    kind: FunctionKind
    texts: tuple[str, ...]
    bind: Callable[[Binding], Callable[..., Any]]
    traits: Traits = field(default=_UNKNOWN, compare=False)
    operator: Operator | None = field(default=None, compare=False)

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return tuple(_parsed(text) for text in self.texts)

    @property
    def negates(self) -> "Function | None":
        return FUNCTIONS.get(self.traits.negates)

    @property
    def neighbour(self) -> "Function | None":
        return FUNCTIONS.get(self.traits.neighbour)

    @property
    def beginning(self) -> "Function | None":
        return FUNCTIONS.get(self.traits.beginning)

    @property
    def mirrored(self) -> "Function":
        """The function that says the same with its sides changed."""
        return FUNCTIONS.get(self.traits.mirrored, self)

    def written(self, subject: str, element: str) -> str:
        """A call with one element of its list, as a query writes it."""
        if self.operator is None:
            return f"{self.name}({subject}, {element})"
        listed = f"({element})" if self.traits.element is Element.VALUE else element
        return f"{subject} {self.operator.symbol} {listed}"


FUNCTIONS: dict[str, Function] = {}
"""Every function and operator by name and alias, lower case. The families' modules fill it."""


def traits_of(name: str) -> Traits:
    """The traits of the function with this name; none where there is no such function."""
    function = FUNCTIONS.get(name)
    return _UNKNOWN if function is None else function.traits


Implementation = Callable[..., Any]
Plain = TypeVar("Plain", bound=Implementation)


def declare(
    names: str, kind: FunctionKind, *signatures: str, traits: Traits = _UNKNOWN
) -> Callable[[Callable[[Binding], Implementation]], Callable[[Binding], Implementation]]:
    """Register a function whose implementation depends on the binding; `names` are its name and aliases."""

    def register(bind: Callable[[Binding], Implementation]) -> Callable[[Binding], Implementation]:
        name, *aliases = names.split()
        function = Function(name, kind, signatures, bind, traits, operator_of(name))
        for key in (name, *aliases):
            FUNCTIONS[key] = function
        return bind

    return register


def scalar(names: str, *signatures: str, traits: Traits = _UNKNOWN) -> Callable[[Plain], Plain]:
    """Register a function of single values that are not null; it may return None or raise `Failure`."""
    return _plain(names, FunctionKind.SCALAR, signatures, traits)


def elementwise(names: str, *signatures: str, traits: Traits = _UNKNOWN) -> Callable[[Plain], Plain]:
    return _plain(names, FunctionKind.ELEMENTWISE, signatures, traits)


def multivalue(names: str, *signatures: str, traits: Traits = _UNKNOWN) -> Callable[[Plain], Plain]:
    """Register a function whose first argument comes as a list and which returns a list or a value."""
    return _plain(names, FunctionKind.MULTIVALUE, signatures, traits)


def _plain(names: str, kind: FunctionKind, signatures: tuple[str, ...], traits: Traits) -> Callable[[Plain], Plain]:
    def register(implementation: Plain) -> Plain:
        declare(names, kind, *signatures, traits=traits)(lambda binding: implementation)
        return implementation

    return register


_TYPES = {**{str(type_): frozenset({type_}) for type_ in Type}, **GROUPS}


@lru_cache(maxsize=512)
def _parsed(text: str) -> Signature:
    return signatures.parse_signature(text, _TYPES)


def result_type(signature: Signature, types: tuple[Type, ...]) -> Type | None:
    """The type of a call whose arguments have these types; None where they have no type in common."""
    match signature.result:
        case "first" | "last" as which:
            type_ = types[0 if which == "first" else -1]
            return Type.KEYWORD if type_ is Type.TEXT else type_
        case "widest":
            return widest(types)
        case "common":
            return common(types)
        case "case":
            return common((*types[1::2], *types[-1:])) if len(types) % 2 else common(types[1::2])
        case name:
            return Type(name)


def has_fixed_type(signature: Signature) -> bool:
    """Whether the result has this type whatever the arguments have."""
    return signature.result in _TYPES
