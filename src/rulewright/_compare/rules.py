"""Two rules: in which parts they differ, and what that comes to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from rulewright._compare.attributes import Attribute, attributes
from rulewright._compare.conditions import compare_conditions
from rulewright._compare.parts import Part, query_parts, type_parts
from rulewright._compare.runs import NO_RUNS, Runs, SharedRuns, discriminating_runs
from rulewright._project.project import Rule
from rulewright_engine.esql.syntax.tokens import tokenize
from rulewright_engine.ir.query import Language, Query
from rulewright_engine.languages.problems import Problems
from rulewright_engine.rules import Compilation, CompiledRule, judges_events, type_of
from rulewright_engine.solver.analysis.relation import Relation, combined
from rulewright_schema.rule import Rule as RuleModel

__all__ = ["Comparison", "compare", "compare_rules"]

INVERTED = frozenset({Relation.NARROWER, Relation.WIDER})
"""Relations of a query that are none of a rule which remembers what the query finds."""

CERTAIN = frozenset({"query", "index"})
"""Parts that need no run where each event is judged by itself: the first is decided, and events have no index."""

TEXTS = ("type", "index", "data_view_id", "filters", "alert_suppression")
"""What is compared of a rule whose meaning is not, beside the keys of its type."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`parts` are those that differ, `runs` tell the rules apart where events by themselves do not. `note` says what
    is not decided, or was not compared. `attributes` are the other keys that differ."""

    relation: Relation
    parts: tuple[Part, ...] = field(default=(), repr=False)
    runs: Runs = field(default=NO_RUNS, repr=False)
    note: str = ""
    attributes: tuple[Attribute, ...] = ()

    @property
    def lost(self) -> tuple[Mapping[str, Any], ...]:
        """Events for which only the old rule alerts; empty where none are known."""
        if self.runs.lost is not None:
            return self.runs.lost.case.events
        return tuple(each.event for part in self.parts if self.is_of_events for each in part.losses)

    @property
    def gained(self) -> tuple[Mapping[str, Any], ...]:
        """Events for which only the new rule alerts; empty where none are known."""
        if self.runs.gained is not None:
            return self.runs.gained.case.events
        return tuple(each.event for part in self.parts if self.is_of_events for each in part.gains)

    @property
    def is_of_events(self) -> bool:
        """Whether the query alone differs, and each event is judged by itself, so that its events say all."""
        return self.runs == NO_RUNS and [part.name for part in self.parts] == ["query"]

    @property
    def single(self) -> tuple[str, ...]:
        """The fields of which this is proven only as long as each holds one value."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.single))


def compare(old: Rule, new: Rule) -> Comparison:
    """What the new rule finds against what the old one finds; schedules and metadata do not count.

    `gained` and `lost` are events that show it.

    >>> new = rulewright.loads(rule.text.replace('== "nc"', 'in ("nc", "ncat")'))
    >>> comparison = rulewright.compare(rule, new)
    >>> comparison.relation is rulewright.Relation.WIDER
    True
    >>> comparison.gained[0]["process"]["name"]
    'ncat'
    """
    return compare_rules(old.compilation, new.compilation)


def compare_rules(old: Compilation, new: Compilation) -> Comparison:
    """What `new` finds against what `old` finds, and the other keys that differ."""
    return replace(_relation(old, new), attributes=attributes(old.rule, new.rule))


def _relation(old: Compilation, new: Compilation) -> Comparison:
    if old.compiled is None or new.compiled is None:
        return _compare_texts(old.rule, new.rule)
    if type_of(old.rule).compared_by_runs or type_of(new.rule).compared_by_runs:
        return _compare_runs(old.compiled, new.compiled)
    return _compare_parts(old.compiled, new.compiled)


