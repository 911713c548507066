"""Whatever a file holds, loading it ends in a rule or in one clear diagnostic."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_schema.codes import CODES
from rulewright_schema.errors import UsageError
from rulewright_schema.files.discover import discover
from rulewright_schema.files.load import RuleFile, load_rule, load_text
from rulewright_schema.limits import MAX_FILE_DEPTH, MAX_FILE_SIZE, MAX_SAME_PROBLEMS
from rulewright_schema.rule import EqlRule
from support.rules import loaded
from support.style import assert_style

RULE = """\
[metadata]
creation_date = "2024/01/31"
updated_date = "2024/01/31"
integration = "endpoint"

[rule]
name = "Reverse Shell"
description = "A shell reads from a socket."
author = ["Rulewright"]
risk_score = 73
severity = "high"
rule_id = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1"
type = "eql"
language = "eql"
query = "process where true"
"""

BAD_FILES: dict[str, tuple[bytes, int, int]] = {
    "RW002": (b"  \n", 1, 1),
    "RW003": (b'[rule]\nname = "caf\xe9"\n', 2, 12),
    "RW004": (b"\xef\xbb\xbf[rule]\n", 1, 1),
    "RW005": (b"(" * (MAX_FILE_SIZE + 1), 1, 1),
    "RW006": (b"[rule]\nx = " + b"[" * 200 + b"]" * 200, 1, 1),
    "RW007": (b'[rule]\r\nname = "a"\r\nname = "b"\r\n', 3, 1),
    "RW008": (b'[metadata]\ncreation_date = "2024/01/31"\n', 1, 1),
}


def only(file: RuleFile) -> tuple[str, int, int]:
    assert file.rule is None
    (problem,) = file.diagnostics
    assert problem.path == file.name
    position = file.source.position(problem.span.start if problem.span else 0)
    return problem.code, position.line, position.column


@pytest.mark.parametrize("code", BAD_FILES)
def test_a_bad_file_is_one_diagnostic_at_its_place(tmp_path: Path, code: str) -> None:
    content, line, column = BAD_FILES[code]
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    file = load_rule(path)
    assert only(file) == (code, line, column)
    assert_style(file.diagnostics[0])


@pytest.mark.parametrize(
    ("text", "underlined", "message"),
    [
        ('name = "x\n', "\n", "does not end on its line"),
        ('name = "x"\nnote = """\nname = 1\n"""\nname = """\ny\n"""\n', "name", "already"),
        ("[rule]\n", "[rule]", "already"),
        ("a = {x = 1, x = 2", "x", "already"),
        ("a = foo", "f", "not a value"),
        ('a = "x" b = 1', "b", "more than one value"),
        ("a = ['x' 'y']", "'", "list is not closed"),
        ("!a = 1", "!", "neither a key nor a header"),
    ],
)
def test_a_syntax_error_says_what_to_do(text: str, underlined: str, message: str) -> None:
    whole = "[rule]\n" + text
    (problem,) = load_text(whole).diagnostics
    assert problem.span is not None
    assert whole[problem.span.start : problem.span.end] == underlined
    assert message in problem.message
    assert_style(problem)


def test_a_repeated_key_is_marked_where_it_is_repeated() -> None:
    (problem,) = load_text(RULE + 'name = """\nb\n"""\n').diagnostics
    assert problem.span is not None
    assert problem.span.start == len(RULE)


def test_every_file_code_has_a_test() -> None:
    assert {code for code in CODES if code.startswith("RW00")} == {*BAD_FILES, "RW001"}


@pytest.mark.parametrize("kind", ["absent", "folder", "locked", "nul", "binary"])
def test_a_file_that_cannot_be_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.toml"
    match kind:
        case "folder":
            path.mkdir()
        case "locked":
            path.write_text(RULE)
            path.chmod(0)
            if os.access(path, os.R_OK):
                pytest.skip("this user may read every file")
        case "nul":
            path = tmp_path / "x\0.toml"
        case "binary":
            path.write_bytes(bytes(range(256)))
    assert only(load_rule(path)) == ("RW003" if kind == "binary" else "RW001", 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 100_000,
        "[" + ".".join("a" * 5_000) + "]",
        "[rule]\n" + "x = " + "{a=" * 300 + "1" + "}" * 300,
        "x = " + "9" * 10_000,
        "[rule]\nx = 2024-13-45",
        "rule = 1",
    ],
)
def test_hostile_documents(text: str) -> None:
    assert only(load_text(text))[0] in {"RW006", "RW007", "RW008"}


@pytest.mark.parametrize("left_out", [0, 1, 5_000])
def test_of_many_problems_of_a_kind_the_first_are_told(left_out: int) -> None:
    keys = "".join(f"zzz{number} = 1\n" for number in range(MAX_SAME_PROBLEMS + left_out))
    file = load_text(RULE.replace("risk_score = 73", "risk_score = 730") + keys)
    unknown = [problem for problem in file.diagnostics if problem.code == "RW101"]
    assert [problem.message for problem in unknown] == [f"unknown key `zzz{at}`" for at in range(MAX_SAME_PROBLEMS)]
    assert {problem.note for problem in unknown[:-1]} == {""}
    assert unknown[-1].note == (f"and {left_out:,} more of this kind in the file" if left_out else "")
    assert len(file.diagnostics) == len(unknown) + 1


def test_the_deepest_document_that_is_accepted_can_be_placed() -> None:
    depth = MAX_FILE_DEPTH - 3
    file = load_text(RULE + "filters = [{x = " + "[" * (depth - 2) + "]" * (depth - 2) + "}]\nbad = 1\n")
    assert [problem.code for problem in file.diagnostics] == ["RW101"]


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda tail: RULE.encode() + tail))
def test_no_bytes_make_loading_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    file = load_rule(path)
    assert file.rule is not None or file.diagnostics


@given(st.data())
def test_no_cut_or_replaced_character_makes_loading_fail(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(RULE) - 1))
    char = data.draw(st.sampled_from(['"', "[", "]", "\n", "=", "\\", "", "#", "'''", "1", "\x00"]))
    file = load_text(RULE[:at] + char + RULE[at + 1 :])
    assert file.rule is not None or file.diagnostics


def test_a_rule_is_typed() -> None:
    file = load_text(RULE)
    assert file.diagnostics == ()
    assert isinstance(file.rule, EqlRule)
    assert file.rule.metadata.integration == ("endpoint",)
    assert file.rule.query_text == "process where true"
    assert file.rule.raw is file.data


def test_a_mistake_that_leaves_the_types_alone_leaves_the_rule() -> None:
    file = load_text(RULE + "note_ = 'x'\n")
    assert file.rule is not None
    assert file.has_errors


def test_problems_of_a_deprecated_rule_are_notes() -> None:
    text = RULE.replace("[rule]", 'maturity = "deprecated"\nold = 1\n[rule]').replace("risk_score = 73\n", "")
    file = load_text(text)
    assert [(problem.code, problem.level.value) for problem in file.diagnostics] == [
        ("RW101", "note"),
        ("RW102", "note"),
    ]
    assert not file.has_errors


def test_every_public_rule_loads_as_it_is(corpus: list[Path]) -> None:
    files = [loaded(path) for path in corpus]
    assert len(files) == 1527
    assert [(file.name, file.diagnostics) for file in files if file.diagnostics or file.rule is None] == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b/two.toml", "a/one.toml", "a/deep/three.toml", ".hidden/four.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(RULE)
    (tmp_path / "pyproject.toml").write_text("[project]\nrule = 'no'\n")
    (tmp_path / "notes.md").write_text(RULE)
    (tmp_path / "broken.toml").write_text('[rule]\nname = "x\n')
    (tmp_path / "folder.toml").mkdir()
    return tmp_path


def found(tree: Path, *paths: Path) -> list[str]:
    return [path.relative_to(tree).as_posix() for path in discover(paths)]


def test_discover_finds_the_rules_of_a_folder_in_order(tree: Path) -> None:
    assert found(tree, tree) == ["a/deep/three.toml", "a/one.toml", "b/two.toml", "broken.toml"]


def test_discover_takes_a_file_as_it_is_and_each_once(tree: Path) -> None:
    assert found(tree, tree / "b/two.toml", tree / "notes.md", tree / "b", tree / "absent.toml") == [
        "b/two.toml",
        "notes.md",
        "absent.toml",
    ]


def test_links_do_not_lead_out_or_around(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "out.toml"
    outside.write_text(RULE)
    (tree / "a/loop").symlink_to(tree, target_is_directory=True)
    (tree / "a/out").symlink_to(outside.parent, target_is_directory=True)
    (tree / "a/out.toml").symlink_to(outside)
    (tree / "a/dangling.toml").symlink_to(tree / "nowhere")
    (tree / "a/self.toml").symlink_to(tree / "a/self.toml")
    (tree / "c.toml").symlink_to(tree / "b/two.toml")
    assert found(tree, tree) == ["a/deep/three.toml", "a/one.toml", "b/two.toml", "broken.toml"]


@pytest.mark.parametrize("name", ["empty", "x.toml"])
def test_a_folder_without_rules_is_a_misuse(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match="no rule in"):
        discover([tmp_path / name])
