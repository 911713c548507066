"""Functions and operators, case by case, and what their table promises."""

from typing import Any

import pytest

from rulewright_engine.evaluate import fold
from rulewright_engine.evaluate.functions import FUNCTIONS
from rulewright_engine.evaluate.functions.registry import accepts
from rulewright_engine.ir.expression import Call, FieldType, Literal
from support.condition_notation import read_value
from support.paths import data_of

CASES = [case for group in data_of("evaluate-functions.toml")["group"] for case in group["cases"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["call"]))
def test_a_call(case: dict[str, Any]) -> None:
    name, *arguments = case["call"]
    literals = tuple(Literal(None if argument == [] else argument) for argument in arguments)
    result = fold(Call(name, literals, case.get("insensitive", False)))
    assert (type(result), result) == (type(case.get("result")), case.get("result"))


def test_every_function_is_tried() -> None:
    assert {case["call"][0] for case in CASES} == set(FUNCTIONS)


def test_names_are_the_spellings_in_lower_case() -> None:
    assert all(name == function.spelling.lower() for name, function in FUNCTIONS.items() if function.spelling)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_null_gives_null_where_the_table_says_so(name: str) -> None:
    function = FUNCTIONS[name]
    samples = {"any": "a", "text": "a", "number": 1, "integer": 1, "boolean": True, "address": "10.0.0.1"}
    parameters = function.signature.parameters
    for position, parameter in enumerate(parameters):
        if not parameter.nullable:
            arguments = [Literal(samples[each.text]) for each in parameters]
            arguments[position] = Literal(None)
            assert fold(Call(name, tuple(arguments))) is None


def test_arity_and_types() -> None:
    indexof, concat, add = FUNCTIONS["indexof"], FUNCTIONS["concat"], FUNCTIONS["add"]
    assert [indexof.signature.accepts_count(count) for count in range(1, 5)] == [False, True, True, False]
    assert not concat.signature.accepts_count(0)
    assert concat.signature.accepts_count(9)
    assert concat.signature.parameter(7, 9).name == "value"
    assert add.result_type([FieldType.LONG, FieldType.LONG]) is FieldType.LONG
    assert add.result_type([FieldType.LONG, FieldType.DOUBLE]) is FieldType.DOUBLE
    assert indexof.result_type([FieldType.KEYWORD, FieldType.KEYWORD]) is FieldType.LONG
    address, text = FUNCTIONS["cidrmatch"].signature.parameters[0], indexof.signature.parameters[0]
    assert accepts(address, FieldType.IP)
    assert accepts(text, FieldType.NULL)
    assert not accepts(text, FieldType.IP)


def test_calls_nest() -> None:
    assert fold(read_value(["length", ["concat", "ab", ["substring", "xyz", 1]]])) == 4
