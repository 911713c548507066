"""What a stack version does not have: `tests/data/stack-versions.toml`."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from rulewright_engine.checks import check_rule_file
from rulewright_engine.esql.analysis.search_options import SINCE
from rulewright_engine.esql.functions import FUNCTIONS
from rulewright_schema.config import Config
from rulewright_schema.files.load import load_text
from rulewright_schema.stack import StackVersion, read_stack_version
from support.paths import ROOT, data_of
from support.rules import text_of

DATA = data_of("stack-versions.toml")
QUERIES: list[dict[str, str]] = DATA["query"]
RULES: list[dict[str, str]] = DATA["rule"]
VERSIONS = [StackVersion(8, minor) for minor in range(20)] + [StackVersion(9, minor) for minor in range(6)]


def texts() -> Iterator[tuple[str, str, dict[str, str]]]:
    """A rule, what is underlined in it (nothing: not said), and the line of data."""
    for case in QUERIES:
        lead, underlined, rest = case["query"].replace("»", "«").split("«")
        query = lead + underlined + rest
        head = '[rule]\ntype = "esql"\nlanguage = "esql"\n# without index\n'
        yield f"{head}query = '''{query}'''\n", underlined, case
    for case in RULES:
        index = "" if "index" in case["rule"] else "# without index\n"
        yield f"[rule]\n{index}{case['rule']}", "", case


def found(text: str, config: Config) -> list[str]:
    diagnostics = [each for each in check_rule_file(load_text(text, "rule.toml"), config) if each.code == "RW573"]
    return [text[each.span.start : each.span.end] for each in diagnostics if each.span]


def with_it(version: StackVersion, case: dict[str, str]) -> bool:
    since, also = read_stack_version(case["since"]), read_stack_version(case.get("also", ""))
    assert since is not None
    return version >= since or (also is not None and also <= version < StackVersion(9, 0))


@pytest.mark.parametrize(("piece", "underlined", "case"), list(texts()))
def test_only_older_stacks_lack_it(piece: str, underlined: str, case: dict[str, str]) -> None:
    text = text_of(piece)
    edges = [pair for pair in itertools.pairwise(VERSIONS) if len({with_it(each, case) for each in pair}) == 2]
    assert edges
    for version in itertools.chain(*edges):
        missing = found(text, Config(stack=version))
        if with_it(version, case):
            assert missing == []
        else:
            assert missing == [underlined] if underlined else len(missing) == 1
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


def test_the_page_names_what_the_registries_date() -> None:
    """Each dated entry stands in a line of the page with its version."""
    dated = {name.upper(): function.traits.since for name, function in FUNCTIONS.items() if function.traits.since}
    dated |= {name.upper(): since for name, since in SINCE.items()}
    page = (ROOT / "docs/stack-versions.md").read_text()
    rows = [row.split(" | ") for row in page.splitlines() if row.startswith("| `")]
    told = {
        name: cells[1].strip(" |") for cells in rows for name in re.findall(r"`([A-Z_0-9]+)`", cells[0].split(";")[0])
    }
    assert told == dated
