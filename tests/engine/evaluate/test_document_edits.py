"""Fields of documents by their dotted names."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.evaluate.document_edits import with_field, with_fields, with_fields_of
from rulewright_engine.evaluate.event import Event

NAMES = ("a", "a.b", "a.b.c", "d")
VALUES = st.none() | st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=2)
DOCUMENTS = st.recursive(
    VALUES,
    lambda below: st.dictionaries(st.sampled_from(["a", "b", "c", "a.b", "b.c", "d"]), below | st.lists(below)),
    max_leaves=8,
).filter(lambda value: isinstance(value, dict))


@pytest.mark.parametrize(
    ("document", "name", "value", "edited"),
    [
        ({}, "a.b.c", 1, {"a": {"b": {"c": 1}}}),
        ({"a": {"b": 1}, "c": 2}, "a.b", 3, {"a": {"b": 3}, "c": 2}),
        ({"a.b": 1, "c": 2}, "a.b", 3, {"a.b": 3, "c": 2}),
        ({"a": {"x": 1}}, "a.b", 3, {"a": {"x": 1, "b": 3}}),
        ({"a.b": {"x": 1}}, "a.b.c", 3, {"a.b": {"x": 1, "c": 3}}),
        ({"a": 1}, "a.b", 3, {"a": 1, "a.b": 3}),
        ({"a": {"b": 1}, "a.b": 2}, "a.b", 3, {"a": {"b": 3}}),
        ({"a": [{"b": 1, "x": 1}, {"b": 2}]}, "a.b", 3, {"a": [{"x": 1}, {}], "a.b": 3}),
        ({"a": {"b": 1}}, "a.b", None, {"a": {}}),
        ({"a": None, "b": [], "c": 1}, "c", None, {"a": None, "b": []}),
    ],
)
def test_one_field(document: dict[str, Any], name: str, value: Any, edited: dict[str, Any]) -> None:
    before = repr(document)
    found = with_field(document, name, value)
    assert (found, list(found)) == (edited, list(edited))
    assert repr(document) == before


def test_several_fields_each_keep_their_places() -> None:
    document = {"a": {"b": 1, "c": 2}, "d": 3}
    assert with_fields(document, {"d": 4, "a.c": None, "a.b": 5, "e.f": 6}) == {"a": {"b": 5}, "d": 4, "e": {"f": 6}}


def test_fields_of_another_event() -> None:
    event = Event({"a": [1, 2], "b": {"c": 3}})
    assert with_fields_of({"b.c": 0, "d": 4}, event, ["a", "b.c", "d"]) == {"b.c": 3, "a": [1, 2]}


@given(DOCUMENTS, st.sampled_from(NAMES), st.none() | st.integers(4, 9))
def test_an_edited_field_holds_the_value_and_the_others_stay(
    document: dict[str, Any], name: str, value: int | None
) -> None:
    before, after = Event(document), Event(with_field(document, name, value))
    assert after.raw(name) == ([] if value is None else [value])
    others = {
        other for other in (*before.names(), *after.names()) if other != name and not other.startswith(f"{name}.")
    }
    assert {other: after.raw(other) for other in others} == {other: before.raw(other) for other in others}
