"""New terms rules: combinations of values that the history does not hold (semantics B4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field, Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.languages.filters import Located
from rulewright_engine.rules.alert import Alert
from rulewright_engine.rules.aspect import Aspect, Fact, changed
from rulewright_engine.rules.compiled_rule import CompiledRule
from rulewright_engine.rules.documents import Documents
from rulewright_engine.rules.groups import combinations, key_fields
from rulewright_engine.rules.mutant import RuleMutant, RuleOperator
from rulewright_engine.rules.types.base import FieldList, Finder, RuleType, condition_of, find_results
from rulewright_engine.rules.window import Window, time_of, window_between
from rulewright_engine.rules.wording import MAX_SHOWN, look_back_text, value_text
from rulewright_engine.solver.analysis.relation import of_numbers
from rulewright_engine.values.dates import resolve
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level
from rulewright_schema.durations import DEFAULT_FROM, offset_ms
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.rule import NewTerms, NewTermsRule

__all__ = ["HISTORY_TOO_SHORT", "NewTermsType", "new_combinations"]

HISTORY_TOO_SHORT = Code(
    code="RW231",
    name="history-too-short",
    level=Level.ERROR,
    title="the history of a new_terms rule begins before the window that a run searches",
    why="Without a history before the window every value is new, so every event raises an alert.",
    bad="""
