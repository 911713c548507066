"""How a value becomes text that cannot be mistaken for markup: in Markdown and in YAML (HTML: markupsafe)."""

import html
import re
from collections.abc import Iterator, Mapping

__all__ = ["markdown_code", "markdown_fence", "markdown_span", "markdown_text", "yaml_node", "yaml_scalar"]

_MARKDOWN_SPECIAL = re.compile(
    r"[\\`*\[\]<|~]"
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # an underscore inside a word is text
    r"|&(?=\w+;|\#)"
    r"|(?:^|(?<=^ ))(?:>|[#+=-](?=[\s#=-]|$)|\d+(?=[.)](?:\s|$)))"  # what opens a block at the start of a line
)
_YAML_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.|/-]*")
_YAML_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_YAML_KEYWORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def markdown_text(text: str) -> str:
    """One line of running text in which nothing is markup, also at the start of a line and in a table cell."""
    return _MARKDOWN_SPECIAL.sub(_escape_markdown, re.sub(r"\s+", " ", text))


def _escape_markdown(found: re.Match[str]) -> str:
    special = found.group()
    if special == "&":
        return "&amp;"
    return f"{special}\\" if special.isdigit() else f"\\{special}"


def markdown_code(text: str) -> str:
    """A code span on one line; HTML where a span could not hold the text also in a table cell."""
    line = _one_line(text)
    if "|" in line or not line.strip():
        return f"<code>{html.escape(line).replace('`', '&#96;').replace('|', '&#124;')}</code>"
    return markdown_span(line)


def markdown_span(text: str) -> str:
    """A code span on one line, outside tables; nothing for an empty text."""
    line = _one_line(text)
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    ticks, pad = "`" * (longest + 1), " " if longest or line[:1] == " " == line[-1:] else ""
    return f"{ticks}{pad}{line}{pad}{ticks}" if line else ""


def _one_line(text: str) -> str:
    return " ".join(re.split(r"[\r\n]+", text))


def markdown_fence(text: str, language: str = "") -> str:
    """A fenced code block whose fence is longer than any run of backticks in the text."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def yaml_scalar(value: object) -> str:
    """A scalar that YAML 1.1 and 1.2 read alike: every text in single quotes, or in double quotes to hold escapes."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            mantissa, e, exponent = repr(value).partition("e")  # YAML 1.1 wants a point in every float
            return f"{mantissa}{'' if '.' in mantissa else '.0'}{e}{exponent}"
        case str() if _YAML_UNPRINTABLE.search(value):
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return '"' + _YAML_UNPRINTABLE.sub(lambda found: f"\\U{ord(found.group()):08x}", escaped) + '"'
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            raise TypeError(f"not a YAML scalar: {type(value).__name__}")


def yaml_node(value: object) -> str:
    """A block of YAML for nested maps and lists of scalars, without a final line end."""
    return "\n".join(_yaml_lines(value))


def _yaml_lines(value: object) -> Iterator[str]:
    match value:
        case Mapping() if value:
            for key, child in value.items():
                first, *rest = _yaml_lines(child)
                if _is_branch(child):
                    yield f"{_yaml_key(key)}:"
                    yield from (f"    {line}" for line in (first, *rest))
                else:
                    yield f"{_yaml_key(key)}: {first}"
        case list() | tuple() if value:
            for item in value:
                first, *rest = _yaml_lines(item)
                yield f"- {first}"
                yield from (f"  {line}" for line in rest)
        case Mapping():
            yield "{}"
        case list() | tuple():
            yield "[]"
        case _:
            yield yaml_scalar(value)


def _is_branch(value: object) -> bool:
    return isinstance(value, Mapping | list | tuple) and len(value) > 0


def _yaml_key(key: str) -> str:
    return key if _YAML_PLAIN_KEY.fullmatch(key) and key.lower() not in _YAML_KEYWORDS else yaml_scalar(key)
