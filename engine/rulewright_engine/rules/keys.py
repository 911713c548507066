"""The fields by which a rule tells events apart: those of its joins, its groups and its comparisons."""

from collections.abc import Iterable, Iterator

from rulewright_engine.ir.expression import And, Condition, Exists, Field, Leaf, Or
from rulewright_engine.ir.query import EventQuery, Sample, Sequence
from rulewright_engine.rules.compiled_rule import CompiledRule
from rulewright_engine.rules.groups import key_fields
from rulewright_engine.rules.types import type_of

__all__ = ["discriminating_fields", "key_fields_of", "key_presence_condition"]


def key_fields_of(compiled: CompiledRule, number: int) -> tuple[Field, ...]:
    """Key fields of one part of the query: an event that lacks one of them cannot contribute to an alert.

    Where one of several sets of fields will do, no single field is needed.
    """
    alternatives = _alternatives(compiled, number)
    return alternatives[0] if len(alternatives) == 1 else ()


def key_presence_condition(compiled: CompiledRule, number: int) -> Condition:
    """That an event has the keys without which it cannot contribute to an alert."""
    present = [_present(fields) for fields in _alternatives(compiled, number)]
    return present[0] if len(present) == 1 else Or(tuple(present))


def discriminating_fields(compiled: CompiledRule) -> Iterator[str]:
    """The names of all fields by which a rule joins events or tells them apart, those of indicators included."""
    if isinstance(compiled.query, Sequence | Sample):
        keys = (key for stage in compiled.query.stages for key in stage.keys)
        yield from (field.name for key in keys for field in key.fields())
    rule = compiled.rule
    yield from type_of(rule).discriminating_fields(rule)
    if rule.alert_suppression is not None:
        yield from rule.alert_suppression.group_by


def _alternatives(compiled: CompiledRule, number: int) -> list[tuple[Field, ...]]:
    match compiled.query:
        case EventQuery():
            named = type_of(compiled.rule).key_alternatives(compiled.rule)
            return [key_fields(list(dict.fromkeys(names)), compiled.fields) for names in named]
        case Sequence() | Sample() as query:
            return [query.parts[number].required_keys]
        case _:
            return [()]


def _present(fields: Iterable[Field]) -> Condition:
    return And(tuple(Leaf(field, Exists(), field.name) for field in fields))
