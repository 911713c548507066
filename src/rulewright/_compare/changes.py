"""What was done to a condition, each change with an event that shows it, or the proof that it makes no difference."""

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright._compare.edits import Edit, edits_between, flat, whole_text
from rulewright._compare.parts import Change, Witness
from rulewright._compare.witnesses import witness_of
from rulewright_engine.ir.expression import And, Condition, Constant, Not
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.tree import Path
from rulewright_engine.solver import BudgetExceeded
from rulewright_engine.solver.analysis.difference import difference
from rulewright_schema.rule import Rule

__all__ = ["changes_between"]


def changes_between(
    old: Condition, new: Condition, rule: Rule, fields: FieldTypes, *, loses: bool, gains: bool
) -> tuple[Change, ...]:
    """All changes, losses first. `loses`, `gains`: what is not proven not to be; only that is searched for."""
    before, after = flat(old), flat(new)
    away = _Search(before, after, rule, fields)
    added = _Search(after, before, rule, fields)
    changes = []
    for edit in edits_between(before, after):
        lost, unsure = away.witness(edit) if loses else (None, "")
        gained, doubt = added.witness(edit.turned()) if gains else (None, "")
        reason = "" if lost or gained else unsure or doubt
        changes.append(Change(_text(before, edit.old), _text(after, edit.new), lost, gained, reason))
    return tuple(sorted(changes, key=lambda change: (change.lost is None, change.gained is None)))


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for events that `one` matches and `other` does not; of an edit, `old` is the side of `one`."""

    one: Condition
    other: Condition
    rule: Rule
    fields: FieldTypes

    def witness(self, edit: Edit) -> tuple[Witness | None, str]:
        """An event on which this edit decides, and where none was found, why that proves nothing."""
        reason = ""
        for question in self._questions(edit):
            try:
                found = witness_of(question, self.one, self.other, self.rule, self.fields)
            except BudgetExceeded as error:
                reason = str(error)
                continue
            if found is not None:
                return found, ""
        return None, reason

    def _questions(self, edit: Edit) -> Iterator[Condition]:
        """First for an event on which nothing but the edit decides, then for any that it has to do with."""
        only = difference(self.one, self.other)
        if only is None:
            return
        if edit.conjunctive and edit.new is not None:
            yield And((only, self.other.replace(edit.new, Constant(True))))
            yield And((only, Not(self.other.at(edit.new))))
        elif not edit.conjunctive and edit.old is not None:
            yield And((only, Not(self.one.replace(edit.old, Constant(False)))))
            yield And((only, self.one.at(edit.old)))


def _text(condition: Condition, path: Path | None) -> str:
    return "" if path is None else whole_text(condition.at(path))
