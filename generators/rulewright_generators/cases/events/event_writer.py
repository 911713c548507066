"""Documents for one condition: from what the solver decided to events that evaluation confirms."""

import hashlib
from collections.abc import Collection, Mapping

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    Condition,
    FieldType,
    Scalar,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.work import spend
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import Assignment, SmtSolver, multi_valued_in
from rulewright_generators.cases.events.documents import (
    Allowed,
    Document,
    Values,
    complete,
    consistent,
    document_of,
)
from rulewright_generators.cases.events.profiles import (
    Profile,
    Setting,
    adjacent_profile,
    profile_of,
)
from rulewright_schema.rule import Rule

__all__ = ["EventWriter", "differing", "identity_of", "setting_of", "writer_of"]


def setting_of(rule: Rule, condition: Condition) -> Setting:
    """What tells how the events of a rule look that a condition asks about."""
    names = dict.fromkeys(field.name for field in condition.fields())
    category_field = getattr(rule, "event_category_override", None) or "event.category"
    return Setting(rule.index, rule.tags, tuple(names), category_field)


def writer_of(compiled: CompiledRule, condition: Condition, setting: Setting) -> "EventWriter":
    """What writes events of one condition of a rule."""
    return EventWriter(condition, compiled.fields, setting, identity_of(compiled.rule))


def identity_of(rule: Rule) -> str:
    """The `event.id` of a rule's first event; those of others count up its last four digits."""
    return f"{hashlib.sha256(rule.rule_id.encode()).hexdigest()[:16]}0000"


class EventWriter:
    """Makes documents from what the solver decided, for one condition."""

    def __init__(self, condition: Condition, fields: FieldTypes, setting: Setting, identity: str) -> None:
        self.condition = condition
        self._fields = fields
        self._setting = setting
        self._identity = identity
        self.hints = profile_of(setting, {}).hints()
        self.multi_valued = multi_valued_in(fields)
        self.solver = SmtSolver(condition, multi_valued=self.multi_valued, hints=self.hints)

    @property
    def dates(self) -> frozenset[str]:
        """The fields that hold epoch milliseconds."""
        return frozenset(field.name for field in self.solver.fields if field.type is FieldType.DATE)

    def profile(self, values: Mapping[str, tuple[Scalar, ...]]) -> Profile:
        return profile_of(self._setting, values)

    def adjacent_profile(
        self, values: Mapping[str, tuple[Scalar, ...]], other: Mapping[str, tuple[Scalar, ...]]
    ) -> Profile:
        """The profile of an event that is written beside another."""
        return adjacent_profile(self._setting, values, other)

    def plausible(self, decided: Assignment) -> Values:
        """The fields that the condition reads, consistent, each part of it as true as it is of `decided`."""
        spend(20 * len(decided))
        return consistent(decided, self.solver.fields, self.profile(decided), self.solver.same)

    def adjacent(self, event: Values, positive: Assignment, negative: Assignment) -> Values:
        """`event`, which was made of `positive`, changed in the fields in which `negative` differs from it.

        Fields that say the same follow.
        """
        changed = differing(positive, negative)
        decided = {name: negative[name] if name in changed else event[name] for name in event}
        fields = [read for read in self.solver.fields if read.name in changed]
        return consistent(decided, fields, self.profile(event), self.solver.same)

    def following(self, event: Values, changed: Collection[str], may: Allowed) -> Values:
        """`event` with the fields that follow from those that were changed, where they may."""
        return consistent(event, (), self.profile(event), lambda *asked: asked[1] not in changed and may(*asked))

    def document(self, values: Values, profile: Profile) -> Document:
        spend(500 + 20 * len(values))
        full = complete(values, profile, identity=self._identity)
        return document_of(full, self._fields, self.solver.formula.nested)

    def confirmed(self, document: Document, *, matches: bool, truth: int | None = None) -> bool:
        """Whether evaluation says of the document what was meant; `truth`: the atoms that must be true of it."""
        event = Event(document)
        return self.solver.matches(event) == matches and truth in (None, self.solver.truth(event))


def differing(positive: Assignment, negative: Assignment) -> dict[str, None]:
    """The fields in which two models differ, in their order."""
    return dict.fromkeys(name for name in negative if negative[name] != positive[name])
