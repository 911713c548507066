"""The examples in docstrings: each prints what it says."""

import doctest
from importlib import import_module
from pathlib import Path
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
    folder = Path(package.__path__[0])
    for path in sorted(folder.rglob("*.py")):
        if ">>>" in path.read_text(encoding="utf-8"):
            names = path.relative_to(folder.parent).with_suffix("").parts
            for example in finder.find(import_module(".".join(names).removesuffix(".__init__"))):
                runner.run(example)
    assert runner.summarize(verbose=False).failed == 0
