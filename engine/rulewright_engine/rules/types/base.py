"""What there is to say of a type of rule, and the type that alerts on each result of its query."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar, cast

from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.run import runner
from rulewright_engine.ir.expression import Condition, Constant
from rulewright_engine.ir.query import EventQuery, Query
from rulewright_engine.languages.filters import Located
from rulewright_engine.rules.alert import Alert
from rulewright_engine.rules.aspect import Aspect, Fact, Feature
from rulewright_engine.rules.compiled_rule import CompiledRule, limit_of
from rulewright_engine.rules.documents import Documents
from rulewright_engine.rules.mutant import RuleMutant, RuleOperator
from rulewright_engine.rules.rule_query import RuleQuery
from rulewright_engine.rules.window import Window, window_between
from rulewright_schema.codes import Code
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.rule import AlertSuppression, Rule

__all__ = ["FieldList", "Finder", "KeyField", "RuleType", "condition_of", "find_results", "named_keys"]

RuleT = TypeVar("RuleT", bound=Rule)

KeyField = tuple[KeyPath, str]
"""Where a rule file names a field, and the field."""
FieldList = tuple[KeyPath, Sequence[str]]

Finder = Callable[[Documents], list[Alert]]
"""Every alert of one run, before suppression."""


class RuleType(Generic[RuleT]):
    """A type of rule. This one alerts on each result of its query, as `query` and `eql` rules do.

    A type that does more overrides what it does otherwise; nothing else asks what type a rule has.
    """

    title: str = "query"
    """What people call it."""
    judges_single_events: bool = True
    """An event that meets a query of events raises an alert of its own, unless it is suppressed."""
    alerts_on_single_events: bool = True
    """Every alert is one event of the query, though not every such event raises one."""
    family: str = "query"
    """Rules of one family differ in nothing but their query and what `aspects` tells."""
    compared_as_text: str = ""
    """What to call a rule of the type whose meaning nothing can be compared with; its words are compared instead."""
    compared_by_runs: bool = False
    """Its query has no conditions whose meaning can be compared; runs over its cases tell two such rules apart."""
    needs_indicators: bool = False
    """A run compares events with the documents of a second index."""
    remembers: str = ""
    """Where what the query finds keeps alerts away, so that a narrower query can find more: a sentence that says so."""

    since: str = ""
    """The stack version that the type came with; nothing where every stack that has rules has it."""
    suppresses_since: str = "8.8"
    """The stack version from which on rules of the type suppress alerts."""

    @staticmethod
    def rule_of(compiled: CompiledRule) -> RuleT:
        """The rule of the type that a compiled one holds."""
        return cast(RuleT, compiled.rule)  # Invariant: the registry finds the type by the class of the rule

    groups_by_each_value: bool = True
    """Suppression takes each value of a field for itself; else all values that an event has, in whatever order."""

    # How it is checked

    codes: tuple[Code, ...] = ()
    """The kinds of problem that `problems` reports."""
    needs_index: bool = True
    """The rule itself must say what it searches."""

    def problems(self, rule: RuleT) -> Iterator[Located]:
        """What is wrong with the keys of the type, beside the structure of the file."""
        yield from ()

    def field_lists(self, rule: RuleT) -> Iterator[FieldList]:
        """The lists of fields that form groups or combinations, with their paths; the fields of one list differ."""
        if rule.alert_suppression is not None:
            yield ("rule", "alert_suppression", "group_by"), rule.alert_suppression.group_by

    def grouping_fields(self, rule: RuleT) -> Iterator[KeyField]:
        """Fields whose values form groups, with their paths; they must be of a type that can be grouped by."""
        for path, names in self.field_lists(rule):
            yield from (((*path, index), name) for index, name in enumerate(names))

    def compared_fields(self, rule: RuleT) -> Iterator[KeyField]:
        """Other fields that events are compared or ordered by, with their paths."""
        yield from named_keys(rule, "timestamp_override")

    def single_fields(self, rule: RuleT) -> Iterator[KeyField]:
        """Fields of which a run may pass over an event that has several values, with their paths."""
        yield from ()

    def is_within_bounds(self, rule: RuleT) -> bool:
        """False where the rule counts or maps nothing; the structure of the file is wrong then, and said to be."""
        return True

    def features(self, rule: RuleT) -> Iterator[Feature]:
        """What the rule uses that came with a stack version, as elastic/detection-rules gates it (`min_compat`)."""
        if self.since:
            yield Feature(f"type `{rule.type}`", self.since, ("rule", "type"))
        if rule.alert_suppression is not None:
            name = f"`alert_suppression` in rules of type `{rule.type}`"
            yield Feature(name, self.suppresses_since, ("rule", "alert_suppression"))
        if rule.investigation_fields:
            yield Feature("`investigation_fields`", "8.11", ("rule", "investigation_fields"))

    def not_executable(self, rule: RuleT) -> Located | None:
        """Why no rule of the type can be run offline; None where they can."""
        return None

    def indicators(self, rule: RuleT, query: RuleQuery) -> tuple[Condition | None, tuple[Located, ...]]:
        """What the documents of a second index must meet, and what is wrong with that; None where it cannot be said."""
        return Constant(True), ()

    # How it runs

    def window(self, rule: RuleT, now: int) -> Window:
        """The stretch of time that a run at `now` searches."""
        return window_between(rule, now)

    def finder(self, compiled: CompiledRule) -> Finder:
        """What finds the alerts among documents, compiled once for many runs."""
        return find_results(self.searched(compiled))

    def searched(self, compiled: CompiledRule) -> CompiledRule:
        """The rule as its search takes it: with the limit of a run, where the search itself has one."""
        return compiled

    def suppression(self, rule: RuleT) -> AlertSuppression | None:
        """By what the alerts of a run are suppressed."""
        return rule.alert_suppression

    def limited(self, alerts: Sequence[Alert], rule: RuleT) -> Sequence[Alert]:
        """Those of the alerts that the limit of one run leaves: the first."""
        return alerts[: limit_of(rule)]

    def judges_events(self, compiled: CompiledRule) -> bool:
        """Whether each event that meets the query is an alert of its own, whatever other events there are."""
        is_event = self.judges_single_events and isinstance(compiled.query, EventQuery)
        return is_event and compiled.rule.alert_suppression is None

    def least_events(self, rule: RuleT) -> int:
        """How many events an alert takes at least."""
        return 1

    # By what it tells events apart

    def key_alternatives(self, rule: RuleT) -> Sequence[Sequence[str]]:
        """Sets of fields by which it groups or compares events; one that has no set whole contributes to no alert."""
        return [[]]

    def discriminating_fields(self, rule: RuleT) -> Sequence[str]:
        """All fields by which it tells events apart or joins them, those of other indices included."""
        return [name for names in self.key_alternatives(rule) for name in names]

    # How it is mutated

    def mutants(self, compiled: CompiledRule) -> Iterator[RuleMutant]:
        """The rule with one small change of what it does with the events that its query finds."""
        suppression = self.suppression(self.rule_of(compiled))
        if suppression is not None:
            for what, other in _suppression_changes(suppression):
                rule = replace(compiled.rule, alert_suppression=other)
                yield RuleMutant(RuleOperator.SUPPRESSION, what, replace(compiled, rule=rule))

    # How two rules of it compare

    def aspects(self, old: CompiledRule, new: CompiledRule) -> Iterator[Aspect]:
        """What decides beside query, indices and suppression."""
        yield from ()

    def compared_conditions(self, compiled: CompiledRule) -> Mapping[str, Condition]:
        """Conditions beside those of the query, by the names that a comparison calls them."""
        return {}

    # How it is explained

    def reasons(self, compiled: CompiledRule, matching: Mapping[int, Event], documents: Documents) -> Iterator[str]:
        """What becomes of the events that meet the query, which have these numbers: a sentence each."""
        yield from ()

    # How it is worded

    def facts(self, rule: RuleT) -> Iterator[Fact]:
        """What a guide says of it."""
        yield from ()

    def kibana_keys(self, rule: RuleT) -> Mapping[str, Any]:
        """What takes the place of the keys of its table in Kibana's form; a key that goes is None."""
        return {}


