"""What queries become, and the texts, wildcards and expressions in them."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sigma.types import SigmaString, SpecialChars

from rulewright_engine.ir.query import Language
from rulewright_engine.values.patterns import compile_glob, compile_regex
from rulewright_engine.values.patterns.glob import Wild
from rulewright_generators.exports.sigma import Profile
from rulewright_generators.exports.sigma.patterns import (
    as_globs,
    as_regex,
    escaped,
    shape_of,
    without_ends,
)
from support.paths import data_of
from support.rules import rule_with
from support.sigma import sigma_of

CASES = data_of("sigma-detections.toml")["detections"]


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_detection(case: dict[str, str], profile: Profile) -> None:
    export = sigma_of(rule_with(case["query"], Language(case.get("language", "eql"))), profile)
    assert export.text is not None, export.refusal
    expected = case["exact"] if profile is Profile.EXACT and "exact" in case else case["detection"]
    written = export.text.split("detection:\n")[1].split("\nlevel:")[0]
    assert [line[4:] for line in written.splitlines()] == expected.strip("\n").splitlines()
    assert yaml.safe_load(export.text)["detection"] == yaml.safe_load(expected)


parts = st.lists(st.one_of(st.text("ab*?\\%_", min_size=1), st.sampled_from(Wild)), max_size=6)


def _merged(pieces: list[str | Wild]) -> tuple[str | Wild, ...]:
    """No two texts and no two `*` are neighbours."""
    merged: list[str | Wild] = []
    for piece in pieces:
        if merged and not isinstance(piece, Wild) and not isinstance(merged[-1], Wild):
            merged[-1] += piece
        elif not (merged and piece is Wild.ANY and merged[-1] is Wild.ANY):
            merged.append(piece)
    return tuple(merged)


@given(parts.map(_merged))
def test_sigma_reads_the_parts_that_were_written(pieces: tuple[str | Wild, ...]) -> None:
    kinds = {SpecialChars.WILDCARD_MULTI: Wild.ANY, SpecialChars.WILDCARD_SINGLE: Wild.ONE}
    assert [kinds.get(part, part) for part in SigmaString(escaped(pieces)).s] == list(pieces)


@given(parts.map(_merged))
def test_a_modifier_says_the_same(pieces: tuple[str | Wild, ...]) -> None:
    shape = shape_of(pieces)
    text = "".join(without_ends(pieces)) if shape else ""
    rebuilt = {"contains": (Wild.ANY, text, Wild.ANY), "startswith": (text, Wild.ANY), "endswith": (Wild.ANY, text)}
    assert shape in (None, "") or rebuilt[shape] == pieces


expressions = st.recursive(
    st.sampled_from(["a", "B", ".", "[ab]", "[^a]", "[A-C]", r"\d", r"\.", '"a.b"', r"\w", "1"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("({0[0]}|{0[1]})".format),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}"])).map("({0[0]}){0[1]}".format),
    ),
    max_leaves=6,
)


@given(expressions, st.text("aAbBcC1.", max_size=6), st.booleans())
def test_regular_expressions_mean_the_same(pattern: str, text: str, insensitive: bool) -> None:
    import re

    expected = compile_regex(pattern, insensitive)(text)
    written = as_regex(pattern, insensitive=insensitive)
    assert written is not None
    assert (re.search(written[0], text, re.IGNORECASE if written[1] else 0) is not None) == expected
    globs = as_globs(pattern)
    if globs is not None:
        assert any(compile_glob(glob, insensitive)(text) for glob in globs) == expected


@pytest.mark.parametrize("pattern", ["a&b", "~a", "#", "("])
def test_expressions_that_sigma_cannot_say(pattern: str) -> None:
    assert as_regex(pattern, insensitive=False) is None and as_globs(pattern) is None
