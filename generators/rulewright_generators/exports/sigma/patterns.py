"""Texts in Sigma: wildcards and their escapes, and regular expressions in the subset that back ends share."""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

from rulewright_engine.values.case_folding import case_variants
from rulewright_engine.values.patterns.characters import ANY, CharacterSet
from rulewright_engine.values.patterns.glob import Wild
from rulewright_engine.values.patterns.lucene import RegexError, parse_regex
from rulewright_engine.values.patterns.nodes import (
    Alternation,
    Characters,
    Complement,
    Concatenation,
    Intersection,
    Node,
    Repetition,
)

__all__ = ["Parts", "as_globs", "as_regex", "escaped", "has_case", "shape_of", "without_ends"]

Parts = tuple[str | Wild, ...]
"""Literal texts and wildcards in a row, as in `MatchesGlob`."""

_MAX_GLOBS = 32
"""Patterns with wildcards that stand for one regular expression."""
_SPECIAL = frozenset(".^$*+?{}[]|()\\/")


def has_case(parts: Parts) -> bool:
    """Whether ignoring case could make a difference."""
    return any(part.lower() != part.upper() for part in parts if not isinstance(part, Wild))


def shape_of(parts: Parts) -> str | None:
    """The modifier that says where the wildcards are: `contains`, `startswith`, `endswith`, or empty for none.

    None when wildcards stand elsewhere; an empty text has no modifier.
    """
    kinds = tuple(part if isinstance(part, Wild) else "text" for part in parts)
    match kinds:
        case () | ("text",):
            return ""
        case (Wild.ANY, "text", Wild.ANY):
            return "contains"
        case ("text", Wild.ANY):
            return "startswith"
        case (Wild.ANY, "text"):
            return "endswith"
        case _:
            return None


def without_ends(parts: Parts) -> Parts:
    """The text alone, for use under the modifier that `shape_of` found."""
    return tuple(part for part in parts if not isinstance(part, Wild))


def escaped(parts: Parts) -> str:
    """The text as a Sigma value: wildcards stand bare, the same characters of the text behind a backslash."""
    merged = [part for i, part in enumerate(parts) if part is not Wild.ANY or i == 0 or parts[i - 1] is not Wild.ANY]
    written: list[str] = []
    for i, part in enumerate(merged):
        followed = i + 1 < len(merged)
        written.append(part.value if isinstance(part, Wild) else _escaped_text(part, before_wildcard=followed))
    return "".join(written)


def _escaped_text(text: str, *, before_wildcard: bool) -> str:
    """A lone backslash before an ordinary character stands for itself; before anything else it is doubled."""
    written = ""
    position = 0
    while position < len(text):
        run = len(text) - position - len(text[position:].lstrip("\\"))
        position += run
        following = text[position : position + 1]
        special = following in ("*", "?") or (not following and before_wildcard)
        written += "\\" * (run if run == 1 and not special else 2 * run)
        if following:
            written += f"\\{following}" if following in ("*", "?") else following
            position += 1
    return written


# Regular expressions


def as_globs(pattern: str) -> list[Parts] | None:
    """Texts with wildcards that mean the same as a regular expression in Lucene's dialect, when there are such."""
    node = parse_regex(pattern)
    return None if isinstance(node, RegexError) else _globs(node)


def _globs(node: Node) -> list[Parts] | None:
    match node:
        case Characters(set) if set == ANY:
            return [(Wild.ONE,)]
        case Characters(((first, last),)) if first == last:
            return [(chr(first),)]
        case Concatenation(parts):
            empty: list[Parts] | None = [()]
            return reduce(_product, map(_globs, parts), empty)
        case Alternation(branches):
            choices = [_globs(branch) for branch in branches]
            return None if None in choices else _limited([parts for choice in choices for parts in choice or ()])
        case Repetition(Characters(set), least, None) if set == ANY and least < 2:
            return [(Wild.ONE,) * least + (Wild.ANY,)]
        case Repetition(child, 0, 1):
            choice = _globs(child)
            return None if choice is None else _limited([(), *choice])
        case _:
            return None


