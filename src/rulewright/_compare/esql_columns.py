"""Which columns of an ES|QL query decide which rows it has; the others change only what an alert says."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rulewright._compare.esql_edits import EsqlEdit
from rulewright._compare.esql_shape import Item, Shape, Step

__all__ = ["Columns"]

SHOWN = frozenset({"KEEP", "DROP", "SORT"})
"""Commands that keep all rows; with a LIMIT behind it, SORT decides which are left."""

COMPUTED = frozenset({"EVAL", "STATS", "INLINE STATS"})

IDENTITY = frozenset({"_id", "_version", "_index"})
"""What tells the alert of a row from those of other runs."""

WORDS = re.compile(r"`([^`]+)`|([\w@.*]+)")


@dataclass(frozen=True, slots=True)
class Columns:
    """`deciding`: on which it hangs which rows two queries have. `identifying`: that tell their alerts apart."""

    deciding: Collection[str]
    identifying: Collection[str]

    @staticmethod
    def of(shapes: Iterable[Shape], grouped: Collection[str]) -> "Columns":
        """`grouped`: by what alerts are suppressed."""
        identifying = {*grouped, *IDENTITY}
        return Columns({name for shape in shapes for name in _deciding(shape, identifying)}, identifying)

    def only_show(self, edit: EsqlEdit) -> bool:
        """Whether an edit changes what alerts say, and not which rows there are, by the columns alone."""
        keys = [edit.key] if edit.key else [key for step in (edit.old, edit.new) if step for key in step.items]
        if edit.name in ("KEEP", "DROP"):  # what stands behind it does without, or the query could not be run
            return not any(fnmatchcase(name, key) for key in keys for name in self.identifying)
        if edit.name not in COMPUTED or not keys or (edit.name == "STATS" and not edit.key):
            return False
        return not any(key.startswith("BY ") or key in self.deciding for key in keys)


def _deciding(shape: Shape, identifying: Collection[str]) -> set[str]:
    """The columns that conditions, groups and commands other than those of the result ask for, and what these are
    made of."""
    found = set(identifying)
    has_limit = any(step.name == "LIMIT" for step in shape.steps)
    for step in reversed(shape.steps):
        if step.form is not None:
            found |= {column.name for column in step.form.fields()}
        elif step.name in COMPUTED:
            for key, item in reversed(list(step.items.items())):
                if key in found or item.clause == "BY":
                    found |= set(_columns(item))
        elif step.name not in SHOWN or (has_limit and step.name == "SORT"):
            found |= set(_words(step))
    return found


def _columns(item: Item) -> Iterator[str]:
    return (quoted or plain for quoted, plain in WORDS.findall(item.text))


def _words(step: Step) -> Iterator[str]:
    return (quoted or plain for quoted, plain in WORDS.findall(step.text))
