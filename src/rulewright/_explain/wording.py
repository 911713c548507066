"""What explanations say alike: values, conditions in short, and where they stand in the rule file."""

from collections.abc import Iterable, Mapping
from typing import Any

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Leaf,
    Nested,
    Not,
    Or,
)
from rulewright_engine.rules.wording import value_text
from rulewright_engine.solver.nearest import Change, FieldChange, NoChange
from rulewright_schema.files.load import QUERY, RuleFile
from rulewright_schema.source import NOWHERE, Span

__all__ = [
    "change_lines",
    "change_to_json",
    "condition_text",
    "line_of",
    "values_text",
]


def values_text(values: Mapping[str, Iterable[Any]]) -> str:
    return "; ".join(f"{name} = {value_text(held)}" for name, held in values.items())


def condition_text(condition: Condition) -> str:
    """A tree in one line: its conditions as they are written, long lists by their first."""
    match condition:
        case Leaf(text=text):
            return " ".join(text.split())
        case Constant(value):
            return str(value).lower()
        case Not(child):
            return f"not {_inside(child)}"
        case Nested(path, child):
            return f"{path}: {{ {condition_text(child)} }}"
        case Or(children, listed=True) if len(children) > 2:
            return f"{condition_text(children[0])} or one of {len(children) - 1} more"
        case And(children) | Or(children):
            word = " and " if isinstance(condition, And) else " or "
            return word.join(map(_inside, children))


def _inside(condition: Condition) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, And | Or) and len(list(condition.leaves())) > 1 else text


def line_of(file: RuleFile, span: Span) -> int | None:
    """The line of the rule file that a place of its query stands in; None for what stands elsewhere (a filter)."""
    if span == NOWHERE:
        return None
    return file.source.position(file.place(QUERY)(span).start).line


def change_lines(change: Change | NoChange, does: str = "fires") -> list[str]:
    """What to change of an event, or why nothing helps; `does` is what it then does."""
    if isinstance(change, Change):
        how = f"the smallest change with which it {does}" if change.proven else f"a change with which it {does}"
        lines = [f"{how}:", *(f"  {_field_change(each)}" for each in change.fields)]
        follows = [f"  {_field_change(each)}" for each in change.follows]
        return [*lines, "and with it, so that its fields agree:", *follows] if follows else lines
    if change.because:
        return ["no event at all can meet these together:", *(f"  {text}" for text in change.because)]
    return [f"no change was found with which it {does}: {change.reason}"]


def _field_change(change: FieldChange) -> str:
    added, dropped = change.added, change.dropped
    if not change.after:
        return f"{change.name}: {value_text(change.before)} -> dropped"
    if len(change.before) == len(change.after) == 1:
        return f"{change.name}: {value_text(change.before)} -> {value_text(change.after)}"
    if added and dropped:
        return f"{change.name}: {value_text(dropped)} -> {value_text(added)}"
    return f"{change.name}: added {value_text(added)}" if added else f"{change.name}: dropped {value_text(dropped)}"


def change_to_json(change: Change | NoChange) -> dict[str, Any]:
    """`{"smallest": true, "fields": [{"field", "before", "after"}], "follows": [...]}`, or `{"impossible": [...]}`."""
    if isinstance(change, Change):
        fields, follows = (
            [{"field": each.name, "before": list(each.before), "after": list(each.after)} for each in changes]
            for changes in (change.fields, change.follows)
        )
        return {"smallest": change.proven, "fields": fields, **({"follows": follows} if follows else {})}
    return {"impossible": list(change.because)} if change.because else {"unknown": change.reason}
