"""The columns that `FROM` enumerates: fields that the events hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import FieldInfo, FieldTypes

__all__ = ["EventColumns"]


@dataclass(frozen=True, slots=True)
class EventColumns:
    """The types of `fields`; as columns to enumerate, only what the events hold."""

    fields: FieldTypes
    names: tuple[str, ...]

    @classmethod
    def of(cls, fields: FieldTypes, events: Iterable[Event]) -> "EventColumns":
        names = {name for event in events for name in event.names()}
        return cls(fields, tuple(sorted(name for name in names if fields.lookup(name) is not None)))

    def lookup(self, name: str) -> FieldInfo | None:
        return self.fields.lookup(name)

    def nearest(self, name: str) -> str | None:
        return self.fields.nearest(name)

    def matching(self, pattern: str) -> tuple[str, ...]:
        return (
            self.names
            if pattern == "*"
            else tuple(name for name in self.fields.matching(pattern) if name in self.names)
        )
