"""The text functions of EQL (semantics B1). Arguments are never null unless the signature says so."""

from collections.abc import Callable
from functools import lru_cache

from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns import compile_glob, compile_regex, parse_glob

__all__ = [
    "between",
    "concat",
    "ends_with",
    "ignoring_case",
    "index_of",
    "length",
    "like",
    "regex",
    "starts_with",
    "string",
    "string_contains",
    "substring",
]

# Each takes the searched text first; `fold` is identity or case folding and keeps the length of a text.


def starts_with(text: str, prefix: str) -> bool:
    return text.startswith(prefix)


def ends_with(text: str, suffix: str) -> bool:
    return text.endswith(suffix)


def string_contains(text: str, part: str) -> bool:
    """False for an empty part, as documented."""
    return part != "" and part in text


def index_of(text: str, part: str, start: int | None = None) -> int | None:
    """0-based; null when not found. A null or negative start is 0."""
    found = text.find(part, max(start or 0, 0))
    return None if found < 0 else found


def ignoring_case(function: Callable[..., object]) -> Callable[..., object]:
    """The same function of the folded texts, for functions that return no part of them."""

    def folded(text: str, part: str, *rest: object) -> object:
        return function(fold_case(text), fold_case(part), *rest)

    return folded


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


def like(text: str, pattern: str, *, insensitive: bool = False) -> bool:
    """`*` and `?` are wildcards, nothing is escaped."""
    return _glob(pattern, insensitive)(text)


def regex(text: str, pattern: str, *, insensitive: bool = False) -> bool:
    """The whole text, in Lucene's dialect."""
    return compile_regex(pattern, insensitive)(text)


def length(text: str) -> int:
    """In characters (code points)."""
    return len(text)


def substring(text: str, start: int | None, end: int | None = None) -> str:
    """`end` is exclusive, a negative bound counts from the end, a null bound is open, bounds are clipped."""
    return text[start:end]


def string(value: str | float | bool) -> str:
    """`true`, `false`, the text, or the number as Java writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _double_text(value) if isinstance(value, float) else str(value)


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
