"""What a function of EQL is, and the decorator that declares one.

A signature is text (`ir.signatures`) over the names of `GROUPS`. Its result is a type, or `widest`: long where every
argument is long, else double. A null argument gives null unless `null` is one of the parameter's types.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from rulewright_engine.evaluate.functions.preimages import Preimage
from rulewright_engine.ir import signatures
from rulewright_engine.ir.expression import FieldType, Scalar, Test
from rulewright_engine.ir.operators import Operator, operator_of

__all__ = [
    "BOOLEAN",
    "FUNCTIONS",
    "GROUPS",
    "NUMBER",
    "TEXT",
    "AsTests",
    "Function",
    "Parameter",
    "accepts",
    "declare",
    "described",
]

TEXT = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.TEXT})
NUMBER = frozenset({FieldType.LONG, FieldType.DOUBLE})
BOOLEAN = frozenset({FieldType.BOOLEAN})

GROUPS: dict[str, frozenset[FieldType]] = {
    "any": frozenset(FieldType) - {FieldType.OBJECT, FieldType.GEO},
    "text": TEXT,
    "number": NUMBER,
    "integer": frozenset({FieldType.LONG}),
    "boolean": BOOLEAN,
    "address": TEXT | {FieldType.IP},
    "null": frozenset({FieldType.NULL}),
}
"""What a parameter may take."""

_WORDS = {
    "any": "any value",
    "number": "a number",
    "integer": "an integer",
    "boolean": "a boolean",
    "address": "an address",
}

Parameter = signatures.Parameter[FieldType]
Signature = signatures.Signature[FieldType]


def described(parameter: Parameter) -> str:
    """What a parameter takes, as a message says it."""
    return _WORDS.get(parameter.text, parameter.text)


def accepts(parameter: Parameter, family: FieldType) -> bool:
    """Whether a value of this type may stand here; null may stand everywhere."""
    return family is FieldType.NULL or family in parameter.types


AsTests = Callable[[tuple[Scalar, ...], bool], tuple[Test, ...]]
"""From the constants behind the first argument, and whether the call ignores case: the tests of which the first
argument must meet one for the call to be true."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function or operator.

    `name` is its key, `spelling` its documented name, None for an operator that no query can call by name. `run` takes
    the arguments that were given, each of its parameter's types and null only where that is nullable. `insensitive` is
    the same for `~`, None where there is no such variant. `as_tests` says what a call is true of, `preimage` what a
    test of its result asks of a text. `fails_on`: values for which Elasticsearch fails the whole search, in words; they
    give null here.
    """

    name: str
    spelling: str | None
    text: str
    run: Callable[..., Any]
    insensitive: Callable[..., Any] | None = None
    as_tests: AsTests | None = None
    preimage: Preimage | None = None
    fails_on: str = ""

    @property
    def signature(self) -> Signature:
        return _parsed(self.text)

    @property
    def operator(self) -> Operator | None:
        return operator_of(self.name)

    @property
    def minds_case(self) -> bool:
        """Whether it is a test that is met by other texts if case is ignored."""
        return self.insensitive is not None and self.signature.result == FieldType.BOOLEAN

    def result_type(self, arguments: Sequence[FieldType]) -> FieldType:
        if self.signature.result != "widest":
            return FieldType(self.signature.result)
        return FieldType.LONG if all(family is FieldType.LONG for family in arguments) else FieldType.DOUBLE


@lru_cache(maxsize=128)
def _parsed(text: str) -> Signature:
    return signatures.parse_signature(text, GROUPS)


FUNCTIONS: dict[str, Function] = {}
"""Every function and operator by its name in lower case, as `Call.function` holds it."""

Run = TypeVar("Run", bound=Callable[..., Any])


def declare(
    name: str,
    signature: str,
    *,
    named: bool = True,
    insensitive: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None,
    as_tests: AsTests | None = None,
    preimage: Preimage | None = None,
    fails_on: str = "",
) -> Callable[[Run], Run]:
    """Register a function by the name that the documentation spells; `named=False` for what is an operator only.

    `insensitive` makes the variant that `~` calls out of the implementation.
    """

    def register(run: Run) -> Run:
        key = name.lower()
        FUNCTIONS[key] = Function(
            name=key,
            spelling=name if named else None,
            text=signature,
            run=run,
            insensitive=insensitive(run) if insensitive else None,
            as_tests=as_tests,
            preimage=preimage,
            fails_on=fails_on,
        )
        return run

    return register
