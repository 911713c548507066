"""What a function can do stands in its registry entry: no other module knows one by its name.

The test walks all product modules for texts that are names of functions. Words that mean something else where they
stand are listed below, with what they are there.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rulewright_engine.esql.functions import FUNCTIONS
from rulewright_engine.esql.functions.implied import IMPLIED
from rulewright_engine.evaluate.functions import FUNCTIONS as EQL_FUNCTIONS
from support.paths import ROOT

NAMES = {*FUNCTIONS, *IMPLIED, *EQL_FUNCTIONS}

REGISTRIES = (
    "engine/rulewright_engine/esql/functions",
    "engine/rulewright_engine/evaluate/functions",
    "engine/rulewright_engine/ir/operators.py",  # the keys of operators
    "engine/rulewright_engine/esql/syntax/operators.py",  # which function a cast calls
)
OTHER_WORDS = {
    # JSON schemas, lists in messages, date math, encodings, kinds of characters and of patterns, the cases of a rule
    "schema": {"string", "number", "not", "negate", "now", "replace", "and", "or"},
    "engine/rulewright_engine/values/dates.py": {"now", "round", "count"},
    "engine/rulewright_engine/values/regex": {"space", "in", "e"},
    "generators/rulewright_generators/cases/events": {"e"},
    "generators/rulewright_generators/cases/format": {"case", "count", "first"},
    "generators/rulewright_generators/writing": {"e", "replace"},
    "src": {"replace", "now", "present", "case", "count", "values", "or", "not"},
    # Keywords of a grammar, and kinds of its tokens
    "engine/rulewright_engine/languages/eql": {"and", "or", "not", "in", "like", "regex", "count", "string", "number"},
    "engine/rulewright_engine/languages/kql": {"and", "or"},
    "engine/rulewright_engine/languages/lucene": {"and", "or", "not", "regex"},
    "engine/rulewright_engine/esql/syntax": {"first", "last", "min", "string"},
    "engine/rulewright_engine/esql/syntax/operands.py": {"and", "or", "not", "in", "like", "rlike"},
    "generators/rulewright_generators/guides/highlight.py": {
        *{"and", "or", "not", "in", "like", "rlike", "first", "last"},
        *{"string", "number"},
    },
    # Groups of types
    "engine/rulewright_engine/esql": {"string", "number"},
    "engine/rulewright_engine/checks/esql": {"string", "number"},
    "generators/rulewright_generators/cases/esql": {"string", "number"},
    # Results of a signature, the option `operator` of MATCH, a member of a filter, of a mapping and of a trace
    "engine/rulewright_engine/ir/signatures.py": {"case"},
    "engine/rulewright_engine/esql/analysis/search_options.py": {"and", "or"},
    "engine/rulewright_engine/languages/filters/wrapping.py": {"negate"},
    "engine/rulewright_engine/rules/types/threat_match.py": {"negate"},
    "engine/rulewright_engine/evaluate/trace.py": {"values"},
    # Words of messages and of other formats
    "engine/rulewright_engine/esql/analysis/signatures.py": {"or"},
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


@cache
def texts_of(module: Path) -> tuple[tuple[str, int], ...]:
    """The texts of a module and their lines, but for the names that it exports."""
    return tuple(_texts(ast.parse((ROOT / module).read_text(encoding="utf-8"))))


def _texts(node: ast.AST) -> Iterator[tuple[str, int]]:
    match node:
        case ast.Assign(targets=[ast.Name("__all__")]) | ast.AnnAssign(target=ast.Name("__all__")):
            return
        case ast.Constant(str(text)):
            yield text, node.lineno
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)


def test_modules_are_found() -> None:
    assert len(MODULES) > 300


@pytest.mark.parametrize("module", [path for path in MODULES if not any(map(path.is_relative_to, REGISTRIES))], ids=str)
def test_no_module_names_a_function(module: Path) -> None:
    other = {word for prefix, words in OTHER_WORDS.items() if module.is_relative_to(prefix) for word in words}
    named = [f"line {line}: {text}" for text, line in texts_of(module) if text in NAMES - other]
    assert named == [], "ask the function's entry instead, or list the word if it is something else"


@pytest.mark.parametrize("prefix", OTHER_WORDS)
def test_every_exception_is_needed(prefix: str) -> None:
    found = {text for module in MODULES if module.is_relative_to(prefix) for text, _ in texts_of(module)}
    assert found >= OTHER_WORDS[prefix], OTHER_WORDS[prefix] - found