def _compare_parts(old: CompiledRule, new: CompiledRule) -> Comparison:
    every = list(_parts(old, new))
    parts = tuple(part for part in every if part.is_worth_saying)
    claim = combined(part.relation for part in parts)
    remembers = type_of(new.rule).remembers
    if remembers and any(part.name == "query" and part.relation in INVERTED for part in parts):
        found = _confirmed(Relation.CHANGED, parts, discriminating_runs(SharedRuns(old, new), Relation.CHANGED))
        return replace(found, note=found.note or remembers)
    is_certain = judges_events(old) and judges_events(new)
    if claim is Relation.EQUAL or (is_certain and all(part.name in CERTAIN for part in parts)):
        return Comparison(claim, parts)
    return _confirmed(claim, parts, discriminating_runs(SharedRuns(old, new), claim))


def _confirmed(claim: Relation, parts: tuple[Part, ...], runs: Runs) -> Comparison:
    """What parts come to, as far as runs of both rules show it. Of indices no run is needed, or possible."""
    indices = {part.relation for part in parts if part.name == "index"}
    loses = bool(runs.lost) or not indices.isdisjoint({Relation.NARROWER, Relation.BOTH})
    gains = bool(runs.gained) or not indices.isdisjoint({Relation.WIDER, Relation.BOTH})
    match loses, gains, claim:
        case True, True, _:
            return Comparison(Relation.BOTH, parts, runs)
        case (True, False, Relation.NARROWER) | (False, True, Relation.WIDER):
            return Comparison(claim, parts, runs)
        case True, False, _:
            note = "it finds something no longer; whether it finds anything new is not decided"
        case False, True, _:
            note = "it finds something new; whether it finds anything no longer is not decided"
        case _ if runs.otherwise:
            note = "no case was found on which only one of the rules alerts, but one on which they alert otherwise"
        case _:
            return Comparison(Relation.UNDECIDED, parts, runs, "no case was found that tells the rules apart")
    return Comparison(Relation.CHANGED, parts, runs, note)


def _parts(old: CompiledRule, new: CompiledRule) -> Iterator[Part]:
    compare = partial(compare_conditions, rule=new.rule, fields=new.fields)
    assert isinstance(old.query, Query) and isinstance(new.query, Query)  # Invariant: ES|QL has no parts
    yield from query_parts(old.query, new.query, compare)
    yield from type_parts(old, new, compare)


def _compare_runs(old: CompiledRule, new: CompiledRule) -> Comparison:
    """Of rules in ES|QL, or of one in it and one in another language, what their cases show."""
    shared = SharedRuns(old, new)
    if old.esql is None or new.esql is None:
        compared = _compare_texts(old.rule, new.rule)
        return _confirmed(compared.relation, compared.parts, discriminating_runs(shared, compared.relation))
    from rulewright._compare.esql import esql_parts  # imported late: most rule sets hold no ES|QL

    compare = partial(compare_conditions, rule=new.rule, fields=new.fields)
    every = [*esql_parts(old, new, shared), *type_parts(old, new, compare)]
    parts = tuple(part for part in every if part.is_worth_saying)
    claim = combined(part.relation for part in parts)
    if claim is Relation.EQUAL:
        return Comparison(claim, parts)
    shown = [change.runs for part in parts for change in part.changes]
    lost = next((runs.lost for runs in shown if runs.lost), None)
    gained = next((runs.gained for runs in shown if runs.gained), None)
    runs = Runs(lost, gained, fields=shared.fields) if lost or gained else discriminating_runs(shared, claim)
    return _confirmed(claim, parts, runs)


def _compare_texts(old: RuleModel, new: RuleModel) -> Comparison:
    """Of rules that cannot be compared by meaning, whether they say the same."""
    keys = dict.fromkeys((*TEXTS, *old.keys_of_type(), *new.keys_of_type()))
    parts = tuple(Part(key, Relation.CHANGED) for key in keys if _said(old, key) != _said(new, key))
    what = type_of(new).compared_as_text or "a query that cannot be run"
    note = f"{what} is compared as text only"
    return Comparison(Relation.CHANGED if parts else Relation.EQUAL, parts, note=note)


def _said(rule: RuleModel, key: str) -> Any:
    """A value of a rule; of an ES|QL query its words, without comments and white space."""
    value = getattr(rule, key, None)
    if key != "query" or rule.query_language != Language.ESQL or not isinstance(value, str):
        return value
    return [token.text for token in tokenize(value, Problems())]
