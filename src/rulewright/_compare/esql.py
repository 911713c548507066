"""Two rules in ES|QL: each edit of the query with a run of both rules that shows it, or the proof that none can."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from rulewright._compare.edits import Edit
from rulewright._compare.esql_columns import Columns
from rulewright._compare.esql_edits import EsqlEdit, esql_edits
from rulewright._compare.esql_shape import Shape, shape_of
from rulewright._compare.parts import Change, Part, Witness
from rulewright._compare.runs import Alerts, Run, Runs, SharedRuns
from rulewright_engine.esql.analysis.query import plan_of, read
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.query import EsqlQuery
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import multi_valued_in
from rulewright_engine.solver.analysis.difference import difference
from rulewright_engine.solver.analysis.findings import is_contradictory
from rulewright_engine.solver.analysis.index_patterns import compare_indices
from rulewright_engine.solver.analysis.relation import Relation, combined
from rulewright_generators.cases import Case
from rulewright_generators.cases.esql.generate import esql_alert, exact_condition
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_schema.errors import LimitExceeded

__all__ = ["esql_parts"]

MAX_SEARCHED = 24
"""Edits of a query that are looked into."""

TOO_MANY = f"only the first {MAX_SEARCHED} changes are looked into"

NOT_SHOWN = "no run was found that depends on it"


def esql_parts(old: CompiledRule, new: CompiledRule, shared: SharedRuns) -> Iterator[Part]:
    """The parts of two queries: which indices they read, and what was done to the rest."""
    before, after = (shape_of(_query(each).text) for each in (old, new))
    indices = [[key for key in shape.steps[0].items if not key.startswith("METADATA ")] for shape in (before, after)]
    told, now = (", ".join(sorted(each)) for each in indices)
    yield Part("index", compare_indices(*indices), told, now)
    edits = [edit for edit in esql_edits(before, after) if not _is_of_index(edit)]
    if not edits:
        return
    search = _Search(_Side(old, before), _Side(new, after), shared, _columns(old, new, before, after), len(edits) == 1)
    changes = [search.change(edit) for edit in edits[:MAX_SEARCHED]]
    changes += [Change(*edit.texts, reason=TOO_MANY) for edit in edits[MAX_SEARCHED:]]
    proven = [edit for edit, change in zip(edits, changes, strict=True) if change.is_proven]
    claim = _claim(edits, changes, before, after)
    if claim is Relation.EQUAL and len(proven) > 1 and not _is_proven(search.old, search.new):
        claim = Relation.CHANGED  # each alone makes no difference
    changes.sort(key=lambda each: (not (each.lost or each.runs.lost), not (each.gained or each.runs.gained)))
    yield Part("query", claim, changes=tuple(changes), single=tuple(dict.fromkeys(_asked(proven, new))))


def _asked(edits: Sequence[EsqlEdit], compiled: CompiledRule) -> Iterator[str]:
    """The fields that edits have to do with, and that may have several values, which are null to a condition."""
    names = (field.name for edit in edits for part in edit.parts for field in part.fields())
    infos = (compiled.fields.lookup(name) for name in names)
    return (info.name for info in infos if info is not None and info.array is not False)


def _columns(old: CompiledRule, new: CompiledRule, *shapes: Shape) -> Columns:
    suppressed = [each.rule.alert_suppression for each in (old, new)]
    return Columns.of(shapes, {name for each in suppressed if each is not None for name in each.group_by})


def _is_of_index(edit: EsqlEdit) -> bool:
    return edit.name == "FROM" and not edit.key.startswith("METADATA ")


def _query(compiled: CompiledRule) -> EsqlQuery:
    assert isinstance(compiled.query, EsqlQuery)  # Invariant: only rules in ES|QL are compared here
    return compiled.query


# Which way


def _claim(edits: Sequence[EsqlEdit], changes: Sequence[Change], old: Shape, new: Shape) -> Relation:
    """What the edits come to, by their form alone."""
    counted = [(edit, change) for edit, change in zip(edits, changes, strict=True) if change.differs or change.reason]
    if not counted:
        return Relation.EQUAL
    if not all(edit.edit for edit, _ in counted) or not all(map(_is_monotonic, (old, new))):
        return Relation.CHANGED
    return combined(_direction(edit.edit) for edit, _ in counted if edit.edit)


def _direction(edit: Edit) -> Relation:
    """One more condition among those that must all hold is narrower, one more alternative wider."""
    if edit.old is not None and edit.new is not None:
        return Relation.CHANGED
    return Relation.NARROWER if edit.conjunctive is (edit.new is not None) else Relation.WIDER


def _is_monotonic(shape: Shape) -> bool:
    """Whether a query that lets fewer rows through, at whatever place, has fewer results."""
    return all(step.name in ("FROM", "WHERE", "EVAL", "KEEP", "DROP", "RENAME") for step in shape.steps[:-1]) and (
        shape.steps[-1].name in ("FROM", "WHERE", "EVAL", "KEEP", "DROP", "RENAME", "SORT")
    )


# What shows it


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """A rule, and its query as a shape."""

    compiled: CompiledRule
    shape: Shape

    def with_shape(self, shape: Shape) -> "_Side | None":
        """The rule with another query; None for one that cannot be run."""
        query = read(shape.text, _query(self.compiled).types, self.compiled.options).query
        return None if query is None else _Side(replace(self.compiled, query=query), shape)

    def alerts(self, case: Case) -> Alerts | None:
        with suppress(LimitExceeded):
            return tuple(sorted(CaseRunner(self.compiled).alerts(case)))
        return None


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """The search for runs of two rules that show an edit. `is_only`: it is the only one, so every run shows it."""

    old: _Side
    new: _Side
    shared: SharedRuns
    columns: Columns
    is_only: bool

    def change(self, edit: EsqlEdit) -> Change:
        if self.columns.only_show(edit):
            return Change(*edit.texts, is_of_content=True)
        alone, otherwise = self._alone(edit), None
        away, added = self._made(edit, self.old, gains=False), self._made(edit.turned(), self.new, gains=True)
        lost, gained = (next((run for run in made if self._shows(run, alone)), None) for made in (away, added))
        if lost is None and gained is None:
            told = [run for run in self.shared.differing if self._shows(run, alone)]
            lost = next((run for run in told if run.old and not run.new), None)
            gained = next((run for run in told if run.new and not run.old), None)
            otherwise = None if lost or gained else next(iter(told), None)
        found = Change(*edit.texts, runs=Runs(lost, gained, otherwise, self.shared.fields))
        if found.differs or (alone is not None and _is_proven(*alone)):
            return found
        here = self._witness(edit, self.old, self.new), self._witness(edit.turned(), self.new, self.old)
        return replace(found, lost=here[0], gained=here[1], reason="" if any(here) else NOT_SHOWN)

    def _witness(self, edit: EsqlEdit, side: _Side, other: _Side) -> Witness | None:
        """An event that one side's conditions let through up to those that are edited, and the other's do not."""
        if edit.edit is None:
            return None
        whole, rest = (each.with_shape(each.shape.until(at)) for each, at in zip((side, other), edit.at, strict=True))
        for shape in edit.questions(side.shape.until(edit.at[0])) if whole and rest else ():
            asked = side.with_shape(shape)
            case = esql_alert(asked.compiled, plan_of(_query(asked.compiled))) if asked else None
            if case and len(case.events) == 1 and whole and rest and whole.alerts(case) and rest.alerts(case) == ():
                names = dict.fromkeys(field.name for part in edit.parts for field in part.fields())
                return Witness(case.events[0], {name: tuple(Event(case.events[0]).raw(name)) for name in names})
        return None

    def _alone(self, edit: EsqlEdit) -> tuple[_Side, _Side] | None:
        """Two rules that differ in the edit alone; None where nobody knows how such would look."""
        for side, turned in ((self.old, edit), (self.new, edit.turned())):
            shape = turned.made_in(side.shape)
            made = side.with_shape(shape) if shape is not None else None
            if made is not None:
                return side, made
        return None

    def _shows(self, run: Run, alone: tuple[_Side, _Side] | None) -> bool:
        if self.is_only:
            return True
        if alone is None:
            return False
        one, other = (side.alerts(run.case) for side in alone)
        return one != other

    def _made(self, edit: EsqlEdit, side: _Side, *, gains: bool) -> Iterator[Run]:
        """Runs on which the rule of one side alerts, and the other does not."""
        for shape in edit.questions(side.shape):
            asked = side.with_shape(shape)
            case = esql_alert(asked.compiled, plan_of(_query(asked.compiled))) if asked else None
            run = self.shared.run(case) if case else None
            if run is not None and (run.new and not run.old if gains else run.old and not run.new):
                yield run


def _is_proven(*sides: _Side) -> bool:
    """Whether two queries that differ in their conditions alone are proven to let the same events through, as long as
    these have one value in each field that is asked for."""
    others = [[step.meaning for step in side.shape.steps if step.name != "WHERE"] for side in sides]
    if others[0] != others[1] or any(_is_asked_later(side.shape) for side in sides):
        return False
    one, other = (exact_condition(side.compiled, plan_of(_query(side.compiled))) for side in sides)
    if one is None or other is None:
        return False
    asked = [difference(one, other), difference(other, one)]
    multi_valued = multi_valued_in(sides[0].compiled.fields)
    return all(each is None or is_contradictory(each, multi_valued) for each in asked)


def _is_asked_later(shape: Shape) -> bool:
    """Whether a WHERE stands behind a STATS."""
    names = [step.name for step in shape.steps]
    return "WHERE" in names[next((at for at, name in enumerate(names) if "STATS" in name), len(names)) :]
