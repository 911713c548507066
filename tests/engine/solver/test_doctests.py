"""The worked examples of the solver run."""

import doctest
import importlib
import pkgutil

import pytest

import rulewright_engine.solver as room
from rulewright_engine.solver import SmtSolver, canonical_form
from rulewright_engine.solver.analysis.difference import difference
from rulewright_engine.solver.analysis.findings import findings
from rulewright_engine.solver.analysis.index_patterns import intersects, subsumes

MODULES = [found.name for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_right(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("entry", [SmtSolver, canonical_form, difference, findings, intersects, subsumes])
def test_what_others_call_has_an_example(entry: object) -> None:
    assert ">>>" in (entry.__doc__ or "")
