"""The Markdown that rule authors write, made safe: as HTML, and inside our own Markdown.

CommonMark with tables, parsed by markdown-it-py: a rule's note comes from a stranger, and a hand-made renderer of
nested lists, code and links would be the weakest place of the page. Raw HTML is text; only http, https and mailto
links are links; a bare address becomes one; an image is a link, so that a page loads nothing from elsewhere.
"""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from rulewright_generators.writing.escaping import markdown_fence

__all__ = ["is_web_link", "markdown_to_html", "safe_markdown"]

_MAX_MARKDOWN = 200_000
"""Characters of a text that is read as Markdown: parsing takes more than linear time."""
_LINK = re.compile(r"(?:https?://|mailto:|#)\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]}*_]")
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")


def markdown_to_html(text: str, *, top: int) -> Markup:
    """HTML in which the highest heading of `text` has level `top`; text beyond 200,000 characters is shown as it is."""
    if len(text) > _MAX_MARKDOWN:
        return Markup("<pre>{}</pre>").format(text)
    tokens = _parser().parse(text)
    shift = top - min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=top)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
        elif token.type == "inline":
            token.children = list(_with_links(token.children or []))
    return Markup(_parser().renderer.render(tokens, _parser().options, {}))


def safe_markdown(text: str, *, top: int) -> Markup:
    """The same text as Markdown to stand in ours: headings below `top`, no raw HTML, no link but to the web.

    Invariant: what cannot be made safe by escaping `<` is shown as a code block.
    """
    if len(text) > _MAX_MARKDOWN:
        return Markup(markdown_fence(text))
    candidate = _with_headings_below(text, top)
    if not _is_safe(candidate):
        candidate = _with_headings_below(_MARKUP.sub(r"\\<", text), top)
    return Markup(candidate.strip() if _is_safe(candidate) else markdown_fence(text))


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return is_web_link(url)


class _PermissiveParser(MarkdownIt):
    """Sees every link and tag that any Markdown viewer might."""

    def validateLink(self, url: str) -> bool:
        return True


@cache
def _parser() -> MarkdownIt:
    return _Parser("commonmark", {"html": False}).enable("table").disable("image")


@cache
def _permissive_parser() -> MarkdownIt:
    return _PermissiveParser("commonmark", {"html": True}).enable("table")


def is_web_link(url: str) -> bool:
    return _LINK.fullmatch(url) is not None


def _is_safe(text: str) -> bool:
    for token in _flattened(_permissive_parser().parse(text)):
        if token.type in ("html_block", "html_inline"):
            return False
        url = token.attrGet("href") or token.attrGet("src")
        if url is not None and not is_web_link(str(url)):
            return False
    return True


def _flattened(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _with_headings_below(text: str, top: int) -> str:
    """Move ATX headings so that the highest has level `top`."""
    lines = text.split("\n")
    headings = [token for token in _parser().parse(text) if token.type == "heading_open" and token.markup[:1] == "#"]
    shift = top - min((len(token.markup) for token in headings), default=top)
    for token in headings:
        if token.map is not None:
            level = min(6, len(token.markup) + shift)
            lines[token.map[0]] = re.sub(r"#+", "#" * level, lines[token.map[0]], count=1)
    return "\n".join(lines)


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    """Turn the bare addresses of running text into links."""
    inside_link = 0
    for token in tokens:
        inside_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or inside_link:
            yield token
            continue
        position = 0
        for found in _ADDRESS.finditer(token.content):
            yield _text(token.content[position : found.start()])
            yield Token("link_open", "a", 1, attrs={"href": found.group()})
            yield _text(found.group())
            yield Token("link_close", "a", -1)
            position = found.end()
        yield _text(token.content[position:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
