"""The forms of a diagnostic, from the text that people read to the JSON that programs read."""

import json
from itertools import pairwise

import pytest

from rulewright._report import (
    Style,
    as_concise,
    as_data,
    as_full,
    print_json,
)
from rulewright._report.style import style_for
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Label, Level
from rulewright_schema.source import Source, Span


def diagnostic(source: Source, underlined: str, **options: object) -> Diagnostic:
    start = source.text.index(underlined)
    span = Span(start, start + len(underlined))
    return Diagnostic("RW301", Level.ERROR, "unknown field `x`", span, path=source.name, **options)  # type: ignore[arg-type]


def marked(source: Source, underlined: str, **options: object) -> list[tuple[str, str]]:
    """Each source line that carries a mark, with the text that stands above the mark."""
    lines = as_full(diagnostic(source, underlined, **options), source).splitlines()
    pairs = pairwise(lines)
    return [
        (above.split("| ", 1)[-1], below.split("| ", 1)[-1])
        for above, below in pairs
        if below.split("|", 1)[-1].strip()[:1] in tuple("^-") and below.strip().startswith("|")
    ]


def test_the_whole_of_a_full_diagnostic() -> None:
    source = Source("rules/a.toml", "[rule]\nquery = 'process where x == 1'\nname = 'a'\n")
    found = diagnostic(source, "x == 1", label="no such field", help="did you mean `y`?", note="of ECS 9.5")
    assert as_full(found, source) == (
        "error[RW301]: unknown field `x`\n"
        " --> rules/a.toml:2:24\n"
        "  |\n"
        "1 | [rule]\n"
        "2 | query = 'process where x == 1'\n"
        "  |                        ^^^^^^ no such field\n"
        "3 | name = 'a'\n"
        "  |\n"
        "  = help: did you mean `y`?\n"
        "  = note: of ECS 9.5\n"
    )


@pytest.mark.parametrize(
    ("text", "underlined", "mark_starts_at"),
    [
        ("\tx = 1", "x", 4),
        ("名前 = x", "x", 7),
        ("e\u0301 = x", "x", 4),
        ("a = \x1b[31mx", "x", 4 + len("\\x1b[31m")),
    ],
)
def test_marks_stand_under_what_a_terminal_shows(text: str, underlined: str, mark_starts_at: int) -> None:
    (_, below), *_ = marked(Source("a", text), underlined)
    assert len(below) - len(below.lstrip()) == mark_starts_at


def test_a_long_line_is_cut_around_the_mark() -> None:
    source = Source("a", "x" * 5000 + "NEEDLE" + "y" * 5000)
    (line, below), *_ = marked(source, "NEEDLE")
    column = below.index("^")
    assert line[column : column + 6] == "NEEDLE"
    assert len(line) < 130


def test_a_second_place_is_marked_too() -> None:
    source = Source("a", "first = 1\n\n\n\nsecond = 1\n")
    lines = marked(source, "second", secondary=(Label(Span(0, 5), "here first"),))
    assert lines == [("first = 1", "----- here first"), ("second = 1", "^^^^^^")]


def test_control_characters_never_reach_the_terminal() -> None:
    source = Source("\x1b]0;title\x07.toml", "name = '\x1b[2J\u202e'\n")
    shown = as_full(diagnostic(source, "name", help="\x1b[1m"), source) + as_concise(diagnostic(source, "name"), source)
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_a_diagnostic_without_a_place_names_the_file() -> None:
    source = Source("a.toml", "")
    assert as_concise(Diagnostic("RW001", Level.ERROR, "the file is empty"), source) == (
        "a.toml: error[RW001]: the file is empty"
    )


def test_json_holds_everything_once_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    source = Source("a.toml", "x = 1\ny = 2\n")
    fix = Fix((Edit(Span(0, 1), "z"),), safe=True)
    print_json(as_data(diagnostic(source, "y", fix=fix, secondary=(Label(Span(0, 1), "first"),), label="l"), source))
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "code": "RW301",
        "level": "error",
        "message": "unknown field `x`",
        "path": "a.toml",
        "start": {"line": 2, "column": 1},
        "end": {"line": 2, "column": 2},
        "label": "l",
        "secondary": [{"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 2}, "text": "first"}],
        "fix": {
            "safe": True,
            "edits": [{"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 2}, "text": "z"}],
        },
    }


class Terminal:
    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "environ", "colour"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_only_where_a_person_reads(terminal: bool, environ: dict[str, str], colour: bool) -> None:
    assert style_for(Terminal(terminal), environ).colour is colour  # type: ignore[arg-type]


def test_colour_changes_nothing_but_colour() -> None:
    import re

    source = Source("a.toml", "x = 1\n")
    found = diagnostic(source, "x", help="h", label="l")
    painted = as_full(found, source, Style(colour=True))
    assert painted != as_full(found, source)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == as_full(found, source)
