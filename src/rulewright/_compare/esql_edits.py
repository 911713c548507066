"""What was done to an ES|QL query: conditions and list elements, aggregates, columns, sources, whole commands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from rulewright._compare.edits import Edit, edits_between, whole_text
from rulewright._compare.esql_shape import Shape, Step
from rulewright_engine.ir.expression import And, Condition, Constant, Leaf, Not, Or

__all__ = ["EsqlEdit", "esql_edits"]

NOTHING = Constant(True)
"""What a WHERE asks that is not there."""


@dataclass(frozen=True, slots=True)
class EsqlEdit:
    """What was done to one step of a query. `at` is its place in the old and the new query, or where it would stand.

    Of a WHERE, `edit` are the parts of its conditions; of other steps, `key` is an item, empty for all of the step.
    """

    at: tuple[int, int]
    old: Step | None
    new: Step | None
    edit: Edit | None = None
    key: str = ""

    @property
    def name(self) -> str:
        return (self.old or self.new or Step("")).name

    @property
    def parts(self) -> Iterator[Condition]:
        """The conditions that are gone or new."""
        paths = (self.edit.old, self.edit.new) if self.edit else (None, None)
        for step, path in zip((self.old, self.new), paths, strict=True):
            if step is not None and step.form is not None and path is not None:
                yield step.form.at(path)

    @property
    def texts(self) -> tuple[str, str]:
        """The old and the new text, empty on the side that has none."""
        old, new = (self._text(step, side) for side, step in enumerate((self.old, self.new)))
        return old, new

    def _text(self, step: Step | None, side: int) -> str:
        if step is None:
            return ""
        if self.edit is not None:
            path = (self.edit.old, self.edit.new)[side]
            return "" if path is None or step.form is None else whole_text(step.form.at(path))
        item = step.items.get(self.key) if self.key else None
        if self.key and item is None:
            return ""
        said = f"{step.name} {item.clause + ' ' if item.clause else ''}{item.text}" if item else step.text
        return " ".join(said.split())

    def turned(self) -> "EsqlEdit":
        edit = self.edit.turned() if self.edit else None
        return EsqlEdit((self.at[1], self.at[0]), self.new, self.old, edit, self.key)

    def made_in(self, shape: Shape) -> Shape | None:
        """The old query with this edit alone; None where nobody knows how that would look."""
        place, old, new = self.at[0], self.old, self.new
        if old is None:
            return shape.with_step(place, new, inserted=True)
        if self.edit is not None:
            return self._with_condition(shape, old, new)
        if new is None or not self.key:
            return shape.with_step(place, new)
        return shape.with_step(place, old.with_item(self.key, new.items.get(self.key)))

    def _with_condition(self, shape: Shape, old: Step, new: Step | None) -> Shape | None:
        edit = self.edit
        if edit is None or edit.old is None or old.form is None:
            return None
        part: Condition = Constant(edit.conjunctive)
        if edit.new is not None and new is not None and new.form is not None:
            part = new.form.at(edit.new)
        return shape.with_step(self.at[0], replace(old, form=old.form.replace(edit.old, part)))

    def questions(self, shape: Shape) -> Iterator[Shape]:
        """Queries, made of the old one, for events that this edit takes away from it: first those on which nothing but
        the edit decides."""
        one, other = (step.form if step is not None else NOTHING for step in (self.old, self.new))
        if one is None or other is None:
            return
        for asked in _asked(one, other, self.edit):
            step = Step("WHERE", And((one, asked)))
            yield shape.with_step(self.at[0], step, inserted=self.old is None)


def _asked(one: Condition, other: Condition, edit: Edit | None) -> Iterator[Condition]:
    """What is true of rows that `one` lets through, and `other` does not because of the edit."""
    if edit is None:
        yield _is_not(other)
    elif edit.conjunctive and edit.new is not None:
        yield And((other.replace(edit.new, NOTHING), _is_not(other.at(edit.new))))
        yield _is_not(other.at(edit.new))
    elif not edit.conjunctive and edit.old is not None:
        yield And((_is_not(one.replace(edit.old, Constant(False))), _is_not(other)))
        yield And((one.at(edit.old), _is_not(other)))


def _is_not(condition: Condition) -> Condition:
    """True where a flat condition is false, or null for want of a value."""
    match condition:
        case And(operands):
            return Or(tuple(map(_is_not, operands)))
        case Or(operands):
            return And(tuple(map(_is_not, operands)))
        case Not(Leaf() as leaf):
            return Or((leaf, *_nulls(leaf)))
        case Leaf() as leaf:
            return Or((Not(leaf), *_nulls(leaf)))
        case _:
            return Not(condition)


def _nulls(leaf: Leaf) -> Iterator[Leaf]:
    return (replace(leaf, text=f"`{column.name}` IS NULL") for column in leaf.value.fields())


def esql_edits(old: Shape, new: Shape) -> Iterator[EsqlEdit]:
    """Every edit that makes the new query of the old one, in the order of the text."""
    for start, one in _paired(old.steps, new.steps):
        yield from _step_edits(start, *one)


def _paired(
    old: Sequence[Step], new: Sequence[Step]
) -> Iterator[tuple[tuple[int, int], tuple[Step | None, Step | None]]]:
    """The steps that are not the same, each beside its counterpart: one of the same command, in order."""
    blocks = SequenceMatcher(None, [step.meaning for step in old], [step.meaning for step in new], autojunk=False)
    for _, first, last, start, end in (each for each in blocks.get_opcodes() if each[0] != "equal"):
        before, after = old[first:last], new[start:end]
        names = SequenceMatcher(None, [step.name for step in before], [step.name for step in after], autojunk=False)
        for what, one, until, other, to in names.get_opcodes():
            if what == "equal":
                for step in range(until - one):
                    here = first + one + step, start + other + step
                    yield here, (old[here[0]], new[here[1]])
                continue
            yield from (((first + at, start + other), (before[at], None)) for at in range(one, until))
            yield from (((first + until, start + at), (None, after[at])) for at in range(other, to))


def _step_edits(at: tuple[int, int], old: Step | None, new: Step | None) -> Iterator[EsqlEdit]:
    conditions = [step.form if step is not None else NOTHING for step in (old, new)]
    if conditions[0] is not None and conditions[1] is not None:
        for edit in edits_between(conditions[0], conditions[1]):
            edited = _without_nothing(edit, old, new)
            if edited.old is not None or edited.new is not None:
                yield EsqlEdit(at, old, new, edited)
        return
    if old is None or new is None or not old.name:
        yield EsqlEdit(at, old, new)
        return
    changed = [key for key in dict.fromkeys((*old.items, *new.items)) if _meaning(old, key) != _meaning(new, key)]
    yield from (EsqlEdit(at, old, new, key=key) for key in changed)
    if not changed:
        yield EsqlEdit(at, old, new)  # in another order


def _meaning(step: Step, key: str) -> object:
    item = step.items.get(key)
    return None if item is None else (item.clause, item.meaning)


def _without_nothing(edit: Edit, old: Step | None, new: Step | None) -> Edit:
    """The edit without the side that is not there."""
    return replace(edit, old=edit.old if old else None, new=edit.new if new else None)
