"""What a function can do stands in its registry entry: no other module knows one by its name.

The test walks all product modules for texts that are names of functions. Words that mean something else where they
stand are listed below, each with what it is there.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from rulewright_engine.esql.functions import FUNCTIONS
from rulewright_engine.esql.functions.implied import IMPLIED
from rulewright_engine.evaluate.functions import FUNCTIONS as EQL_FUNCTIONS

ROOT = Path(__file__).parents[2]
NAMES = {*FUNCTIONS, *IMPLIED, *EQL_FUNCTIONS}

REGISTRIES = (
    "engine/rulewright_engine/esql/functions",
    "engine/rulewright_engine/evaluate/functions",
    "engine/rulewright_engine/ir/operators.py",  # the keys of operators
    "engine/rulewright_engine/esql/syntax/operators.py",  # which function a cast calls
)
OTHER_WORDS = {
    # No queries are read or written here
    "schema": NAMES,
    "src": NAMES,
    "engine/rulewright_engine/values": NAMES,
    "generators/rulewright_generators/cases/events": NAMES,
    "generators/rulewright_generators/cases/format": NAMES,
    "generators/rulewright_generators/writing": NAMES,
    # Keywords of a grammar, and kinds of its tokens
    "engine/rulewright_engine/languages/eql": {"and", "or", "not", "in", "like", "regex", "count", "string", "number"},
    "engine/rulewright_engine/languages/kql": {"and", "or", "not"},
    "engine/rulewright_engine/languages/lucene": {"and", "or", "not", "regex"},
    "engine/rulewright_engine/esql/syntax": {"first", "last", "min", "string"},
    "generators/rulewright_generators/guides/highlight.py": {
        *{"and", "or", "not", "in", "like", "rlike", "first", "last"},
        *{"string", "number"},
    },
    # Groups of types
    "engine/rulewright_engine/esql": {"string", "number"},
    "engine/rulewright_engine/checks/esql": {"string", "number"},
    "generators/rulewright_generators/cases/esql": {"string", "number"},
    # Results of a signature, the option `operator` of MATCH, a member of a filter and of a trace
    "engine/rulewright_engine/ir/signatures.py": {"case"},
    "engine/rulewright_engine/esql/analysis/search.py": {"and", "or"},
    "engine/rulewright_engine/languages/filters/wrapping.py": {"negate"},
    "engine/rulewright_engine/evaluate/trace.py": {"values"},
    # Words of messages and of other formats
    "engine/rulewright_engine/solver": {"and", "or", "not"},
    "generators/rulewright_generators/cases/mutation": {"and", "or"},
    "generators/rulewright_generators/cases/esql/mutation": {"first", "last"},
    "generators/rulewright_generators/exports/sigma": {"case", "contains", "startswith", "endswith"},
    "generators/rulewright_generators/guides/guide.py": {"now"},
    "generators/rulewright_generators/guides/words.py": {"regex", "contains"},
}

MODULES = sorted(
    path.relative_to(ROOT)
    for room in ("schema", "engine", "generators", "src")
    for path in (ROOT / room).rglob("*.py")
    if not path.is_relative_to(ROOT / room / "build")
)


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """The texts of a module, but for the names that it exports."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and "__all__" in ast.unparse(node).split(" = ")[0]:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        yield from texts(node)


def named_functions(module: Path) -> list[str]:
    other = {word for prefix, words in OTHER_WORDS.items() if module.is_relative_to(prefix) for word in words}
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    return [f"{module}:{text.lineno}: {text.value}" for text in texts(tree) if text.value in NAMES - other]


def test_modules_are_found() -> None:
    assert len(MODULES) > 300


@pytest.mark.parametrize("module", [path for path in MODULES if not any(map(path.is_relative_to, REGISTRIES))], ids=str)
def test_no_module_names_a_function(module: Path) -> None:
    assert named_functions(module) == []


@pytest.mark.parametrize("prefix", [prefix for prefix, words in OTHER_WORDS.items() if words != NAMES])
def test_every_exception_is_needed(prefix: str) -> None:
    modules = [module for module in MODULES if module.is_relative_to(prefix)]
    found = {text.value for module in modules for text in texts(ast.parse((ROOT / module).read_text("utf-8")))}
    assert found >= OTHER_WORDS[prefix], OTHER_WORDS[prefix] - found
