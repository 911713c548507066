"""The fields that a rule needs: those that its query names, with the types that a schema gives them."""

import re
from collections.abc import Iterator
from functools import cache

from rulewright_engine.ir.expression import Field
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import Part
from rulewright_engine.rules.rule_query import RuleQuery

__all__ = ["named_fields", "required_fields"]

_NAME = re.compile(r"[@\w][\w./-]*(?:\*[\w./*-]*)?")
"""What could be the name of a field; one with `*` is taken whole, so that its start is not one."""


def required_fields(query: RuleQuery) -> list[dict[str, str]]:
    """`{name, type}` of each field that a query names, sorted; not of one whose type is only a guess."""
    known = _catalogue()
    infos = (known.lookup(name) for name in named_fields(query))
    return [{"name": info.name, "type": info.elasticsearch_type} for info in infos if info and not info.inferred]


def named_fields(query: RuleQuery) -> list[str]:
    """The names of fields that stand in the query, sorted; an event category and a name with `*` do not name any."""
    parts = query.parsed.query.parts if query.parsed.query else ()
    written = set(_NAME.findall(query.text.replace("`", "")))
    return sorted({field.alias or field.name for part in parts for field in _fields(part)} & written)


def _fields(part: Part) -> Iterator[Field]:
    yield from part.condition.fields()
    for key in part.keys:
        yield from key.fields()


@cache
def _catalogue() -> CatalogueFields:
    return CatalogueFields()
