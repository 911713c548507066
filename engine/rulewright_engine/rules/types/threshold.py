"""Threshold rules: groups of events that are at least so many (semantics B4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.languages.filters import Located
from rulewright_engine.rules.alert import Alert
from rulewright_engine.rules.aspect import Aspect, Fact, Feature, changed, demanded
from rulewright_engine.rules.compiled_rule import CompiledRule
from rulewright_engine.rules.documents import Documents
from rulewright_engine.rules.groups import combinations, key_fields
from rulewright_engine.rules.mutant import RuleMutant, RuleOperator
from rulewright_engine.rules.types.base import FieldList, Finder, KeyField, RuleType, find_results
from rulewright_engine.rules.wording import MAX_SHOWN, numbers_text, value_text
from rulewright_engine.solver.analysis.relation import of_numbers
from rulewright_schema.codes import Code, Profile
from rulewright_schema.diagnostics import Level
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.rule import AlertSuppression, Threshold, ThresholdRule
from rulewright_schema.wording import counted

__all__ = ["IGNORED_CARDINALITY", "TRIVIAL_THRESHOLD", "ThresholdType", "threshold_groups"]

TRIVIAL_THRESHOLD = Code(
    code="RW243",
    name="trivial-threshold",
    level=Level.WARNING,
    title="a threshold is more than one event",
    why="At a threshold of 1 without cardinality every event raises an alert: a plain query says that better.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
threshold = { field = ["source.ip"], value = «1» }
""",
    good="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
threshold = { field = ["source.ip"], value = 20 }
""",
)
IGNORED_CARDINALITY = Code(
    code="RW572",
    name="ignored-cardinality",
    level=Level.WARNING,
    title="a threshold has at most one cardinality, of a field that does not form the groups",
    why="Kibana reads the first cardinality and ignores the others, and refuses one of a field that forms the groups: "
    "within a group it has one value.",
    bad="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
[rule.threshold]
field = ["source.ip"]
value = 20
cardinality = [{ field = "user.name", value = 5 }, { field = «"host.id"», value = 2 }]
""",
    good="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
