"""The map in the docstring of each package names all that lies in it."""

import ast
import re
from pathlib import Path

import pytest

from support.paths import ROOT

PUBLIC = ("src/rulewright", "src/rulewright/cli", "generators/rulewright_generators/exports")
"""Whose docstrings are for users of the package, or say that each thing in them is of one kind."""
PACKAGES = sorted(
    path.parent.relative_to(ROOT)
    for room in ("schema", "engine", "generators", "src")
    for path in (ROOT / room).rglob("__init__.py")
    if not path.is_relative_to(ROOT / room / "build")
)


def contents(package: Path) -> list[str]:
    folder = ROOT / package
    modules = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
    return sorted([*modules, *(path.parent.name for path in folder.glob("*/__init__.py"))])


def names(text: str) -> set[str]:
    """`esql_*` stands for all that begin with it."""
    return set(re.findall(r"[A-Za-z_0-9]+\*?", text))


@pytest.mark.parametrize("package", [each for each in PACKAGES if str(each) not in PUBLIC], ids=str)
def test_the_map_names_all(package: Path) -> None:
    text = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))) or ""
    told = names(text)
    groups = tuple(name[:-1] for name in told if name.endswith("_*"))
    assert [name for name in contents(package) if name not in told and not name.startswith(groups or "*")] == []
