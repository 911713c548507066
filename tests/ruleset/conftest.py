"""One test a rule for each test that takes `rule`."""

import pytest

from support.ruleset import name_of, ruleset


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "rule" in metafunc.fixturenames:
        metafunc.parametrize("rule", ruleset().rules, ids=map(name_of, ruleset().rules))
