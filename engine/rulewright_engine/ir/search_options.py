"""What a search may ask for beyond its text: the options of ES|QL's `QSTR`, `KQL` and `MATCH`.

The defaults are what Kibana sends: a KQL or Lucene query of a rule has no others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from math import comb

from rulewright_engine.ir.expression import And, Condition, Constant, Leaf, Or

__all__ = ["PLAIN_SEARCH", "Fuzziness", "MinimumMatch", "SearchOptions", "at_least"]

MAX_COMBINED_CONDITIONS = 1_000
"""Conditions that a minimum of several may become when it is written out."""

_NEVER = 2**31
_AUTO = re.compile(r"auto(?::(\d{1,9}),(\d{1,9}))?", re.IGNORECASE | re.ASCII)
_EDITS = re.compile(r"([012])(?:\.0*)?", re.ASCII)
_COUNT = r"[+-]?\d{1,9}%?"
_COUNTS = re.compile(rf"(?:{_COUNT}|\d{{1,9}} *< *{_COUNT}(?: +\d{{1,9}} *< *{_COUNT})*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fuzziness:
    """How many edits a term may be away, by its length: none below `low`, one below `high`, else two.

    >>> [Fuzziness.parse(text).edits("svchost.exe") for text in ("0", "1", "AUTO", "AUTO:5,20")]
    [0, 1, 2, 1]
    """

    low: int = 3
    high: int = 6

    @classmethod
    def parse(cls, text: str) -> "Fuzziness | None":
        """`AUTO`, `AUTO:low,high` or a number of edits; None where it is neither."""
        if auto := _AUTO.fullmatch(text):
            low, high = (int(auto[1]), int(auto[2])) if auto[1] else (cls().low, cls().high)
            return cls(low, high) if low <= high else None
        number = _EDITS.fullmatch(text)
        return {"0": cls(_NEVER, _NEVER), "1": cls(0, _NEVER), "2": cls(0, 0)}[number[1]] if number else None

    def edits(self, term: str) -> int:
        return (len(term) >= self.low) + (len(term) >= self.high)


@dataclass(frozen=True, slots=True)
class MinimumMatch:
    """How many of several optional clauses must hold: `2`, `-1`, `75%`, `-25%`, `2<75% 9<-3`.

    >>> [MinimumMatch(text).of(4) for text in ("2", "-1", "75%", "-30%", "3<50%", "5<1")]
    [2, 3, 3, 3, 2, 4]
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> "MinimumMatch | None":
        return cls(text) if _COUNTS.fullmatch(text.strip()) else None

    def of(self, clauses: int) -> int:
        """The number, which may be more than there are; behind `n<`, it is for more than n clauses."""
        if "<" not in self.text:
            return _count(self.text, clauses)
        wanted = clauses
        for limit, count in re.findall(rf"(\d+) *< *({_COUNT})", self.text):
            if clauses <= int(limit):
                break
            wanted = _count(count, clauses)
        return wanted


def _count(text: str, clauses: int) -> int:
    number = int(text.strip().removesuffix("%"))
    share = int(clauses * number / 100) if "%" in text else number
    return max(0, clauses + share if number < 0 else share)


def at_least(conditions: Sequence[Condition], count: int) -> Condition | None:
    """That so many of the conditions hold; None where that takes too many combinations."""
    if count > len(conditions):
        return Constant(False)
    if comb(len(conditions), count) * count > MAX_COMBINED_CONDITIONS:
        return None
    found = _some(tuple(conditions), count)
    is_told = isinstance(found, Or) and count > 1 and all(isinstance(each, Leaf) for each in conditions)
    return replace(found, minimum=count) if isinstance(found, Or) and is_told else found


def _some(conditions: tuple[Condition, ...], count: int) -> Condition:
    """With the first one and one fewer of the others, or without it."""
    if len(conditions) == 1:
        return conditions[0]
    if count == len(conditions):
        return And(conditions)
    if count == 1:
        return Or(conditions, listed=True)
    first, others = conditions[0], conditions[1:]
    return Or((And((first, _some(others, count - 1))), _some(others, count)))


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """`fuzziness`, `prefix_length` and `transpositions` are of fuzzy terms, `slop` is that of a phrase without its own.

    `all_words`: clauses without an operator, and the words of one value, are all required. `default_field` is where
    values without a field are looked for, and may hold `*`; empty: everywhere. `lenient`: a value that a field cannot
    hold finds nothing. `native`: KQL is read by Elasticsearch's own grammar, not by Kibana's.
    """

    all_words: bool = False
    minimum: MinimumMatch | None = None
    fuzziness: Fuzziness = Fuzziness()
    prefix_length: int = 0
    transpositions: bool = True
    slop: int = 0
    default_field: str = ""
    insensitive: bool = False
    lenient: bool = False
    time_zone: tzinfo = UTC
    native: bool = False


PLAIN_SEARCH = SearchOptions()
