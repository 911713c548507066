"""What the TOML loader says is wrong, in words that tell what to do."""

import tomli

from rulewright_schema.codes.files import NOT_TOML
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.files.positions import last_key
from rulewright_schema.source import Source, Span

__all__ = ["toml_problem"]

ADVICE = {
    "Illegal character '\\n'": ("the text does not end on its line", 'close it, or write it between `"""`'),
    "Unterminated string": ("the text is not closed", "close it with the quotes that it began with"),
    "Unescaped '\\'": ("a backslash stands alone", "double it, or write the text between single quotes"),
    "Invalid value": ("not a value", "write texts in quotes, and `true` or `false` in lower case"),
    "Invalid statement": ("neither a key nor a header", "write `key = value` or `[table]`"),
    "Invalid initial character": ("not a key", "write keys with letters, digits, `_` and `-`, others in quotes"),
    "Expected '='": ("no `=` behind the key", "write `key = value`"),
    "Expected ']'": ("the header is not closed", "write it as `[table]`"),
    "Expected ']]'": ("the header is not closed", "write it as `[[table]]`"),
    "Expected newline": ("more than one value", "write one key a line, and texts with quotes in them in other quotes"),
    'Expected "\'"': ("the text does not end on its line", "close it, or write it between `'''`"),
    "Unclosed array": ("the list is not closed", "close it with `]`, and put commas between its elements"),
    "Unclosed inline table": ("the table is not closed", "close it with `}`, and put commas between its keys"),
    "Invalid date": ("not a date or time", "put it in quotes, or correct it"),
}
"""The loader's message, by its beginning: what we say, and what to do."""

REPEATED = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Cannot redefine", "Duplicate inline table key")
"""Beginnings of the messages about a key or table that is there already."""


def toml_problem(source: Source, error: tomli.TOMLDecodeError) -> Diagnostic:
    """The one diagnostic of a document that is no TOML."""
    # The loader sees `\r\n` as `\n`, so its line and column hold in our text where its offset would not.
    at = source.offset(error.lineno, error.colno)
    if error.msg.startswith(REPEATED):
        message, help_ = "the key or table is there already", "remove it, or merge the two"
        return NOT_TOML.report(f"invalid TOML: {message}", last_key(source.text, at), help=help_)
    fallback = (error.msg[:1].lower() + error.msg[1:].replace("'", "`"), "correct the syntax here")
    message, help_ = next((advice for start, advice in ADVICE.items() if error.msg.startswith(start)), fallback)
    return NOT_TOML.report(f"invalid TOML: {message}", Span(at, min(at + 1, len(source.text))), help=help_)
