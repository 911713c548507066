"""Colour as a second pass over plain words: a `Style` paints or leaves alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from rulewright_schema.diagnostics import Level

__all__ = ["LEVEL_COLOURS", "PLAIN", "Style", "printable", "style_for"]

CODES = {"bold": "1", "red": "1;31", "yellow": "1;33", "blue": "1;34", "cyan": "36", "green": "32", "dim": "2"}
LEVEL_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "cyan"}


@dataclass(frozen=True, slots=True)
class Style:
    """Paints text with the terminal's colours, or returns it as it is."""

    colour: bool = False

    def paint(self, name: str, text: str) -> str:
        return f"\x1b[{CODES[name]}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style()


def style_for(stream: TextIO, environ: Mapping[str, str] = os.environ) -> Style:
    """Colour where a person reads: `NO_COLOR` forbids it, `FORCE_COLOR` asks for it, else terminals have it."""
    if environ.get("NO_COLOR"):
        return Style(False)
    if environ.get("FORCE_COLOR"):
        return Style(True)
    return Style(stream.isatty() and environ.get("TERM") != "dumb")


def printable(text: str) -> str:
    """`text` on one line and without characters that steer a terminal: rules come from strangers."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    if char in "\t\n\r":
        return " "
    return f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{{{ord(char):x}}}"
