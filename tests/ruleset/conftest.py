"""The project's own rules, opened once for all tests."""

import pytest

from rulewright._project.project import LoadedRule, Project, open_project
from support.paths import RULESET


@pytest.fixture(scope="session")
def ruleset() -> Project:
    return open_project([str(RULESET)])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a rule for each test that takes `rule`."""
    if "rule" in metafunc.fixturenames:
        rules = open_project([str(RULESET)]).rules
        metafunc.parametrize("rule", rules, ids=[_name(rule) for rule in rules])


def _name(rule: LoadedRule) -> str:
    return rule.path.relative_to(RULESET).with_suffix("").as_posix()
