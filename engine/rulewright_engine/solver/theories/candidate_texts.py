"""Texts that are likely to meet tests, to try before any search: they are also the ones that read best."""

from collections.abc import Callable, Iterator, Sequence

from rulewright_engine.ir.expression import Between, Compare, Comparison, Equals, MatchesFuzzy, MatchesGlob, Test
from rulewright_engine.solver.theories.typos import typos
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["Fill", "combined", "instances"]

Fill = Callable[[str, str], str]
"""The text that a `*` ordinarily stands for, given the literal texts around it."""

SEPARATORS = ("", " ", "x")


def instances(test: Test, fill: Fill) -> list[str]:
    """Texts that pass `test` alone; none where only a search finds one."""
    match test:
        case Equals(str(text), insensitive):
            return [text, text.swapcase()] if insensitive else [text]
        case MatchesGlob(parts):
            return list(dict.fromkeys(_instances(parts, fill)))
        case MatchesFuzzy():
            return list(dict.fromkeys(typos(test)))
        case Between(Compare(bound=str(low)), Compare(bound=str(high))):
            return [low, high, low + "0"]
        case Compare(Comparison.LESS | Comparison.LESS_EQUAL, str(bound)):
            return [bound, bound[:-1], ""]
        case Compare(_, str(bound)):
            return [bound, bound + "0"]
        case _:
            return []


def _instances(parts: Sequence[str | Wild], fill: Fill) -> Iterator[str]:
    following = _following(parts)
    for star in (fill, _letter, _nothing):
        text = ""
        for index, part in enumerate(parts):
            match part:
                case Wild.ANY:
                    text += star(text, following[index])
                case Wild.ONE:
                    text += _one(_literal_at(parts, index + 1))
                case _:
                    text += part
        yield text


def _following(parts: Sequence[str | Wild]) -> list[str]:
    """For each part the next literal text behind it."""
    following = [""]
    for part in reversed(parts[1:]):
        following.append(following[-1] if isinstance(part, Wild) else part)
    return following[::-1]


def _literal_at(parts: Sequence[str | Wild], index: int) -> str:
    part = parts[index] if index < len(parts) else ""
    return "" if isinstance(part, Wild) else part


def _nothing(before: str, after: str) -> str:
    return ""


def _letter(before: str, after: str) -> str:
    return "x"


def _one(after: str) -> str:
    """What a `?` stands for: before a colon it is a drive."""
    return "C" if after.startswith(":") else "x"


def combined(globs: Sequence[MatchesGlob], fill: Fill) -> Iterator[str]:
    """Texts that may match all of `globs`: their fixed starts, what each wants somewhere, their fixed ends."""
    starts, middles, ends = [""], [], [""]
    for glob in globs:
        segments = _segments(glob.parts)
        starts.append(segments[0])
        middles += [segment for segment in segments[1:-1] if segment]
        if len(segments) > 1:
            ends.append(segments[-1])
    start, end = max(starts, key=len), max(ends, key=len)
    distinct = dict.fromkeys(middles)
    together = "\0".join(distinct)
    kept = [middle for middle in distinct if together.count(middle) == 1]  # what stands in no other
    for separator in SEPARATORS:
        yield separator.join(filter(None, (start, *kept, end)))
        yield separator.join(filter(None, (start, *reversed(kept), end)))
    yield SEPARATORS[-1].join(filter(None, (start, *middles, end)))
    yield fill(start, "".join(kept)).join(filter(None, (start, *kept, end)))


def _segments(parts: Sequence[str | Wild]) -> list[str]:
    """The literal texts between the stars, with a letter for each `?`."""
    segments = [""]
    for index, part in enumerate(parts):
        if part is Wild.ANY:
            segments.append("")
        elif part is Wild.ONE:
            segments[-1] += _one(_literal_at(parts, index + 1))
        else:
            segments[-1] += part
    return segments
