"""Reads KQL over a mapping, and asks it of single documents."""

from collections.abc import Mapping
from typing import Any

from rulewright_engine.evaluate import Check, compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.event_types import types_of_events
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import EventQuery, Language, Parsed
from rulewright_engine.languages.parse import parse_query


def read(text: str, mapping: Mapping[str, str]) -> Parsed:
    return parse_query(Language.KQL, text, MappingFields(mapping))


def matches(text: str, document: Mapping[str, Any], mapping: Mapping[str, str] | None = None) -> bool:
    """Whether the document meets the query; types come from the mapping, else from the document."""
    event = Event(document)
    return checked(text, mapping or types_of_events([event]))(event)


def checked(text: str, mapping: Mapping[str, str]) -> Check:
    parsed = read(text, mapping)
    assert isinstance(parsed.query, EventQuery), parsed.diagnostics
    return compile_condition(parsed.query.condition)
