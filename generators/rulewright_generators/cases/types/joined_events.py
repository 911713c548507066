"""The stages of a sequence or sample: an event for each, all with the same key."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    Field,
    Scalar,
)
from rulewright_engine.ir.query import Stage
from rulewright_engine.solver import LeafOutcome
from rulewright_generators.cases.events.documents import Document
from rulewright_generators.cases.events.event_templates import (
    Key,
    Role,
    Scene,
    shared_key,
)
from rulewright_generators.cases.events.values import others
from rulewright_generators.cases.types.joint_condition import United

__all__ = ["Joined"]

PROCESS_NAMES = ("name", "executable", "command_line")


class Joined:
    """`stages` are those of the query, `until` behind them. Where possible, the event of one meets no other."""

    def __init__(self, scene: Scene, stages: Sequence[Stage]) -> None:
        self._stages = tuple(stages)
        self._fields = scene.fields
        self._united: dict[tuple[int, ...], United] = {}
        self.roles = tuple(
            Role(
                stage.condition,
                [key for key in stage.keys if isinstance(key, Field)],
                scene,
                apart=[other.condition for other in stages if other.condition != stage.condition],
            )
            for stage in stages
        )

    @cached_property
    def key(self) -> Key | None:
        """The key of ordinary events; None where no values were found that all stages accept."""
        return shared_key(self.roles)

    @property
    def key_names(self) -> list[str]:
        """For each part of the key, the names of its fields: one, or one a stage."""
        names = zip(*([field.name for field in role.keys] for role in self.roles), strict=False)
        return [" and ".join(f"`{name}`" for name in dict.fromkeys(each)) for each in names]

    def event(self, stage: int, key: Key | None = None) -> Document | None:
        """The event of a stage with a key, or with the ordinary one."""
        key = self.key if key is None else key
        if key is None or self.key is None:
            return None
        role = self.roles[stage]
        return role.event(key, {**self.kin(stage), **role.siblings(key, self.key)})

    def events(self, key: Key | None = None) -> list[Document] | None:
        """An event for each stage; None where one of them accepts no such key."""
        found = [self.event(stage, key) for stage in range(len(self.roles))]
        events = [event for event in found if event is not None]
        return events if len(events) == len(found) else None

    def united(self, stages: Sequence[int], stage: int, leaf: int) -> LeafOutcome:
        """What a leaf of one of these stages decides where the others are met."""
        key = tuple(stages)
        if key not in self._united:
            self._united[key] = United([self._stages[number] for number in stages], self._fields)
        return self._united[key].outcome(key.index(stage), leaf)

    def other_keys(self, part: int) -> Iterator[Key]:
        """Keys that differ from the ordinary one in this part, and in no other."""
        assert self.key is not None  # Invariant: asked only where there is one
        for value in others(self.key[part]):
            yield (*self.key[:part], value, *self.key[part + 1 :])
        for role in self.roles:
            event = role.differing(self.key, part, [self.key[part]])
            if event is not None:
                yield role.key_of(event)

    def is_bound(self, stage: int, part: int) -> bool:
        """Whether it is proven that a stage accepts no other value in one part of the key."""
        return self.key is not None and self.roles[stage].is_bound(self.key, part)

    def kin(self, stage: int) -> dict[str, Scalar]:
        """What another stage says of a process that both speak of, where this one leaves it open."""
        found: dict[str, Scalar] = {}
        for part, field in enumerate(self.roles[stage].keys):
            process, _, last = field.name.rpartition(".")
            if last in ("entity_id", "pid"):
                source = self._teller(part)
                if source != stage:
                    found |= self._told(source, self.roles[source].keys[part].name.rpartition(".")[0], process)
        return found

    def _teller(self, part: int) -> int:
        """The first stage that asks what the process is called; the first of all where none does."""
        for stage, role in enumerate(self.roles):
            process = role.keys[part].name.rpartition(".")[0]
            read = {field.name for field in role.condition.fields()}
            if read & {f"{process}.name", f"{process}.executable"}:
                return stage
        return 0

    def _told(self, stage: int, process: str, other: str) -> dict[str, Scalar]:
        """The names of `process` in the ordinary event of a stage, as those of `other`."""
        event = Event(self.roles[stage].event(self.key) or {})
        values = {name: next(iter(event.raw(f"{process}.{name}")), None) for name in PROCESS_NAMES}
        return {f"{other}.{name}": value for name, value in values.items() if value is not None}
