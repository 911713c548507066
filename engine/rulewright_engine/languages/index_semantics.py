"""How an Elasticsearch index matches a value, by the type of the field: one table for KQL, Lucene and Query DSL.

| type of the field            | a value                              | wildcards           | range              |
| ---------------------------- | ------------------------------------ | ------------------- | ------------------ |
| keyword and its like         | the whole text, case counts          | the whole text      | by code point      |
| wildcard                     | the whole text, case counts          | the whole text      | by code point      |
| flattened, its root          | the whole text of any value below    | the whole text      | by code point      |
| text, match_only_text        | any token; a phrase: tokens in a row | one token           | one token          |
| long, double                 | the number; a fraction is no long    | none                | by size            |
| boolean                      | `true` or `false`                    | none                | none               |
| date                         | the stretch that it names (a day)    | none                | by time, date math |
| ip                           | the address, or any in the network   | none                | by number          |
| version                      | the text                             | the whole text      | by version         |

Source: semantics B2 and B3. Each function gives a `Test`, `NEVER` when the value fits the type and yet no document can
hold it, or None when the type cannot take the value: Elasticsearch rejects such a query.
"""

import re
from datetime import UTC, tzinfo

from rulewright_engine.ir.expression import (
    Between,
    Compare,
    Comparison,
    Constant,
    Equals,
    Exists,
    FieldType,
    InNetwork,
    MatchesFuzzy,
    MatchesGlob,
    MatchesText,
    MatchesToken,
    Test,
)
from rulewright_engine.ir.fields import FieldInfo
from rulewright_engine.ir.search_options import SearchOptions
from rulewright_engine.values import text_analyzer
from rulewright_engine.values.addresses import canonical_address, parse_network
from rulewright_engine.values.dates import bound, resolve
from rulewright_engine.values.patterns.glob import Wild

__all__ = [
    "NEVER",
    "expected_of",
    "merge_parts",
    "test_comparison",
    "test_fuzzy",
    "test_glob",
    "test_range",
    "test_value",
]

NEVER = Constant(False)

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MEANT_AS_DATE = re.compile(r"(?:19|20)\d\d|-?\d{11,}", re.ASCII)
_MAX_WHOLE_DIGITS = 25
"""Characters from which on a whole number is read as a float: no 64-bit field holds it."""
_TERMS = {FieldType.KEYWORD, FieldType.WILDCARD, FieldType.VERSION, FieldType.FLATTENED}

_EXPECTED = {
    FieldType.LONG: "a number",
    FieldType.DOUBLE: "a number",
    FieldType.BOOLEAN: "`true` or `false`",
    FieldType.DATE: "a date such as `2025-01-31`, or date math such as `now-30d`",
    FieldType.IP: "an address such as `10.1.2.3`, or a network such as `10.0.0.0/8`",
    FieldType.GEO: "`*`, which asks whether there is a place, or a comparison in ES|QL",
    FieldType.OBJECT: "one of the fields below it",
}


def expected_of(family: FieldType) -> str:
    """What a field of the type can hold, for the help of a diagnostic."""
    return _EXPECTED.get(family, "a text")


def test_value(
    text: str, family: FieldType, *, phrase: bool, now: int, slop: int = 0, zone: tzinfo = UTC
) -> Test | Constant | None:
    """A whole value; `phrase` where it is quoted, and then `slop` is how far its words may be moved."""
    match family:
        case FieldType.KEYWORD | FieldType.WILDCARD | FieldType.VERSION | FieldType.FLATTENED:
            return Equals(text)
        case FieldType.TEXT:
            tokens = text_analyzer.tokens(text)
            return MatchesText(tokens, phrase, slop if phrase and len(tokens) > 1 else 0) if tokens else NEVER
        case FieldType.LONG | FieldType.DOUBLE:
            number = _number(text)
            if number is None:
                return None
            value = _whole(number)
            return Equals(value) if family is FieldType.DOUBLE or isinstance(value, int) else NEVER
        case FieldType.BOOLEAN:
            return {"true": Equals(True), "false": Equals(False), "": Equals(False)}.get(text)
        case FieldType.IP:
            return _address(text)
        case FieldType.DATE:
            return _stretch(text, now, zone)
        case FieldType.GEO | FieldType.OBJECT | FieldType.NULL:
            return None


