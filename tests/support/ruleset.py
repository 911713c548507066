"""The project's own rules, opened once for all tests."""

from functools import cache

from rulewright._project.project import Project, Rule, cases_path, open_project
from rulewright_generators.cases import Case, read_cases
from support.paths import RULESET

__all__ = ["name_of", "our_rule", "pinned_cases", "ruleset"]


@cache
def ruleset() -> Project:
    return open_project([str(RULESET)])


def name_of(rule: Rule) -> str:
    """The file of a rule within the ruleset, without its ending."""
    return rule.path.relative_to(RULESET).with_suffix("").as_posix()


def our_rule(name: str) -> Rule:
    """The rule of this name, e.g. `linux/shell_over_dev_tcp`."""
    return next(rule for rule in ruleset().rules if name_of(rule) == name)


def pinned_cases(rule: Rule) -> tuple[Case, ...]:
    file = read_cases(cases_path(rule.path))
    assert file.diagnostics == ()
    return file.cases
