"""What expressions are worth, case by case: `tests/data/esql-expressions.toml`."""

import math
from typing import Any

import pytest

from rulewright_engine.esql import Table, run
from rulewright_engine.esql.functions import FUNCTIONS
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.operators import Operator
from support.paths import data_of

CASES = data_of("esql-expressions.toml")["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["expression"] for case in CASES])
def test_value(case: dict[str, Any]) -> None:
    table = run(f"ROW x = {case['expression']}", [], MappingFields({}))
    assert isinstance(table, Table), table
    value, expected = table.rows[0][0], case.get("value")
    assert table.columns[0].type == case["type"]
    if isinstance(expected, float):
        assert math.isclose(value, expected, rel_tol=1e-12)
    else:
        assert value == expected
    assert bool(table.warnings) == (case.get("warns", False) or case["expression"] == 'to_integer(["1", "x", "3"])')


def test_every_scalar_function_has_a_case() -> None:
    texts = " ".join(case["expression"] for case in CASES)
    named = {function.name for function in FUNCTIONS.values() if function.kind not in ("aggregate", "grouping")}
    missing = {name for name in named if f"{name}(" not in texts} - set(Operator)
    assert missing <= PLAIN_MATHEMATICS, missing


PLAIN_MATHEMATICS = {
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "exp", "sin", "sinh", "tan", "tanh",
    "to_radians", "copy_sign", "scalb", "clamp", "clamp_min", "clamp_max",
}  # fmt: skip
