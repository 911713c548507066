"""Each bound is defined once, under one prefix, and says what it bounds."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import rulewright
import rulewright_engine
import rulewright_generators
import rulewright_schema

PACKAGES = (rulewright_schema, rulewright_engine, rulewright_generators, rulewright)
OTHER_PREFIXES = ("MAXIMUM_", "MOST_", "LONGEST_", "DEEPEST_", "LARGEST_")


def bounds() -> Iterator[tuple[str, str, bool]]:
    """The file and the name of each module-level constant that is a number, and whether a docstring follows it."""
    for package in PACKAGES:
        assert package.__file__ is not None
        root = Path(package.__file__).parent
        for path in sorted(root.rglob("*.py")):
            body = ast.parse(path.read_text(encoding="utf-8")).body
            for node, after in zip(body, [*body[1:], None], strict=True):
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_number(node.value):
                    is_told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                    yield str(path.relative_to(root.parent)), node.targets[0].id.removeprefix("_"), is_told


def _is_number(value: ast.expr) -> bool:
    nodes = list(ast.walk(value))
    return all(isinstance(node, ast.Constant | ast.BinOp | ast.operator) for node in nodes) and all(
        isinstance(node.value, int) for node in nodes if isinstance(node, ast.Constant)
    )


def test_no_bound_is_defined_twice() -> None:
    counts = Counter(name for _, name, _ in bounds() if name.startswith("MAX_"))
    assert len(counts) > 50
    assert not [name for name, count in counts.items() if count > 1]


def test_bounds_have_one_prefix() -> None:
    assert not [(path, name) for path, name, _ in bounds() if name.startswith(OTHER_PREFIXES) and "solver" not in path]


def test_each_bound_says_what_it_bounds() -> None:
    assert not [(path, name) for path, name, is_told in bounds() if name.startswith("MAX_") and not is_told]