[rule.threshold]
field = ["source.ip"]
value = 20
cardinality = [{ field = "user.name", value = 5 }]
""",
)


Group = tuple[tuple[Scalar, ...], tuple[int, ...]]


class ThresholdType(RuleType[ThresholdRule]):
    title = "threshold"
    family = "threshold"
    judges_single_events = False
    alerts_on_single_events = False
    suppresses_since = "8.12"

    codes = (TRIVIAL_THRESHOLD, IGNORED_CARDINALITY)

    def problems(self, rule: ThresholdRule) -> Iterator[Located]:
        threshold = rule.threshold
        if threshold.value == 1 and not threshold.cardinality:
            message = "a threshold of 1 is met by every event"
            help_ = "raise it, or use a rule of type `query`"
            yield Located(("rule", "threshold", "value"), TRIVIAL_THRESHOLD.report(message, help=help_))
        for index, entry in enumerate(threshold.cardinality):
            path: KeyPath = ("rule", "threshold", "cardinality", index, "field")
            if index > 0:
                message = f"the cardinality of `{entry.field}` is ignored: only the first one counts"
                yield Located(path, IGNORED_CARDINALITY.report(message, help="remove it, or make it the only one"))
            elif entry.field in threshold.field:
                message = f"`{entry.field}` forms the groups, so each has one value of it"
                yield Located(path, IGNORED_CARDINALITY.report(message, help="count the values of another field"))

    def field_lists(self, rule: ThresholdRule) -> Iterator[FieldList]:
        yield from super().field_lists(rule)
        yield ("rule", "threshold", "field"), rule.threshold.field

    def grouping_fields(self, rule: ThresholdRule) -> Iterator[KeyField]:
        yield from super().grouping_fields(rule)
        for index, entry in enumerate(rule.threshold.cardinality):
            yield ("rule", "threshold", "cardinality", index, "field"), entry.field

    def is_within_bounds(self, rule: ThresholdRule) -> bool:
        threshold = rule.threshold
        return threshold.value > 0 and all(entry.value > 0 for entry in threshold.cardinality)

    def features(self, rule: ThresholdRule) -> Iterator[Feature]:
        yield from super().features(rule)
        if len(rule.threshold.field) > 3:
            yield Feature("a threshold of more than three fields", "9.2", ("rule", "threshold", "field", 3))

    def finder(self, compiled: CompiledRule) -> Finder:
        find, threshold = find_results(compiled), self.rule_of(compiled).threshold

        def found(documents: Documents) -> list[Alert]:
            positions = [alert.events[0] for alert in find(documents)]
            groups = threshold_groups(threshold, documents.events, positions, compiled.fields)
            return [Alert(members, key) for key, members in groups]

        return found

    def suppression(self, rule: ThresholdRule) -> AlertSuppression | None:
        """None: the groups are its alerts, and what suppresses them is about later runs."""
        return None

    def least_events(self, rule: ThresholdRule) -> int:
        return max(rule.threshold.value, *(entry.value for entry in rule.threshold.cardinality), 1)

    def key_alternatives(self, rule: ThresholdRule) -> Sequence[Sequence[str]]:
        return [[*rule.threshold.field, *(entry.field for entry in rule.threshold.cardinality[:1])]]

    def mutants(self, compiled: CompiledRule) -> Iterator[RuleMutant]:
        rule = self.rule_of(compiled)
        for operator, what, threshold in _changes(rule.threshold):
            yield RuleMutant(operator, what, replace(compiled, rule=replace(rule, threshold=threshold)))

    def aspects(self, old: CompiledRule, new: CompiledRule) -> Iterator[Aspect]:
        before, after = self.rule_of(old).threshold, self.rule_of(new).threshold
        yield demanded("threshold field", before.field, after.field)
        needed = _least(before, old.fields), _least(after, new.fields)
        yield Aspect("threshold value", of_numbers(*needed), str(before.value), str(after.value))
        yield _cardinality(before, after)

    def reasons(self, compiled: CompiledRule, matching: Mapping[int, Event], documents: Documents) -> Iterator[str]:
        """Each group with its count, the largest first."""
        threshold, numbers, events = self.rule_of(compiled).threshold, list(matching), list(matching.values())
        single = replace(threshold, value=1, cardinality=())
        every = threshold_groups(single, events, range(len(events)), compiled.fields)
        groups = sorted(every, key=lambda group: -len(group[1]))
        for key, members in groups[:MAX_SHOWN]:
            pairs = zip(threshold.field, key, strict=True)
            shown = ", ".join(f"{name} = {value_text([value])}" for name, value in pairs)
            said = ", ".join(_counts(threshold, [events[member] for member in members], compiled.fields))
            yield f"{shown or 'all events'}: {said} ({numbers_text([numbers[member] for member in members])})"
        if len(groups) > MAX_SHOWN:
            yield f"and {len(groups) - MAX_SHOWN} more groups"
        grouped = {member for _, members in every for member in members}
        if lost := [number for index, number in enumerate(numbers) if index not in grouped]:
            yield f"without one of {', '.join(threshold.field)} an event is in no group: {numbers_text(lost)}"

    def facts(self, rule: ThresholdRule) -> Iterator[Fact]:
        threshold = rule.threshold
        same = f" {' and '.join(threshold.field)}" if threshold.field else ""
        one, many = ("shares", "share") if same else ("matches", "match")
        events = counted(threshold.value, f"event {one}{same}", f"events {many}{same}")
        yield Fact("Alerts when", (f"at least {events}",))
        yield Fact("Distinct values", tuple(f"{c.field}: at least {c.value}" for c in threshold.cardinality))


def threshold_groups(
    threshold: Threshold, events: Sequence[Event], positions: Sequence[int], fields: FieldTypes
) -> list[Group]:
    """The groups that reach the threshold: their values, and the positions of their events.

    An event without one of the fields belongs to no group, one with several values to the group of each. Without
    fields all events are one group. Of several cardinalities Kibana reads the first. Groups are in the order of
    their values.
    """
    keys = key_fields(threshold.field, fields)
    groups: dict[tuple[Scalar, ...], list[int]] = {}
    for position in positions:
        for key in combinations(events[position], keys):
            groups.setdefault(key, []).append(position)
    return [
        (key, tuple(members))
        for key, members in sorted(groups.items())
        if _reached(threshold, [events[member] for member in members], fields)
    ]


def _reached(threshold: Threshold, members: Sequence[Event], fields: FieldTypes) -> bool:
    if len(members) < threshold.value:
        return False
    return all(_values(entry.field, members, fields) >= entry.value for entry in threshold.cardinality[:1])


def _values(name: str, members: Sequence[Event], fields: FieldTypes) -> int:
    """How many different values of a field the events have."""
    (field,) = key_fields((name,), fields)
    return len({value for event in members for value in event.values(field)})


def _changes(threshold: Threshold) -> Iterator[tuple[RuleOperator, str, Threshold]]:
    """What means the same by definition is no mutant: a group of 24 events has no 25 different values, so there it does
    not matter whether 25 or 24 events are asked for."""
    entry = threshold.cardinality[0] if threshold.cardinality else None
    different = entry.value if entry is not None and entry.field not in threshold.field else 1
    for value in (threshold.value - 1, threshold.value + 1):
        if value >= 1 and max(value, different) != max(threshold.value, different):
            yield RuleOperator.NUMBER, f"{value} events are enough", replace(threshold, value=value)
    if entry is not None and entry.field not in threshold.field:
        for value in (entry.value - 1, entry.value + 1):
            other = (replace(entry, value=value), *threshold.cardinality[1:])
            what = f"{value} values of `{entry.field}` are enough"
            yield RuleOperator.CARDINALITY, what, replace(threshold, cardinality=other)
    for part, name in enumerate(threshold.field):
        left = (*threshold.field[:part], *threshold.field[part + 1 :])
        yield RuleOperator.GROUP, f"`{name}` no longer tells groups apart", replace(threshold, field=left)


def _least(threshold: Threshold, fields: FieldTypes) -> int:
    """How many events a group has at least: as many as different values of a field that holds one in each event."""
    infos = ((entry, fields.lookup(entry.field)) for entry in threshold.cardinality)
    single = (entry.value for entry, info in infos if info is not None and info.array is False)
    return max(threshold.value, *single, 0)


def _cardinality(old: Threshold, new: Threshold) -> Aspect:
    """Kibana reads the first entry only."""
    before, after = (next(iter(each.cardinality), None) for each in (old, new))
    was, is_ = (f"{entry.value} of {entry.field}" if entry else "none" for entry in (before, after))
    if before and after and before.field != after.field:
        return changed("cardinality", was, is_)
    return Aspect("cardinality", of_numbers(before.value if before else 0, after.value if after else 0), was, is_)


def _counts(threshold: Threshold, members: Sequence[Event], fields: FieldTypes) -> Iterator[str]:
    yield _count(len(members), threshold.value, "event")
    for entry in threshold.cardinality[:1]:
        yield _count(_values(entry.field, members, fields), entry.value, "value", f" of {entry.field}")


def _count(count: int, needed: int, what: str, of: str = "") -> str:
    told = f"{counted(count, what)}{of}"
    return f"{told} of at least {needed}" if count >= needed else f"{told}, and {needed} are needed"
