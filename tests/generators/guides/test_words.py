"""The query on a page: coloured without a change, and told in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.languages.parse import parse_query
from rulewright_generators.guides.highlight import highlight
from rulewright_generators.guides.words import Line, in_words
from support.paths import data_of

CASES = data_of("docs-queries.toml")
LANGUAGES = [*Language, None]


@given(st.sampled_from(LANGUAGES), st.text(st.one_of(st.sampled_from('ab.:()"\\`/*|<>= \n'), st.characters())))
def test_the_pieces_are_the_text(language: Language | None, text: str) -> None:
    assert "".join(piece.text for piece in highlight(language, text)) == text


@pytest.mark.parametrize("case", CASES["highlights"], ids=lambda case: case["language"])
def test_kinds(case: dict[str, str]) -> None:
    pieces = highlight(Language(case["language"]), case["query"])
    assert [f"{piece.text}:{piece.kind}" for piece in pieces if piece.kind] == case["pieces"].splitlines()


def told(line: Line, depth: int = 0) -> list[str]:
    values = " ".join(value.text for value in line.values)
    qualifier = f" ({line.qualifier})" if line.qualifier else ""
    text = " ".join(filter(None, (line.subject, line.words, values))) + qualifier
    return ["  " * depth + text, *(deeper for child in line.children for deeper in told(child, depth + 1))]


@pytest.mark.parametrize("case", CASES["words"], ids=lambda case: case["query"])
def test_words(case: dict[str, str]) -> None:
    parsed = parse_query(Language.EQL, case["query"], CatalogueFields())
    assert isinstance(parsed.query, EventQuery), parsed.diagnostics
    assert told(in_words(parsed.query.condition)) == case["lines"].splitlines()
