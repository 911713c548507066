"""The operators of the query languages: the keys under which the registries of functions hold them.

An operator is a function that is written between or before its operands. Who needs to know which one a call is asks
its entry for `operator`.
"""

from enum import StrEnum

__all__ = ["ARITHMETIC", "COMPARISONS", "LOGIC", "NULL_TESTS", "ORDER", "Operator", "operator_of"]


class Operator(StrEnum):
    ADD = "add"
    AND = "and"
    DIVIDE = "divide"
    EQUALS = "equals"
    GREATER = "greater"
    GREATER_EQUAL = "greater_equal"
    IN = "in"
    IS_NOT_NULL = "is_not_null"
    IS_NULL = "is_null"
    LESS = "less"
    LESS_EQUAL = "less_equal"
    LIKE = "like"
    MODULO = "modulo"
    MULTIPLY = "multiply"
    NEGATE = "negate"
    NOT = "not"
    NOT_EQUALS = "not_equals"
    OR = "or"
    REGEX = "regex"
    RLIKE = "rlike"
    SUBTRACT = "subtract"

    @property
    def symbol(self) -> str:
        """How it is written: `+`, `==`, `and`."""
        return _SYMBOLS.get(self, self.value)


_SYMBOLS = {
    Operator.ADD: "+",
    Operator.SUBTRACT: "-",
    Operator.NEGATE: "-",
    Operator.MULTIPLY: "*",
    Operator.DIVIDE: "/",
    Operator.MODULO: "%",
    Operator.EQUALS: "==",
    Operator.NOT_EQUALS: "!=",
    Operator.LESS: "<",
    Operator.LESS_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_EQUAL: ">=",
    Operator.IS_NULL: "is null",
    Operator.IS_NOT_NULL: "is not null",
}
_BY_KEY = {operator.value: operator for operator in Operator}

LOGIC = frozenset({Operator.AND, Operator.OR, Operator.NOT})
ARITHMETIC = frozenset({Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY, Operator.DIVIDE, Operator.MODULO})
ORDER = frozenset({Operator.LESS, Operator.LESS_EQUAL, Operator.GREATER, Operator.GREATER_EQUAL})
COMPARISONS = ORDER | {Operator.EQUALS, Operator.NOT_EQUALS}
NULL_TESTS = frozenset({Operator.IS_NULL, Operator.IS_NOT_NULL})


def operator_of(key: str) -> Operator | None:
    """The operator that a registry holds under `key`; None where it is a function with a name."""
    return _BY_KEY.get(key)
