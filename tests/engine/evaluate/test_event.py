"""What an event's fields hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.evaluate.event import MAXIMUM_DEPTH, Event
from rulewright_engine.ir.expression import Field, FieldType
from rulewright_schema.errors import LimitExceeded
from support.paths import data_of

CASES = [
    (Field(group["field"], FieldType(group["type"])), case)
    for group in data_of("evaluate-fields.toml")["group"]
    for case in group["cases"]
]


@pytest.mark.parametrize(("field", "case"), CASES, ids=lambda part: str(part))
def test_values(field: Field, case: dict[str, Any]) -> None:
    values = Event(case["event"]).values(field)
    assert [(type(value), value) for value in values] == [(type(value), value) for value in case.get("values", [])]


def test_nulls_hold_nothing() -> None:
    event = Event({"a": None, "b": [None, "x", None], "c": {"d": None}})
    assert event.names() == ("b",)
    assert event.values(Field("b", FieldType.KEYWORD)) == ("x",)


_KEYS = st.sampled_from("abc")
DOCUMENTS = st.dictionaries(
    _KEYS, st.recursive(st.integers(0, 9), lambda inner: st.dictionaries(_KEYS, inner, min_size=1), max_leaves=8)
)


def _leaves(document: dict[str, Any], prefix: str = "") -> dict[str, int]:
    found: dict[str, int] = {}
    for key, value in document.items():
        found |= _leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_every_spelling_of_a_document_holds_the_same(document: dict[str, Any], random: Any) -> None:
    leaves = _leaves(document)

    def respelled(part: dict[str, Any]) -> dict[str, Any]:
        """Some nested objects written with dotted keys instead, some values as arrays of one."""
        result: dict[str, Any] = {}
        for key, value in part.items():
            inner = respelled(value) if isinstance(value, dict) else value
            if isinstance(inner, dict) and random.random() < 0.5:
                result |= {f"{key}.{name}": item for name, item in inner.items()}
            else:
                result[key] = [inner] if random.random() < 0.3 else inner
        return result

    event = Event(respelled(document))
    assert set(event.names()) == set(leaves)
    for name, value in leaves.items():
        assert event.values(Field(name, FieldType.LONG)) == (value,)


def test_objects_at_a_path_are_events_of_their_own() -> None:
    event = Event({"a": [{"b.c": [{"d": 1}, {"d": 2}]}, {"b": {"c": {"d": 3}}}], "a.b.c.d": 4})
    parts = [part.values(Field("a.b.c.d", FieldType.LONG)) for part in event.objects("a.b.c")]
    assert parts == [(1,), (2,), (3,)]
    assert list(event.objects("a.b.c.d")) == []


def test_depth_is_bounded() -> None:
    document: Any = 1
    for _ in range(MAXIMUM_DEPTH):
        document = {"a": document}
    assert len(Event(document).names()) == 1
    for _ in range(100_000):
        document = [document]
    with pytest.raises(LimitExceeded, match="nests deeper"):
        Event({"x": document}).names()
