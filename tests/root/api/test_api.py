"""The public API: what `rulewright` exports, its examples, and what it costs to import."""

import doctest
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rulewright
from rulewright import Rule

ROOT = next(parent for parent in Path(__file__).parents if (parent / "pyproject.toml").is_file())
FUNCTIONS = [name for name in rulewright.__all__ if inspect.isfunction(getattr(rulewright, name))]
PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")


def examples() -> dict[str, str]:
    """The documentation of the module, which defines the rule that all others are about, and of each function."""
    return {"rulewright": rulewright.__doc__ or "", **{name: getattr(rulewright, name).__doc__ for name in FUNCTIONS}}


def run(text: str, name: str, names: dict[str, Any]) -> int:
    """Run the examples in a text, which change `names`; how many there are."""
    test = doctest.DocTestParser().get_doctest(text, names, name, None, None)
    runner = doctest.DocTestRunner(verbose=False)
    found: list[str] = []
    runner.run(test, out=found.append, clear_globs=False)
    names.update(test.globs)
    assert not found, "".join(found)
    return len(test.examples)


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the examples of the module define."""
    defined: dict[str, Any] = {}
    assert run(examples()["rulewright"], "rulewright", defined)
    return defined


@pytest.fixture
def rule(names: dict[str, Any]) -> Rule:
    found: Rule = names["rule"]
    return found


def test_the_functions_are_these() -> None:
    assert FUNCTIONS == ["cases", "check", "compare", "explain", "load", "loads", "prove", "run"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_each_function_runs(name: str, names: dict[str, Any]) -> None:
    assert run(examples()[name], name, dict(names)) > 0


def test_the_page_runs_and_names_everything() -> None:
    blocks = "\n".join(re.findall(r"```pycon\n(.*?)```", PAGE, re.DOTALL))
    assert run(blocks, "docs/api.md", {}) > len(FUNCTIONS)
    assert [name for name in rulewright.__all__ if f"`{name}" not in PAGE and name != "__version__"] == []
    assert len(PAGE.splitlines()) <= 80


def test_every_name_is_there_and_documented() -> None:
    for name in rulewright.__all__:
        value = getattr(rulewright, name)
        assert name == "__version__" or inspect.getdoc(value)
    assert set(dir(rulewright)) == set(rulewright.__all__)
    with pytest.raises(AttributeError, match="no attribute `nothing`"):
        rulewright.nothing  # noqa: B018


def test_functions_take_options_by_keyword_alone() -> None:
    for name in FUNCTIONS:
        parameters = inspect.signature(getattr(rulewright, name)).parameters.values()
        assert all(each.default is each.empty or each.kind is each.KEYWORD_ONLY for each in parameters), name


def test_an_import_is_light() -> None:
    """In a process of its own: what is used brings its modules, the import alone brings none."""
    script = "import sys, rulewright; print(sorted(name for name in sys.modules if name.startswith('rulewright')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['rulewright']"


def test_what_cannot_be_used_says_what_to_do(rule: Rule) -> None:
    broken = rulewright.loads("[rule]")
    assert {problem.code for problem in rulewright.check(broken)} == {"RW102"}
    assert repr(broken) == "Rule('<rule>', path='<rule>')"
    attempts = [
        lambda: rulewright.prove(broken),
        lambda: rulewright.cases(broken),
        lambda: rulewright.run(broken, []),
        lambda: rulewright.explain(broken, {}),
        lambda: rulewright.compare(broken, rule),
    ]
    for attempt in attempts:
        with pytest.raises(rulewright.UsageError, match="`rulewright check` says why"):
            attempt()
    for wrong in ({"a": 1}, ["{}"], [None]):
        with pytest.raises(rulewright.UsageError, match="an event is a mapping"):
            rulewright.run(rule, wrong)  # type: ignore[arg-type]
    with pytest.raises(rulewright.UsageError, match="no event"):
        rulewright.explain(rule)
    with pytest.raises(rulewright.UsageError, match="no name of a file"):
        rulewright.loads("", name="")
    with pytest.raises(rulewright.UsageError):
        rulewright.load("nowhere-at-all", settings="nowhere.toml")


def test_rules_that_are_checked_together_must_not_share_an_id(rule: Rule) -> None:
    other = rulewright.loads(rule.text, name="other.toml")
    assert rulewright.check([]) == []
    assert rulewright.check([other]) == []
    assert rulewright.check([rule, other]) != []


def test_given_cases_count_instead_of_generated_ones(rule: Rule) -> None:
    positives = [case for case in rulewright.cases(rule) if case.is_positive]
    proof = rulewright.prove(rule, cases=positives)
    assert proof.outcome is rulewright.Outcome.PARTLY
    assert {problem.code for problem in proof.problems} == {"RW711"}
    assert rulewright.prove(rule, cases=()).outcome is rulewright.Outcome.UNDECIDED
    [wrong] = [rulewright.Case(name="wrong", events=case.events, alerts=(), why="") for case in positives]
    assert rulewright.prove(rule, cases=[wrong]).outcome is rulewright.Outcome.FAILED


def test_cases_that_are_kept_stay(rule: Rule) -> None:
    mine = rulewright.Case(name="mine", events=({"process": {"name": "x"}},), alerts=(), why="by hand")
    assert mine in rulewright.cases(rule, keep=[mine])


def test_a_comparison_tells_what_is_lost(rule: Rule) -> None:
    wider = rulewright.loads(rule.text.replace('== "nc"', 'in ("nc", "ncat")'))
    comparison = rulewright.compare(wider, rule)
    assert comparison.relation is rulewright.Relation.NARROWER
    assert rulewright.run(wider, comparison.lost)
    assert not rulewright.run(rule, comparison.lost)
    assert comparison.gained == ()
    assert rulewright.compare(rule, rule).relation is rulewright.Relation.EQUAL


def test_values_are_shown_in_a_line(rule: Rule) -> None:
    assert repr(rule) == "Rule('Netcat listens', path='<rule>')"
    assert len(repr(rulewright.compare(rule, rule))) < 80


@pytest.mark.parametrize("package", ["rulewright_engine", "rulewright_generators", "rulewright_schema"])
def test_what_is_internal_says_so(package: str) -> None:
    assert "Internal: `import rulewright`" in (importlib.import_module(package).__doc__ or "")
