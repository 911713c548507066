"""The examples in docstrings: each prints what it says. Those of the public names run in root/api/test_api.py."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import rulewright_engine
import rulewright_generators
import rulewright_schema
from rulewright_engine.solver import SmtSolver, canonical_form
from rulewright_engine.solver.analysis.difference import difference
from rulewright_engine.solver.analysis.findings import findings
from rulewright_engine.solver.analysis.index_patterns import intersects, subsumes

PACKAGES = (rulewright_schema, rulewright_engine, rulewright_generators)


def _modules_with_examples() -> list[str]:
    found: list[str] = []
    for package in PACKAGES:
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*.py")):
            if ">>> " in path.read_text(encoding="utf-8"):
                found.append(".".join(path.relative_to(folder.parent).with_suffix("").parts).removesuffix(".__init__"))
    return found


@pytest.mark.parametrize("name", _modules_with_examples())
def test_the_examples_of(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("entry", [SmtSolver, canonical_form, difference, findings, intersects, subsumes])
def test_what_others_call_has_an_example(entry: object) -> None:
    assert ">>>" in (entry.__doc__ or "")
