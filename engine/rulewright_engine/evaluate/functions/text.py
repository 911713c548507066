"""The text functions of EQL (semantics B1). Arguments are never null unless the signature says so."""

from collections.abc import Callable
from functools import lru_cache, partial

from rulewright_engine.evaluate.functions.preimages import (
    affix,
    of_concat,
    of_index,
    of_length,
    of_string,
    of_substring,
)
from rulewright_engine.evaluate.functions.registry import AsTests, declare
from rulewright_engine.ir.expression import MatchesGlob, Scalar
from rulewright_engine.ir.operators import Operator
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns import compile_glob, compile_regex, parse_glob
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["string"]

# Each takes the searched text first; `fold` is identity or case folding and keeps the length of a text.


def ignoring_case(function: Callable[..., object]) -> Callable[..., object]:
    """The same function of the folded texts, for functions that return no part of them."""

    def folded(text: str, part: str, *rest: object) -> object:
        return function(fold_case(text), fold_case(part), *rest)

    return folded


def _with_flag(function: Callable[..., object]) -> Callable[..., object]:
    """Of a function that takes the flag itself."""
    return partial(function, insensitive=True)


def _as_glob(parts: Callable[[str], tuple[str | Wild, ...]]) -> AsTests:
    """What a test of a constant part asks, as a glob."""
    return lambda constants, insensitive: (affix(parts(str(constants[0])), insensitive),)


def _containing(constants: tuple[Scalar, ...], insensitive: bool) -> tuple[MatchesGlob, ...]:
    """No text contains the empty part, as documented."""
    part = str(constants[0])
    return (affix((Wild.ANY, part, Wild.ANY), insensitive),) if part else ()


_PART = "text: text, part: text -> boolean"
_PATTERN = "text: text, !pattern: text -> boolean"


@declare("startsWith", _PART, insensitive=ignoring_case, as_tests=_as_glob(lambda part: (part, Wild.ANY)))
def starts_with(text: str, prefix: str) -> bool:
    return text.startswith(prefix)


@declare("endsWith", _PART, insensitive=ignoring_case, as_tests=_as_glob(lambda part: (Wild.ANY, part)))
def ends_with(text: str, suffix: str) -> bool:
    return text.endswith(suffix)


@declare("stringContains", _PART, insensitive=ignoring_case, as_tests=_containing)
def string_contains(text: str, part: str) -> bool:
    """False for an empty part, as documented."""
    return part != "" and part in text


@declare(
    "indexOf",
    "text: text, part: text, start: integer|null? -> long",
    insensitive=ignoring_case,
    preimage=of_index,
)
def index_of(text: str, part: str, start: int | None = None) -> int | None:
    """0-based; null when not found. A null or negative start is 0."""
    if not _is_basic(text):
        return _index_in_units(text, part, max(start or 0, 0))
    found = text.find(part, max(start or 0, 0))
    return None if found < 0 else found


@declare("between", "text: text, left: text, right: text, greedy: boolean? -> keyword", insensitive=_with_flag)
def between(text: str, left: str, right: str, greedy: bool = False, *, insensitive: bool = False) -> str | None:
    """The text after the first `left`, up to the first (greedy: last) `right` behind it; null when not found."""
    searched = fold_case(text) if insensitive else text
    if insensitive:
        left, right = fold_case(left), fold_case(right)
    found = searched.find(left)
    if found < 0:
        return None
    start = found + len(left)
    end = searched.rfind(right, start) if greedy else searched.find(right, start)
    return None if end < 0 else text[start:end]


@lru_cache(maxsize=1024)
def _glob(pattern: str, insensitive: bool) -> Callable[[str], bool]:
    return compile_glob(parse_glob(pattern), insensitive)


@declare(Operator.LIKE, _PATTERN, named=False, insensitive=_with_flag)
def like(text: str, pattern: str, *, insensitive: bool = False) -> bool:
    """`*` and `?` are wildcards, nothing is escaped."""
    return _glob(pattern, insensitive)(text)


@declare(Operator.REGEX, _PATTERN, named=False, insensitive=_with_flag)
def regex(text: str, pattern: str, *, insensitive: bool = False) -> bool:
    """The whole text, in Lucene's dialect."""
    return compile_regex(pattern, insensitive)(text)


@declare("length", "text: text -> long", preimage=of_length)
def length(text: str) -> int:
    """In UTF-16 units, as Java counts: a character beyond the first 65,536 is two."""
    return len(text) if _is_basic(text) else len(_units(text)) // 2


@declare("substring", "text: text, start: integer|null, end: integer|null? -> keyword", preimage=of_substring)
def substring(text: str, start: int | None, end: int | None = None) -> str:
    """`end` is exclusive, a negative bound counts from the end, a null bound is open, bounds are clipped.

    Positions are those of UTF-16 units; a half of a character that is two stays as it is.
    """
    if _is_basic(text):
        return text[start:end]
    units = _units(text)
    first, last, _ = slice(start, end).indices(len(units) // 2)
    return units[2 * first : 2 * last].decode("utf-16-le", "surrogatepass")


def _is_basic(text: str) -> bool:
    """Whether each character is one UTF-16 unit."""
    return text.isascii() or max(text) <= "\uffff"


def _units(text: str) -> bytes:
    """Two bytes a UTF-16 unit."""
    return text.encode("utf-16-le", "surrogatepass")


def _index_in_units(text: str, part: str, start: int) -> int | None:
    units, wanted = _units(text), _units(part)
    found = units.find(wanted, 2 * start)
    while found > 0 and found % 2:  # between two units
        found = units.find(wanted, found + 1)
    return None if found < 0 else found // 2


@declare("string", "value: any -> keyword", preimage=of_string)
def string(value: str | float | bool) -> str:
    """`true`, `false`, the text, or the number as Java writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _double_text(value) if isinstance(value, float) else str(value)


@declare("concat", "value: any... -> keyword", preimage=of_concat)
def concat(*values: str | float | bool) -> str:
    return "".join(map(string, values))


def _double_text(number: float) -> str:
    """Java's `Double.toString`: plain from 10^-3 to 10^7, else a mantissa and `E`."""
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return repr(number)
    if number != number or abs(number) == float("inf"):
        return "NaN" if number != number else ("Infinity" if number > 0 else "-Infinity")
    mantissa, _, exponent = _shortest_scientific(number).partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"


def _shortest_scientific(number: float) -> str:
    """The fewest digits that read back as the same number, in scientific notation."""
    return next(text for digits in range(18) if float(text := f"{number:.{digits}e}") == number)
