"""The examples in docstrings print what they say."""

import doctest
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import rulewright
import rulewright_engine
import rulewright_generators
import rulewright_schema


def _modules_with_examples() -> list[str]:
    found: list[str] = []
    for package in (rulewright, rulewright_engine, rulewright_generators, rulewright_schema):
        assert package.__file__ is not None
        root = Path(package.__file__).parent
        for path in sorted(root.rglob("*.py")):
            if ">>> " in path.read_text(encoding="utf-8"):
                found.append(".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__"))
    return found


@pytest.mark.parametrize("name", _modules_with_examples())
def test_the_examples_of(name: str) -> None:
    module: ModuleType = import_module(name)
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