[rule]
type = "new_terms"
language = "kuery"
query = "event.category : authentication"
from = "now-1h"
[rule.new_terms]
field = "new_terms_fields"
value = ["user.name"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = «"now-30m"»
""",
    good="""
[rule]
type = "new_terms"
language = "kuery"
query = "event.category : authentication"
from = "now-1h"
[rule.new_terms]
field = "new_terms_fields"
value = ["user.name"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-14d"
""",
)


Known = Mapping[tuple[Scalar, ...], str]


class NewTermsType(RuleType[NewTermsRule]):
    title = "new terms"
    family = "new_terms"
    judges_single_events = False
    remembers = "what the query does not find makes no term known, either"
    groups_by_each_value = False
    since = "8.4"
    suppresses_since = "8.14"

    codes = (HISTORY_TOO_SHORT,)

    def problems(self, rule: NewTermsRule) -> Iterator[Located]:
        start, looked_back = rule.new_terms.history_window_start, rule.from_ or DEFAULT_FROM
        history, window = offset_ms(start), offset_ms(looked_back)
        if history is not None and window is not None and history >= window:
            path: KeyPath = ("rule", "new_terms", "history_window_start", 0, "value")
            message = f"the history begins at `{start}`, inside the window from `{looked_back}`"
            help_ = "begin the history days before the window"
            yield Located(path, HISTORY_TOO_SHORT.report(message, help=help_))

    def field_lists(self, rule: NewTermsRule) -> Iterator[FieldList]:
        yield from super().field_lists(rule)
        yield ("rule", "new_terms", "value"), rule.new_terms.fields

    def window(self, rule: NewTermsRule, now: int) -> Window:
        history = resolve(rule.new_terms.history_window_start, now=now)
        return replace(window_between(rule, now), history=history)

    def finder(self, compiled: CompiledRule) -> Finder:
        rule, find, meets = self.rule_of(compiled), find_results(compiled), compile_condition(condition_of(compiled))

        def history(documents: Documents) -> Iterator[Event]:
            """The matching events before the window; those before the history's own start are forgotten."""
            earlier = [event for event in documents.events if time_of(event, rule) is not None]
            for event in (*earlier, *documents.history):
                if documents.window.remembers(time_of(event, rule)) and meets(event):
                    yield event

        def found(documents: Documents) -> list[Alert]:
            """A value is new by when it was first seen, so an event without a time shows nothing."""
            matching = [alert.events[0] for alert in find(documents)]
            positions = [position for position in matching if time_of(documents.events[position], rule) is not None]
            new = new_combinations(rule.new_terms, documents.events, positions, history(documents), compiled.fields)
            return [Alert((position,), key) for key, position in new]

        return found

    def key_alternatives(self, rule: NewTermsRule) -> Sequence[Sequence[str]]:
        return [rule.new_terms.fields]

    def mutants(self, compiled: CompiledRule) -> Iterator[RuleMutant]:
        rule = self.rule_of(compiled)
        for operator, what, terms in _changes(rule.new_terms):
            yield RuleMutant(operator, what, replace(compiled, rule=replace(rule, new_terms=terms)))
        yield from super().mutants(compiled)

    def aspects(self, old: CompiledRule, new: CompiledRule) -> Iterator[Aspect]:
        before, after = self.rule_of(old).new_terms, self.rule_of(new).new_terms
        yield changed("new terms", ", ".join(sorted(before.fields)), ", ".join(sorted(after.fields)))
        yield _history(before.history_window_start, after.history_window_start)

    def reasons(self, compiled: CompiledRule, matching: Mapping[int, Event], documents: Documents) -> Iterator[str]:
        """Of each combination whether it is new, or where it was seen before."""
        rule = self.rule_of(compiled)
        fields = key_fields(rule.new_terms.fields, compiled.fields)
        events = enumerate(documents.events, 1)
        past = {f"event {number}": event for number, event in events if time_of(event, rule) is not None}
        past |= {f"history event {number}": event for number, event in enumerate(documents.history, 1)}
        known = self._known(compiled, past, fields, documents.window)
        for number, event in list(matching.items())[:MAX_SHOWN]:
            if time_of(event, rule) is None:
                yield f"event {number} has no {rule.timestamp_override or '@timestamp'}: when it was seen is unknown"
            else:
                yield from _of_event(number, event, fields, known)
        if unused := [name for name in past if name.startswith("history") and name not in known.values()]:
            yield f"of no use are {', '.join(unused)}: too old, not met by the query, or told before"

    def _known(
        self, compiled: CompiledRule, past: Mapping[str, Event], fields: Sequence[Field], window: Window
    ) -> Known:
        """Each combination that the history holds, and the name of the first event that has it."""
        meets, rule = compile_condition(condition_of(compiled)), compiled.rule
        known: dict[tuple[Scalar, ...], str] = {}
        for name, event in past.items():
            if window.remembers(time_of(event, rule)) and meets(event):
                for key in combinations(event, fields):
                    known.setdefault(key, name)
        return known

    def facts(self, rule: NewTermsRule) -> Iterator[Fact]:
        yield Fact("New values of", rule.new_terms.fields, code=True)
        yield Fact("Compared with", (look_back_text(rule.new_terms.history_window_start),))

    def kibana_keys(self, rule: NewTermsRule) -> Mapping[str, Any]:
        terms = rule.new_terms
        fields = {"new_terms_fields": list(terms.fields), "history_window_start": terms.history_window_start}
        return {"new_terms": None, **fields}


def new_combinations(
    new_terms: NewTerms, events: Sequence[Event], positions: Sequence[int], history: Iterable[Event], fields: FieldTypes
) -> list[tuple[tuple[Scalar, ...], int]]:
    """Each combination that no event of the history has, and the position of the first event that has it.

    `positions` are those of the window in the order of time; `history` are the matching events before it. An event
    without one of the fields has no combination, one with arrays has every choice of their values.
    """
    keys = key_fields(new_terms.fields, fields)
    known = {key for event in history for key in combinations(event, keys)}
    first: dict[tuple[Scalar, ...], int] = {}
    for position in positions:
        for key in combinations(events[position], keys):
            if key not in known:
                first.setdefault(key, position)
    return list(first.items())


def _changes(terms: NewTerms) -> Iterator[tuple[RuleOperator, str, NewTerms]]:
    if len(terms.fields) > 1:
        for part, name in enumerate(terms.fields):
            left = (*terms.fields[:part], *terms.fields[part + 1 :])
            yield RuleOperator.TERM, f"`{name}` need not be new", replace(terms, fields=left)
    for step, what in (("+1s", "shorter"), ("-1s", "longer")):
        start = f"{terms.history_window_start}{step}"
        yield RuleOperator.HISTORY, f"the history is a second {what}", replace(terms, history_window_start=start)


def _history(old: str, new: str) -> Aspect:
    """The longer the history, the fewer values are new."""
    before, after = offset_ms(old), offset_ms(new)
    if before is None or after is None:
        return changed("history", old, new)
    return Aspect("history", of_numbers(-before, -after), old, new)


def _of_event(number: int, event: Event, fields: Sequence[Field], known: Known) -> Iterator[str]:
    found = list(combinations(event, fields))
    if not found:
        absent = ", ".join(field.name for field in fields if not event.values(field))
        yield f"event {number} has no {absent}, so it has no combination that could be new"
    for key in found[:MAX_SHOWN]:
        shown = ", ".join(f"{field.name} = {value_text([value])}" for field, value in zip(fields, key, strict=True))
        yield f"event {number}: {shown} {_newness(known.get(key), f'event {number}')}"


def _newness(known_from: str | None, event: str) -> str:
    if known_from is None:
        return "is new"
    return "was seen exactly when the window begins" if known_from == event else f"is known from {known_from}"
