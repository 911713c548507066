"""Values in Markdown and YAML: whatever they are, they are read back as text."""

import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rulewright_generators.writing.escaping import (
    markdown_code,
    markdown_fence,
    markdown_text,
    yaml_node,
)

markup = st.text(st.one_of(st.sampled_from("`*_[]()<>|~#+-=1.)&; \n\\!ab"), st.characters(exclude_categories=["C"])))
parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def _inline(text: str) -> list[tuple[str, str]]:
    """Type and content of what a paragraph holds; fails when the text is no paragraph."""
    tokens = parser.parse(text)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    return [(child.type, child.content) for child in tokens[1].children or ()]


@given(markup.filter(str.strip))
def test_text_is_text(text: str) -> None:
    pieces = _inline(markdown_text(text))
    assert {kind for kind, _ in pieces} <= {"text", "text_special"}
    assert "".join(content for _, content in pieces) == " ".join(text.split())


@given(markup.filter(lambda text: text.strip() and "|" not in text))
def test_code_is_code(text: str) -> None:
    ((kind, content),) = _inline(markdown_code(text))
    assert kind == "code_inline" and content.strip() == text.replace("\n", " ").strip()


def test_code_with_a_bar_fits_into_a_table() -> None:
    assert markdown_code("a | `b` <c>") == "<code>a &#124; &#96;b&#96; &lt;c&gt;</code>"


@given(markup)
def test_a_fence_holds_everything(text: str) -> None:
    (token,) = parser.parse(markdown_fence(text, "toml"))
    assert token.type == "fence" and token.info == "toml" and token.content.rstrip() == text.rstrip()


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
keys = st.text(min_size=1)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)


@given(trees)
def test_yaml_is_read_back(tree: object) -> None:
    assert yaml.safe_load(yaml_node(tree)) == tree