def _product(left: list[Parts] | None, right: list[Parts] | None) -> list[Parts] | None:
    if left is None or right is None or len(left) * len(right) > _MAX_GLOBS:
        return None
    return [_joined(a, b) for a in left for b in right]


def _joined(left: Parts, right: Parts) -> Parts:
    if left and right and not isinstance(left[-1], Wild) and not isinstance(right[0], Wild):
        return (*left[:-1], left[-1] + right[0], *right[1:])
    return left + right


def _limited(globs: list[Parts]) -> list[Parts] | None:
    return list(dict.fromkeys(globs)) if len(globs) <= _MAX_GLOBS else None


def as_regex(pattern: str, *, insensitive: bool) -> tuple[str, bool] | None:
    """The anchored expression and whether it needs the modifier `i`; None where Sigma's subset cannot say it."""
    node = parse_regex(pattern, insensitive=insensitive)
    if isinstance(node, RegexError):
        return None
    if insensitive and _is_case_closed(node):
        node, modified = parse_regex(pattern), True
    else:
        modified = False
    text = None if isinstance(node, RegexError) else _regex(node)
    return None if text is None else (f"^(?:{text})$", modified)


def _is_case_closed(node: Node) -> bool:
    """Whether every set of characters holds the case variants of its members, as `i` would have it."""
    match node:
        case Characters(set):
            return all(
                any(low <= ord(variant) <= high for low, high in set)
                for first, last in set
                if last - first < 128
                for code in range(first, last + 1)
                for variant in case_variants(chr(code))
            )
        case Concatenation(nodes) | Alternation(nodes) | Intersection(nodes):
            return all(map(_is_case_closed, nodes))
        case Complement(child) | Repetition(child):
            return _is_case_closed(child)


def _regex(node: Node) -> str | None:
    match node:
        case Characters(set):
            return _set(set)
        case Concatenation(parts):
            return _written([_grouped(part) if isinstance(part, Alternation) else _regex(part) for part in parts], "")
        case Alternation(branches):
            return _written([_regex(branch) for branch in branches], "|")
        case Repetition(child, least, most):
            inner = _grouped(child) if not isinstance(child, Characters) else _regex(child)
            return None if inner is None else inner + _bounds(least, most)
        case _:
            return None


def _written(parts: Sequence[str | None], separator: str) -> str | None:
    written = [part for part in parts if part is not None]
    return separator.join(written) if len(written) == len(parts) else None


def _grouped(node: Node) -> str | None:
    inner = _regex(node)
    return None if inner is None else f"(?:{inner})"


def _bounds(least: int, most: int | None) -> str:
    match least, most:
        case 0, 1:
            return "?"
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case _, None:
            return f"{{{least},}}"
        case _:
            return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _set(characters: CharacterSet) -> str | None:
    """A character, a class or a negated class; `.` for any (a line end, which Lucene's takes, is not in Sigma's)."""
    if not characters:
        return None
    if characters == ANY:
        return "."
    if len(characters) == 1 and characters[0][0] == characters[0][1]:
        return _character(characters[0][0], _SPECIAL)
    negated = characters[-1][1] == ANY[0][1] and characters[0][0] == 0
    if negated:
        characters = tuple((a[1] + 1, b[0] - 1) for a, b in pairwise(characters))
    members = "".join(_range(first, last) for first, last in characters)
    return f"[{'^' if negated else ''}{members}]"


def _range(first: int, last: int) -> str:
    special = frozenset("]^-[\\")
    ends = _character(first, special), _character(last, special)
    return ends[0] if first == last else f"{ends[0]}{'-' if last > first + 1 else ''}{ends[1]}"


def _character(code: int, special: frozenset[str]) -> str:
    known = {9: "\\t", 10: "\\n", 13: "\\r"}
    return known.get(code) or (f"\\{chr(code)}" if chr(code) in special else chr(code))
