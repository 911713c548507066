"""What a stack version does not have: `tests/data/stack-versions.toml`."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from rulewright_engine.checks import check_rule_file
from rulewright_schema.config import Config
from rulewright_schema.files.load import load_text
from rulewright_schema.stack import StackVersion, read_stack_version
from support.paths import data_of
from support.rules import text_of

DATA = data_of("stack-versions.toml")
QUERIES: list[dict[str, str]] = DATA["query"]
RULES: list[dict[str, str]] = DATA["rule"]
VERSIONS = [StackVersion(8, minor) for minor in range(20)] + [StackVersion(9, minor) for minor in range(6)]


def texts() -> Iterator[tuple[str, str, str]]:
    """A rule, what is underlined in it (nothing: not said), and the version."""
    for case in QUERIES:
        lead, underlined, rest = case["query"].replace("»", "«").split("«")
        query = lead + underlined + rest
        head = '[rule]\ntype = "esql"\nlanguage = "esql"\n# without index\n'
        yield f"{head}query = '''{query}'''\n", underlined, case["since"]
    for case in RULES:
        index = "" if "index" in case["rule"] else "# without index\n"
        yield f"[rule]\n{index}{case['rule']}", "", case["since"]


def found(text: str, config: Config) -> list[str]:
    diagnostics = [each for each in check_rule_file(load_text(text, "rule.toml"), config) if each.code == "RW573"]
    return [text[each.span.start : each.span.end] for each in diagnostics if each.span]


@pytest.mark.parametrize(("piece", "underlined", "since"), list(texts()))
def test_only_older_stacks_lack_it(piece: str, underlined: str, since: str) -> None:
    text = text_of(piece)
    needed = read_stack_version(since)
    assert needed is not None
    older = VERSIONS[VERSIONS.index(needed) - 1]
    missing = found(text, Config(stack=older))
    assert missing == [underlined] if underlined else len(missing) == 1
    assert found(text, Config(stack=needed)) == []
    assert found(text, Config()) == []


def test_the_rule_names_its_lowest_stack() -> None:
    piece, underlined, _ = next(texts())
    for stack, expected in (("8.19.0", [underlined]), ("9.2.0", []), ("9.10.0", [])):
        text = text_of(f'[metadata]\nmin_stack_version = "{stack}"\n{piece}')
        assert found(text, Config()) == expected
        assert found(text, Config(stack=StackVersion(9, 1))) == [underlined]


@pytest.mark.parametrize(
    ("test", "noted"),
    [
        ('kql("process.name: nc")', True),
        ('user.name == "a" and not kql("process.pid: 1 or process.name: n*")', True),
        ('kql("process.pid: 1 or process.name: 1*")', False),
        ('kql("process.name: nc", {"case_insensitive": true})', False),
    ],
)
def test_stacks_that_fold_case_in_kql(test: str, noted: bool) -> None:
    query = f"FROM logs-* METADATA _id, _version, _index | WHERE {test} | KEEP _id, _version, _index"
    text = text_of(f"[rule]\ntype = \"esql\"\nlanguage = \"esql\"\n# without index\nquery = '''{query}'''\n")
    for version in VERSIONS:
        told = [
            each
            for each in check_rule_file(load_text(text, "rule.toml"), Config(stack=version))
            if each.code == "RW574"
        ]
        assert bool(told) == (noted and StackVersion(8, 17) <= version < StackVersion(9, 2))


def test_versions_are_ordered_as_numbers() -> None:
    texts_in_order = ["8.3", "8.19.0", "9.0.0-SNAPSHOT", "9.2", "9.10.1"]
    versions: list[Any] = [read_stack_version(text) for text in texts_in_order]
    assert all(before < after for before, after in itertools.pairwise(versions))
    assert read_stack_version("nine") is None
