"""Conditions as data files write them.

condition: ["and" | "or", condition...], ["not", condition], ["nested", path, condition], ["constant", true],
           or a condition [value, operator, operand]
value:     "name:type", ["function", value or literal...] (a trailing `~` ignores case), { value = literal }
operator:  == ==~ like like~ regex regex~ < <= > >= network any phrase exists true
Null is [].
"""

from typing import Any

from rulewright_engine.ir.expression import (
    And,
    Call,
    Compare,
    Comparison,
    Condition,
    Constant,
    Equals,
    Exists,
    Field,
    FieldType,
    InNetwork,
    IsTrue,
    Leaf,
    Literal,
    MatchesGlob,
    MatchesRegex,
    MatchesText,
    Nested,
    Not,
    Or,
    Test,
    Value,
)
from rulewright_engine.values import text_analyzer
from rulewright_engine.values.patterns import parse_glob


def read_condition(data: list[Any]) -> Condition:
    match data:
        case ["and", *children]:
            return And(tuple(map(read_condition, children)))
        case ["or", *children]:
            return Or(tuple(map(read_condition, children)))
        case ["not", child]:
            return Not(read_condition(child))
        case ["nested", path, child]:
            return Nested(path, read_condition(child))
        case ["constant", truth]:
            return Constant(truth)
        case [value, operator, *operand]:
            return Leaf(read_value(value), read_test(operator, *operand), str(data))
    raise ValueError(data)


def read_value(data: Any) -> Value:
    match data:
        case []:
            return Literal(None)
        case [function, *arguments]:
            name = function.removesuffix("~")
            return Call(name, tuple(map(read_argument, arguments)), insensitive=name != function)
        case {"value": literal}:
            return Literal(literal)
        case str():
            name, _, family = data.rpartition(":")
            return Field(name, FieldType(family))
    raise ValueError(data)


def read_argument(data: Any) -> Value:
    """Like `read_value`, where plain numbers and texts without a type are literals."""
    is_value = isinstance(data, list | dict) or (isinstance(data, str) and data.rpartition(":")[2] in list(FieldType))
    return read_value(data) if is_value else Literal(data)


def read_test(operator: str, operand: Any = None) -> Test:
    insensitive = operator.endswith("~")
    match operator.removesuffix("~"):
        case "==":
            return Equals(operand, insensitive)
        case "like":
            return MatchesGlob(parse_glob(operand), insensitive)
        case "regex":
            return MatchesRegex(operand, insensitive)
        case "network":
            return InNetwork(operand)
        case "any" | "phrase":
            return MatchesText(text_analyzer.tokens(operand), operator == "phrase")
        case "exists":
            return Exists()
        case "true":
            return IsTrue()
        case _:
            return Compare(Comparison(operator), operand)