def test_fuzzy(term: str, info: FieldInfo, edits: int, options: SearchOptions) -> Test | None:
    """A term that may be so many edits away. On analysed text it is a token, which is lower case."""
    is_text = info.type is FieldType.TEXT
    if not is_text and (info.type not in _TERMS or info.elasticsearch_type == "flattened"):
        return None
    term = term.lower() if is_text else term
    if not edits:
        return MatchesText((term,), phrase=True) if is_text else Equals(term)
    test = MatchesFuzzy(term, edits, options.prefix_length, options.transpositions)
    return MatchesToken(test) if is_text else test


def test_glob(parts: tuple[str | Wild, ...], family: FieldType, *, insensitive: bool = False) -> Test | None:
    """A value with wildcards; `*` alone is any value."""
    parts = merge_parts(parts)
    if parts == (Wild.ANY,):
        return Exists()
    if family in _TERMS:
        return MatchesGlob(parts, insensitive)
    if family is FieldType.TEXT:
        lowered = tuple(part if isinstance(part, Wild) else part.lower() for part in parts)
        return MatchesToken(MatchesGlob(lowered))
    return None


def test_comparison(
    operator: Comparison, text: str, family: FieldType, *, now: int, zone: tzinfo = UTC
) -> Compare | MatchesToken | None:
    """One side of a range."""
    compare = _compare(operator, text, family, now, zone)
    return MatchesToken(compare) if compare and family is FieldType.TEXT else compare


def test_range(
    low: tuple[Comparison, str], high: tuple[Comparison, str], family: FieldType, *, now: int, zone: tzinfo = UTC
) -> Between | MatchesToken | None:
    """Both sides of a range, for one value."""
    above, below = _compare(*low, family, now, zone), _compare(*high, family, now, zone)
    if above is None or below is None:
        return None
    return MatchesToken(Between(above, below)) if family is FieldType.TEXT else Between(above, below)


def merge_parts(parts: tuple[str | Wild, ...]) -> tuple[str | Wild, ...]:
    """The same glob in the form of `MatchesGlob`: no two texts and no two `*` are neighbours."""
    merged: list[str | Wild] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Wild):
            if part is Wild.ONE or last is not Wild.ANY:
                merged.append(part)
        elif isinstance(last, Wild) or last is None:
            merged.append(part)
        else:
            merged[-1] = last + part
    return tuple(part for part in merged if part)


def _compare(operator: Comparison, text: str, family: FieldType, now: int, zone: tzinfo) -> Compare | None:
    limit: str | int | float | None
    match family:
        case FieldType.LONG | FieldType.DOUBLE:
            number = _number(text)
            limit = None if number is None else _whole(number)
        case FieldType.DATE:
            limit = bound(text, operator, now=now, zone=zone) if _is_date(text) else None
        case FieldType.IP:
            limit = canonical_address(text)
        case FieldType.BOOLEAN | FieldType.GEO | FieldType.OBJECT | FieldType.NULL:
            limit = None
        case _:
            limit = text
    return None if limit is None else Compare(operator, limit)


def _number(text: str) -> float | None:
    """The number that the text spells; as an integer where it is one, so that 64 bits stay exact."""
    if not _NUMBER.fullmatch(text):
        return None
    is_whole = len(text) < _MAX_WHOLE_DIGITS and text.lstrip("+-").isdigit()
    return int(text) if is_whole else float(text)


def _whole(number: float) -> int | float:
    return int(number) if number == number // 1 and abs(number) < 2**63 else number


def _address(text: str) -> Test | None:
    address = canonical_address(text)
    if address is not None:
        return Equals(address)
    return InNetwork(text) if "/" in text and parse_network(text) is not None else None


def _stretch(text: str, now: int, zone: tzinfo) -> Test | None:
    first = resolve(text, now=now, zone=zone) if _is_date(text) else None
    last = resolve(text, now=now, round_up=True, zone=zone)
    if first is None or last is None:
        return None
    if first == last:
        return Equals(first)
    return Between(Compare(Comparison.GREATER_EQUAL, first), Compare(Comparison.LESS_EQUAL, last))


def _is_date(text: str) -> bool:
    """Whether a bare number is meant as one: a year, or milliseconds since 1970 that are no slip for something else."""
    return not _NUMBER.fullmatch(text) or _MEANT_AS_DATE.fullmatch(text) is not None
