"""Where files go: safe names, never outside the folder, all or nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_generators.writing.output import FileNames, output_folder, slug
from rulewright_schema.errors import UsageError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Suspicious Network Tool", "suspicious-network-tool"),
        ("../../<script>", "script"),
        ("CON", "rule-con"),
        ("Zugriff über Kürzel", "zugriff-uber-kurzel"),
        ("検出", "rule"),
        ("", "rule"),
        ("word " * 40, "-".join(["word"] * 16)),
    ],
)
def test_slug(text: str, name: str) -> None:
    assert slug(text) == name


@given(st.lists(st.text(max_size=120), max_size=8))
def test_every_name_is_safe_and_its_own(texts: list[str]) -> None:
    names = FileNames(separator="_", longest=64)
    taken = [names.take(text) for text in texts]
    assert len(set(taken)) == len(taken)
    assert all(re.fullmatch(r"[a-z0-9_]{1,64}", name) for name in taken)


def test_equal_texts_get_names_of_their_own() -> None:
    names = FileNames(longest=8)
    assert [names.take("long name") for _ in range(3)] == ["long", "long-2", "long-3"]


def test_files_appear_together(tmp_path: Path) -> None:
    with output_folder(tmp_path / "out") as output:
        output.write("rules/a.md", "a")
        assert not (tmp_path / "out" / "rules").exists()
        output.write("b.md", "b")
    assert output.files == [tmp_path / "out" / "rules" / "a.md", tmp_path / "out" / "b.md"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".rulewright-files", "b.md", "rules"]


def test_files_of_the_run_before_go_and_those_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("")
    for names in (["old.md", "both.md"], ["both.md", "new.md"]):
        with output_folder(tmp_path) as output:
            for name in names:
                output.write(name, "")
    assert sorted(path.name for path in tmp_path.glob("*.md")) == ["both.md", "mine.md", "new.md"]


def test_a_forged_listing_removes_nothing_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "out" / "sub").mkdir(parents=True)
    (tmp_path / "kept").write_text("")
    (tmp_path / "out" / "link").symlink_to(tmp_path)
    (tmp_path / "out" / ".rulewright-files").write_text(f"../kept\n{tmp_path}/kept\nlink/kept\n\n.\nsub/../../kept\n")
    with output_folder(tmp_path / "out") as output:
        output.write("a.md", "")
    assert (tmp_path / "kept").exists()


def test_nothing_remains_of_a_run_that_fails(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("old")
    with pytest.raises(RuntimeError), output_folder(tmp_path) as output:
        output.write("a.md", "new")
        output.write("b.md", "new")
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"] and (tmp_path / "a.md").read_text() == "old"


@pytest.mark.parametrize("name", ["../a", "/etc/a", "a/../../b", ".hidden", "a\\b", "a:b"])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name for a file"), output_folder(tmp_path / "out") as output:
        output.write(name, "x")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_linked_subfolder_cannot_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "rules").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="leaves the output folder"), output_folder(tmp_path / "out") as output:
        output.write("rules/a.md", "x")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write to"), output_folder(tmp_path / "file"):
        pass
