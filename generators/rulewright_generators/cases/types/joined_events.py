"""The stages of a sequence or sample: an event for each, all with the same key."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    Field,
    Scalar,
)
from rulewright_engine.ir.query import Stage
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import ConditionOutcome
from rulewright_generators.cases.events.documents import Document
from rulewright_generators.cases.events.event_templates import (
    EventTemplate,
    KeyValues,
    shared_key,
)
from rulewright_generators.cases.events.values import others
from rulewright_generators.cases.types.joint_condition import JointCondition
from rulewright_schema.wording import listed

__all__ = ["JoinedEvents"]

PROCESS_NAMES = ("name", "executable", "command_line")


class JoinedEvents:
    """`stages` are those of the query, `until` behind them. Where possible, the event of one meets no other."""

    def __init__(self, compiled: CompiledRule, stages: Sequence[Stage]) -> None:
        self._stages = tuple(stages)
        self._fields = compiled.fields
        self._joint: dict[tuple[int, ...], JointCondition] = {}
        self.templates = tuple(
            EventTemplate(
                stage.condition,
                [key for key in stage.keys if isinstance(key, Field)],
                compiled,
                apart=[other.condition for other in stages if other.condition != stage.condition],
            )
            for stage in stages
        )

    @cached_property
    def key(self) -> KeyValues | None:
        """The key of ordinary events; None where no values were found that all stages accept."""
        return shared_key(self.templates)

    @property
    def key_names(self) -> list[str]:
        """For each part of the key, the names of its fields: one, or one a stage."""
        names = zip(*([field.name for field in template.keys] for template in self.templates), strict=False)
        return [listed([f"`{name}`" for name in dict.fromkeys(each)]) for each in names]

    def event(self, stage: int, key: KeyValues | None = None) -> Document | None:
        """The event of a stage with a key, or with the ordinary one."""
        key = self.key if key is None else key
        if key is None or self.key is None:
            return None
        template = self.templates[stage]
        return template.event(key, {**self.kin(stage), **template.siblings(key, self.key)})

    def events(self, key: KeyValues | None = None) -> list[Document] | None:
        """An event for each stage; None where one of them accepts no such key."""
        found = [self.event(stage, key) for stage in range(len(self.templates))]
        events = [event for event in found if event is not None]
        return events if len(events) == len(found) else None

    def joint(self, stages: Sequence[int], stage: int, index: int) -> ConditionOutcome:
        """What a condition of one of these stages decides where the others are met."""
        key = tuple(stages)
        if key not in self._joint:
            self._joint[key] = JointCondition([self._stages[number] for number in stages], self._fields)
        return self._joint[key].outcome(key.index(stage), index)

    def other_keys(self, part: int) -> Iterator[KeyValues]:
        """Keys that differ from the ordinary one in this part, and in no other."""
        assert self.key is not None  # Invariant: asked only where there is one
        for value in others(self.key[part]):
            yield (*self.key[:part], value, *self.key[part + 1 :])
        for template in self.templates:
            event = template.differing(self.key, part, [self.key[part]])
            if event is not None:
                yield template.key_of(event)

    def is_bound(self, stage: int, part: int) -> bool:
        """Whether it is proven that a stage accepts no other value in one part of the key."""
        return self.key is not None and self.templates[stage].is_bound(self.key, part)

    def kin(self, stage: int) -> dict[str, Scalar]:
        """What another stage says of a process that both speak of, where this one leaves it open."""
        found: dict[str, Scalar] = {}
        for part, field in enumerate(self.templates[stage].keys):
            process, _, last = field.name.rpartition(".")
            if last in ("entity_id", "pid"):
                source = self._teller(part)
                if source != stage:
                    found |= self._told(source, self.templates[source].keys[part].name.rpartition(".")[0], process)
        return found

    def _teller(self, part: int) -> int:
        """The first stage that asks what the process is called; the first of all where none does."""
        for stage, template in enumerate(self.templates):
            process = template.keys[part].name.rpartition(".")[0]
            read = {field.name for field in template.condition.fields()}
            if read & {f"{process}.name", f"{process}.executable"}:
                return stage
        return 0

    def _told(self, stage: int, process: str, other: str) -> dict[str, Scalar]:
        """The names of `process` in the ordinary event of a stage, as those of `other`."""
        event = Event(self.templates[stage].event(self.key) or {})
        values = {name: next(iter(event.raw(f"{process}.{name}")), None) for name in PROCESS_NAMES}
        return {f"{other}.{name}": value for name, value in values.items() if value is not None}