def named_keys(rule: Rule, *keys: str) -> Iterator[KeyField]:
    """The fields that keys of a rule name."""
    for key in keys:
        name = getattr(rule, key)
        if name is not None:
            yield ("rule", key), name


def find_results(compiled: CompiledRule) -> Finder:
    """The results of the query among the events of the window, each an alert."""
    assert isinstance(compiled.query, Query)  # Invariant: ES|QL has a finder of its own
    find = runner(compiled.query, fields=compiled.fields, options=compiled.options)
    if isinstance(compiled.query, EventQuery):
        return lambda documents: [
            Alert(tuple(map(documents.position, result.events))) for result in find(documents.searched)
        ]

    def joined(documents: Documents) -> list[Alert]:
        found = ((tuple(map(documents.position, each.events)), each.keys) for each in find(documents.searched))
        blocks = [(events, keys, tuple(at for at in events if at >= 0)) for events, keys in found]
        return [Alert(events, keys, building_blocks=parts) for events, keys, parts in blocks]

    return joined


def condition_of(compiled: CompiledRule) -> Condition:
    """The condition of a rule whose type has none but queries of single events."""
    assert isinstance(compiled.query, EventQuery)  # Invariant: KQL and Lucene have no other queries
    return compiled.query.condition


def _suppression_changes(suppression: AlertSuppression) -> Iterator[tuple[str, AlertSuppression | None]]:
    yield "alerts are not suppressed", None
    for part, name in enumerate(suppression.group_by) if len(suppression.group_by) > 1 else ():
        left = (*suppression.group_by[:part], *suppression.group_by[part + 1 :])
        yield f"`{name}` no longer tells groups apart", replace(suppression, group_by=left)
    other = "doNotSuppress" if suppression.missing_fields_strategy == "suppress" else "suppress"
    yield f"the strategy for missing fields is `{other}`", replace(suppression, missing_fields_strategy=other)
