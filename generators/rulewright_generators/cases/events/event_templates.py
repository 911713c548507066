"""Events that stand together in one case: each meets its own condition, and all have the same values in some fields."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Condition,
    Equals,
    Exists,
    Field,
    FieldType,
    Leaf,
    Not,
    Scalar,
)
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import BudgetExceeded
from rulewright_generators.cases.events.documents import Document
from rulewright_generators.cases.events.event_writer import EventWriter, setting_of, writer_of
from rulewright_generators.cases.events.profiles import Setting
from rulewright_generators.cases.events.values import another

__all__ = ["EventTemplate", "KeyValues", "demand", "shared_key"]

KeyValues = tuple[Scalar, ...]
"""Values of the fields that join events; None: the field is missing."""


SIBLINGS = {
    "host.id": ("host.name", "host.hostname", "agent.id"),
    "host.name": ("host.id", "host.hostname", "agent.id"),
    "user.id": ("user.name",),
    "user.name": ("user.id",),
}
"""Fields that say the same thing: where one has another value, so have the others."""


class EventTemplate:
    """Makes events that meet `condition`, with given values in `keys`; where possible they meet none of `apart`."""

    def __init__(
        self,
        condition: Condition,
        keys: Sequence[Field],
        compiled: CompiledRule,
        *,
        apart: Sequence[Condition] = (),
    ) -> None:
        self.condition = condition
        self.keys = tuple(keys)
        self._compiled = compiled
        self._setting = setting_of(compiled.rule, condition)
        self._apart = [(condition, compile_condition(condition)) for condition in apart]
        self._made: dict[object, Document | None] = {}

    def event(self, key: KeyValues | None = None, given: Mapping[str, Scalar] | None = None) -> Document | None:
        """An event with these key values, or some where `key` is None; `given` are values of fields where the condition
        leaves them open. None where no event was found."""
        known = (key, tuple((given or {}).items()))
        if known not in self._made:
            wanted = [demand(field, key[at] if key else ...) for at, field in enumerate(self.keys)]
            self._made[known] = self._find(wanted, {**self._values(key or ()), **(given or {})})
        return self._made[known]

    def differing(self, key: KeyValues, part: int, known: Sequence[Scalar]) -> Document | None:
        """An event with this key but for one part, whose value is none of `known`."""
        wanted = [demand(field, ... if at == part else key[at]) for at, field in enumerate(self.keys)]
        unlike = [Not(demand(self.keys[part], value)) for value in known]
        return self._find([*wanted, *unlike], self._values((*key[:part], None, *key[part + 1 :])))

    def siblings(self, key: KeyValues, usual: KeyValues) -> dict[str, Scalar]:
        """Other values of the fields that would contradict a key which is not the usual one."""
        names = [field.name for field in self.keys]
        changed = [
            sibling
            for name, value, other in zip(names, key, usual, strict=True)
            if value is not None and value != other
            for sibling in SIBLINGS.get(name, ())
            if sibling not in names
        ]
        event = Event((self.event(usual) if changed else None) or {})
        return {name: another(event.raw(name)[0]) for name in changed if event.raw(name)}

    def is_bound(self, key: KeyValues, part: int) -> bool:
        """Whether it is proven that no other value is possible in one part of this key."""
        wanted = [demand(field, ... if at == part else key[at]) for at, field in enumerate(self.keys)]
        asked = And((self.condition, *wanted, Not(demand(self.keys[part], key[part]))))
        try:
            return not isinstance(writer_of(self._compiled, asked, self._setting).solver.model(), Mapping)
        except BudgetExceeded:
            return False

    def key_of(self, document: Document) -> KeyValues:
        """The first value of each key field."""
        event = Event(document)
        return tuple(next(iter(event.values(field)), None) for field in self.keys)

    def _values(self, key: KeyValues) -> dict[str, Scalar]:
        named = zip((field.name for field in self.keys), key, strict=False)
        return {name: value for name, value in named if value is not None}

    def _find(self, wanted: Sequence[Condition], given: Mapping[str, Scalar]) -> Document | None:
        """Conditions that an event meets by chance are asked about only then: else it would show their fields."""
        setting = replace(self._setting, given=given)
        unwanted: list[Condition] = []
        first = found = self._solved(wanted, setting)
        while found is not None:
            event = Event(found)
            met = [condition for condition, meets in self._apart if meets(event)]
            if not met:
                return found
            unwanted += (Not(condition) for condition in met)
            found = self._solved([*wanted, *unwanted], setting)
        return first

    def _solved(self, wanted: Sequence[Condition], setting: Setting) -> Document | None:
        return _event_of(writer_of(self._compiled, And((self.condition, *wanted)), setting))


def demand(field: Field, value: object) -> Condition:
    """That a field has a value: any (`...`), this one, or none (None)."""
    exists = Leaf(field, Exists(), field.name)
    if value is None:
        return Not(exists)
    if value is ... or field.type in (FieldType.TEXT, FieldType.GEO, FieldType.OBJECT, FieldType.NULL):
        return exists
    assert isinstance(value, str | int | float | bool)  # Invariant: the values of fields
    return Leaf(field, Equals(value), field.name)


def _event_of(writer: EventWriter) -> Document | None:
    try:
        model = writer.solver.model()
    except BudgetExceeded:
        return None
    if not isinstance(model, Mapping):
        return None
    for values in (writer.plausible(model), dict(model)):
        document = writer.document(values, writer.profile(values))
        if writer.confirmed(document, matches=True):
            return document
    return None


def shared_key(templates: Sequence[EventTemplate]) -> KeyValues | None:
    """Values of the key fields that all roles can have; None where none were found."""
    for template in templates:
        document = template.event()
        key = template.key_of(document) if document is not None else None
        if key is not None and None not in key and all(other.event(key) is not None for other in templates):
            return key
    return None
