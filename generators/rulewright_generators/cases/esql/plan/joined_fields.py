"""Columns of joined rows as fields of the events, by names that no field has: so whoever makes events makes both."""

from dataclasses import replace

from rulewright_engine.esql.analysis.plan import Column, JoinStep

__all__ = ["joined_fields"]


def joined_fields(step: JoinStep) -> tuple[Column, ...]:
    """The columns that a step joins, as fields of the events: `assets: owner`."""
    found = []
    for column, info in step.table.columns.values():
        name = f"{step.table.label}: {info.name}"
        found.append(Column(name, column.type, column.slot, replace(info, name=name)))
    return tuple(found)
