"""The fields that a rule needs: those that its query names, with the types that a schema gives them."""

import re
from collections.abc import Iterator
from functools import cache

from rulewright_engine.ir.expression import Field, fields_of, leaves_of
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import (
    AnyQuery,
    EventQuery,
    Sample,
    Sequence,
    Stage,
)
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
    written = set(_NAME.findall(query.text.replace("`", "")))
    return sorted({field.name for stage in _stages(query.parsed.query) for field in _fields(stage)} & written)


def _fields(stage: Stage) -> Iterator[Field]:
    for leaf in leaves_of(stage.condition):
        yield from fields_of(leaf.value)
    for key in stage.keys:
        yield from fields_of(key)


def _stages(query: AnyQuery | None) -> tuple[Stage, ...]:
    match query:
        case EventQuery(condition):
            return (Stage(condition, ()),)
        case Sequence(stages, until=until):
            return (*stages, until) if until else stages
        case Sample(stages):
            return stages
        case _:
            return ()


@cache
def _catalogue() -> CatalogueFields:
    return CatalogueFields()
