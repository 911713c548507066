"""The examples in docstrings: each prints what it says."""

import doctest
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest

import rulewright
import rulewright_engine
import rulewright_generators
import rulewright_schema

PACKAGES = (rulewright_schema, rulewright_engine, rulewright_generators, rulewright)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_examples_in_docstrings(package: ModuleType) -> None:
    finder, runner = doctest.DocTestFinder(exclude_empty=True), doctest.DocTestRunner()
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):  # which would run the program
            for example in finder.find(import_module(found.name)):
                runner.run(example)
    assert runner.summarize(verbose=False).failed == 0
