"""The scanner agrees with the TOML loader: each value is where it says, and each character of a text too."""

from collections.abc import Iterator
from typing import Any

import pytest
import tomli
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from rulewright_schema.files.positions import KeyPath, Positions, scan
from rulewright_schema.source import Span


def values_of(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    yield path, value
    match value:
        case dict():
            for key, child in value.items():
                yield from values_of(child, (*path, key))
        case list():
            for index, child in enumerate(value):
                yield from values_of(child, (*path, index))


def assert_places_agree(text: str) -> None:
    """Every value that tomli finds has a place; what stands there reads as that value, character by character."""
    data, positions = tomli.loads(text), scan(text)
    expected = dict(values_of(data))
    assert set(positions.entries) | {()} == set(expected)
    for path, value in expected.items():
        if isinstance(value, dict) or not path or not is_written_as_value(positions, path):
            continue
        span = positions.span_of(path)
        assert tomli.loads(f"k = {text[span.start : span.end]}")["k"] == value
        if isinstance(value, str):
            assert_characters_agree(text, value, positions, path)


def is_written_as_value(positions: Positions, path: KeyPath) -> bool:
    """Arrays of tables have a header where other values stand."""
    entry = positions.entries[path]
    return entry.key != entry.value or isinstance(path[-1], int)


def assert_characters_agree(text: str, value: str, positions: Positions, path: KeyPath) -> None:
    place = positions.place(path)
    last = positions.span_of(path).start
    for index, char in enumerate(value):
        span = place(Span(index, index + 1))
        written = text[span.start : span.end]
        assert written == char or written[0] in "\\\r", (path, index)
        assert span.start >= last
        last = span.end
    assert place(Span(len(value), len(value))).start >= last


ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "é": "\\u00E9", "😀": "\\U0001F600"}
characters = st.sampled_from(" \"'\\\n\t\raé😀#[]{}=,.x")
texts = st.text(characters, max_size=12)


@st.composite
def literals(draw: st.DrawFn) -> str:
    """One of TOML's ways to write a text."""
    match draw(st.sampled_from(["basic", "literal", "multi-line", "multi-line literal"])):
        case "basic":
            return '"' + "".join(ESCAPED.get(char, char) for char in draw(texts)) + '"'
        case "literal":
            return "'" + draw(texts).replace("'", "").replace("\n", "").replace("\r", "") + "'"
        case "multi-line":
            parts = [
                draw(st.sampled_from([char, ESCAPED.get(char, char)])) if char in "\n\té" else ESCAPED.get(char, char)
                for char in draw(texts)
            ]
            glue = draw(st.sampled_from(["", "\\\n   ", "\\  \n\n ", "\r\n"]))
            start = draw(st.sampled_from(["", "\n", "\r\n"]))
            return '"""' + start + glue.join(parts) + draw(st.sampled_from(["", '"', '""'])) + '"""'
        case _:
            inner = draw(texts).replace("'", "").replace("\r", "")
            return "'''" + draw(st.sampled_from(["", "\n"])) + inner + draw(st.sampled_from(["", "'", "''"])) + "'''"


scalars = st.one_of(
    literals(),
    st.integers().map(str),
    st.sampled_from(["true", "1.5e3", "nan", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00", "07:32:00", "0x1F"]),
).filter(lambda text: text != "nan")
blanks = st.sampled_from(["", " ", "\n", " # a, ] } comment\n", "\r\n\t"])


def arrays(elements: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def write(parts: list[tuple[str, str, str]], comma: str) -> str:
        return "[" + ",".join(f"{a}{value}{b}" for a, value, b in parts) + (comma if parts else "") + "]"

    return st.builds(
        write, st.lists(st.tuples(blanks, elements, blanks), max_size=3), st.sampled_from(["", ",", " , "])
    )


def inline_tables(elements: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    keys = st.sampled_from(["a", "b.c", '"d e"', "'f'", "b . g"])
    return st.lists(st.tuples(keys, elements), max_size=3, unique_by=lambda pair: pair[0]).map(
        lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
    )


values = st.recursive(scalars, lambda inner: arrays(inner) | inline_tables(inner), max_leaves=6)
headers = st.sampled_from(
    ["[a]", "[a.b]", "[[c]]", "[[c.d]]", "[c.e]", '[ "x y" . z ]', "[[a.list]] # comment", "['']"]
)
statements = st.one_of(
    headers, st.tuples(st.sampled_from(["k", "k.l", '"é"', "k . m", "n"]), values).map(lambda kv: f"{kv[0]} = {kv[1]}")
)


@given(st.lists(statements, max_size=8), st.sampled_from(["\n", "\r\n", "\n\n  "]))
def test_random_documents_agree_with_the_loader(lines: list[str], end: str) -> None:
    text = ""
    for line in lines:  # keep what makes a valid document: duplicate keys and reopened tables do not
        try:
            tomli.loads(text + line + end)
        except tomli.TOMLDecodeError:
            continue
        text += line + end
    assert_places_agree(text)


plain = st.recursive(
    st.one_of(st.text(max_size=20), st.integers(), st.booleans()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=5), plain, max_size=5), st.booleans())
def test_written_documents_agree_with_the_loader(data: dict[str, Any], multiline: bool) -> None:
    assert_places_agree(tomli_w.dumps(data, multiline_strings=multiline))


def test_every_public_rule_agrees_with_the_loader(corpus: list[Any]) -> None:
    for path in corpus[::25]:
        assert_places_agree(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "path", "part", "underlined"),
    [
        ("a = 'one two'", ("a",), "two", "two"),
        ('a = """\n  one\n  two\n"""', ("a",), "two", "two"),
        ('a = """one \\\n     two"""', ("a",), "one two", "one \\\n     two"),
        ('a = """one \\\n     two"""', ("a",), "one ", "one "),
        ('a = "\\u00e9t\\u00e9"', ("a",), "é", "\\u00e9"),
        ("a = '''\r\none\r\ntwo'''", ("a",), "two", "two"),
        ('a = ["x", """\ny"""]', ("a", 1), "y", "y"),
        ('[[t]]\n[[t]]\nk = "v"', ("t", 1, "k"), "v", "v"),
    ],
)
def test_a_part_of_a_text_is_placed_in_the_file(text: str, path: KeyPath, part: str, underlined: str) -> None:
    value: Any = tomli.loads(text)
    for key in path:
        value = value[key]
    start = value.index(part)
    span = scan(text).place(path)(Span(start, start + len(part)))
    assert text[span.start : span.end] == underlined


@pytest.mark.parametrize(
    ("path", "key", "underlined"),
    [
        (("rule",), False, "[rule]"),
        (("rule", "name"), True, "name"),
        (("rule", "name"), False, '"x"'),
        (("rule", "threat"), False, "[[rule.threat]]"),
        (("rule", "threat", 1, "tactic"), False, "[rule.threat.tactic]"),
        (("rule", "threat", 1, "no", "such"), True, "[[rule.threat]]"),
        (("rule", "new", "a"), True, "a"),
    ],
)
def test_places_of_tables_and_of_what_is_absent(path: KeyPath, key: bool, underlined: str) -> None:
    text = (
        '[rule]\nname = "x"\nnew.a = 1\n[[rule.threat]]\n[rule.threat.tactic]\n[[rule.threat]]\n[rule.threat.tactic]\n'
    )
    span = scan(text).span_of(path, key=key)
    assert text[span.start : span.end] == underlined
    if path == ("rule", "threat", 1, "tactic"):
        assert span.start == text.rindex("[rule.threat.tactic]")
