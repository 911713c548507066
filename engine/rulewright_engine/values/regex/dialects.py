"""What Java and Oniguruma mean by flags, escapes and anchors."""

from dataclasses import dataclass

from rulewright_engine.values.patterns.characters import (
    DIGIT,
    WORD,
    CharacterSet,
    complement,
    of,
)
from rulewright_engine.values.regex.classes import (
    HEX,
    HORIZONTAL_SPACE,
    JAVA_SPACE,
    VERTICAL_SPACE,
)
from rulewright_engine.values.regex.syntax import Where

__all__ = ["JAVA", "ONIGURUMA", "Dialect", "Flags"]


@dataclass(frozen=True, slots=True)
class Flags:
    ignore_case: bool = False
    unicode_case: bool = False
    multiline: bool = False
    dotall: bool = False
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """`flags` maps a flag letter to the fields of `Flags` it sets; `escapes` a letter to a set of characters."""

    name: str
    newlines: CharacterSet
    boundary: CharacterSet
    flags: dict[str, str]
    escapes: dict[str, CharacterSet]
    literals: dict[str, str]
    start: Flags
    line_start: Where


_COMMON = {
    "d": DIGIT,
    "D": complement(DIGIT),
    "w": WORD,
    "W": complement(WORD),
    "s": JAVA_SPACE,
    "S": complement(JAVA_SPACE),
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}

JAVA = Dialect(
    name="Java",
    newlines=of("\n\r\x85\u2028\u2029"),
    boundary=WORD,
    flags={"i": "ignore_case", "u": "unicode_case", "m": "multiline", "s": "dotall", "x": "extended"},
    escapes={
        **_COMMON,
        "h": HORIZONTAL_SPACE,
        "H": complement(HORIZONTAL_SPACE),
        "v": VERTICAL_SPACE,
        "V": complement(VERTICAL_SPACE),
    },
    literals=_CONTROLS,
    start=Flags(),
    line_start=Where.LINE_START_IN_TEXT,
)

ONIGURUMA = Dialect(
    name="Oniguruma",
    newlines=of("\n"),
    boundary=(),  # Unicode's word characters, found when first needed
    flags={"i": "ignore_case", "m": "dotall", "x": "extended"},
    escapes={**_COMMON, "h": HEX, "H": complement(HEX)},
    literals={**_CONTROLS, "v": "\v"},
    start=Flags(unicode_case=True, multiline=True),
    line_start=Where.LINE_START,
)
