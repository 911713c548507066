"""The options of MATCH, MATCH_PHRASE, QSTR and KQL: one registry, and reading what a query gives them.

An option that no single event decides is refused by name, and one that changes no answer is noted; a name or value
that Elasticsearch rejects is an error.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import Expression, Literal, MapLiteral
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.search_options import Fuzziness, MinimumMatch
from rulewright_engine.values.dates import parse_zone
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.similar import nearest_of

__all__ = ["OPTIONS", "OPTIONS_SINCE", "SINCE", "Option", "read_options"]


@dataclass(frozen=True, slots=True)
class Option:
    """`read` gives what a value means, None where it is no such value as `expects` says.

    `refused`: why it cannot be run offline. `idle`: why it decides no match.
    """

    expects: str
    read: Callable[[Scalar], Any]
    refused: str = ""
    idle: str = ""


def read_options(function: str, given: MapLiteral, report: Callable[[Diagnostic], None]) -> dict[str, Any] | None:
    """The values of the options that count, by name; None where the function cannot be run with what is given."""
    values: dict[str, Any] = {}
    for (name, value), span in zip(given.items, given.keys, strict=True):
        option = OPTIONS[function].get(name)
        if option is None:
            nearest = nearest_of(name, OPTIONS[function])
            report(problems.unknown_option(span, name, function, nearest, OPTIONS[function], OPTIONS_SINCE[function]))
        elif name in values:
            report(problems.bad_constant(span, f"`{name}` is given twice", help="remove one of them"))
        elif (found := _read(option, value)) is None:
            report(problems.wrong_option(value.span, name, option.expects))
        elif option.refused:
            report(problems.unsupported(span, f"`{function}` with `{name}`", option.refused, help="remove the option"))
        else:
            if option.idle:
                report(problems.idle_option(span, name, option.idle))
            values[name] = found
    is_sound = len(values) == len(given.items)
    return values if is_sound else None


def _read(option: Option, value: Expression) -> Any:
    return option.read(value.value) if isinstance(value, Literal) and value.value is not None else None


# Values: Elasticsearch reads all of them from their text, so that `"2"` is a number and `1` a fuzziness


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _whole(least: int) -> Callable[[Scalar], int | None]:
    def read(value: Scalar) -> int | None:
        text = _text(value)
        return int(text) if re.fullmatch(r"\+?\d{1,9}", text, re.ASCII) and int(text) >= least else None

    return read


def _number(value: Scalar) -> float | None:
    return float(_text(value)) if re.fullmatch(r"\+?(\d+\.?\d*|\.\d+)", _text(value), re.ASCII) else None


def _one_of(words: dict[str, bool]) -> Callable[[Scalar], bool | None]:
    return lambda value: words.get(_text(value).lower())


_truth = _one_of({"true": True, "false": False})

# The registry. Source: the maps of allowed options in Elasticsearch's functions

_TRUE_OR_FALSE = "`true` or `false`"
_COUNT = "a whole number from 0"
_EDITS = '0, 1, 2, `"AUTO"` or `"AUTO:3,6"`'
_MINIMUM = 'a number of words such as `2`, `-1`, `"75%"` or `"2<75%"`'
_NO_SCORE = "it changes scores, and a rule has none"
_ANALYSIS = "words are found as the standard analyzer finds them"
_SYNONYMS = "the standard analyzer has no synonyms"
_LOOKUP = "it is about how terms are looked up in an index"


def _fuzzy(prefix: str = "") -> dict[str, Option]:
    """All terms are tried here: how many an index tries (50, or `max_expansions`) no single event tells."""
    return {
        "fuzziness": Option(_EDITS, lambda value: Fuzziness.parse(_text(value))),
        f"{prefix}prefix_length": Option(_COUNT, _whole(0)),
        f"{prefix}max_expansions": Option("a whole number from 1", _whole(1)),
        "fuzzy_transpositions": Option(_TRUE_OR_FALSE, _truth),
    }


def _of_words(operator: str) -> dict[str, Option]:
    return {
        operator: Option('`"AND"` or `"OR"`', _one_of({"and": True, "or": False})),
        "minimum_should_match": Option(_MINIMUM, lambda value: MinimumMatch.parse(_text(value))),
        "lenient": Option(_TRUE_OR_FALSE, _truth),
        "auto_generate_synonyms_phrase_query": Option(_TRUE_OR_FALSE, _truth, refused=_SYNONYMS),
    }


_BOOST = {"boost": Option("a number", _number, idle=_NO_SCORE)}
_ANALYZER = {"analyzer": Option("the name of an analyzer", _text, refused=_ANALYSIS)}
_NO_WORDS = {"zero_terms_query": Option('`"none"` or `"all"`', _one_of({"none": False, "all": True}))}
_OF_TEXT = {
    "default_field": Option("the name of a field, which may hold `*`", lambda value: _text(value) or None),
    "time_zone": Option("an offset or a name", lambda value: parse_zone(_text(value))),
}

OPTIONS: dict[str, dict[str, Option]] = {
    "match": {
        **_ANALYZER,
        **_BOOST,
        **_fuzzy(),
        **_of_words("operator"),
        **_NO_WORDS,
        "fuzzy_rewrite": Option("the name of a method", _text, refused=_LOOKUP),
    },
    "match_phrase": {**_ANALYZER, **_BOOST, **_NO_WORDS, "slop": Option(_COUNT, _whole(0))},
    "qstr": {
        **_ANALYZER,
        **_BOOST,
        **_fuzzy("fuzzy_"),
        **_of_words("default_operator"),
        **_OF_TEXT,
        "phrase_slop": Option(_COUNT, _whole(0)),
        "allow_leading_wildcard": Option(_TRUE_OR_FALSE, _truth, refused=_LOOKUP),
        "analyze_wildcard": Option(_TRUE_OR_FALSE, _truth, refused=_ANALYSIS),
        "enable_position_increments": Option(_TRUE_OR_FALSE, _truth, refused=_ANALYSIS),
        "max_determinized_states": Option(_COUNT, _whole(0), refused=_LOOKUP),
        "quote_analyzer": Option("the name of an analyzer", _text, refused=_ANALYSIS),
        "quote_field_suffix": Option("the end of a field's name", _text, refused=_ANALYSIS),
        "rewrite": Option("the name of a method", _text, refused=_LOOKUP),
    },
    "kql": {**_BOOST, **_OF_TEXT, "case_insensitive": Option(_TRUE_OR_FALSE, _truth)},
}
"""Function -> its options by name."""

SINCE = {"match": "8.17", "qstr": "8.17", "kql": "9.0", "match_phrase": "9.1"}
"""Function -> the stack version that it came with."""
OPTIONS_SINCE = {"match": "9.0", "match_phrase": "9.1", "qstr": "9.1", "kql": "9.3"}
"""Function -> the stack version from which on it takes options."""
