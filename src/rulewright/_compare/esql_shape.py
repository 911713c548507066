"""An ES|QL query as the steps that two queries are laid side by side by, and back to text.

WHEREs that follow each other are one, and so are EVALs; of other commands each column, aggregate or key is an item.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rulewright._compare.edits import flat
from rulewright._compare.esql_conditions import canonical_text, condition_of, query_text
from rulewright_engine.esql.syntax.ast import (
    Assignment,
    Command,
    Drop,
    Eval,
    From,
    InlineStats,
    Keep,
    Limit,
    Name,
    Order,
    Rename,
    Sort,
    Stats,
    Where,
)
from rulewright_engine.esql.syntax.parser import parse
from rulewright_engine.ir.expression import And, Condition
from rulewright_engine.languages.problems import Problems
from rulewright_engine.solver.analysis.difference import normal_form
from rulewright_schema.source import Span

__all__ = ["Item", "Shape", "Step", "shape_of"]


@dataclass(frozen=True, slots=True)
class Item:
    """`text` as the query says it; `meaning` is equal for what says the same; `clause`: `BY` or `METADATA`."""

    text: str
    meaning: Hashable
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """`name` is the command's, empty where its text is taken as a whole. WHERE has a `form`, which is flat; others have
    items, by the column that they make or name."""

    name: str
    form: Condition | None = None
    items: Mapping[str, Item] = field(default_factory=dict)

    @property
    def meaning(self) -> Hashable:
        """Equal for steps that do the same. The order counts where an item may ask for the one before."""
        if self.form is not None:
            return self.name, normal_form(self.form)
        meanings = [(key, item.meaning) for key, item in self.items.items()]
        return self.name, tuple(meanings) if self.name in ("EVAL", "SORT", "RENAME") else frozenset(meanings)

    @property
    def text(self) -> str:
        if self.form is not None:
            return f"WHERE {query_text(self.form)}"
        clauses = dict.fromkeys(("", *(item.clause for item in self.items.values())))
        texts = {name: [item.text for item in self.items.values() if item.clause == name] for name in clauses}
        said = " ".join(f"{name} {', '.join(items)}".strip() for name, items in texts.items())
        return f"{self.name} {said}".strip()

    def with_item(self, key: str, item: Item | None) -> "Step":
        """The step with another item, or without it."""
        changed = {**self.items, key: item} if item else {name: it for name, it in self.items.items() if name != key}
        return replace(self, items={name: it for name, it in changed.items() if it is not None})


@dataclass(frozen=True, slots=True)
class Shape:
    """`settings` is what stands in front of the first command."""

    settings: str
    steps: tuple[Step, ...]

    @property
    def text(self) -> str:
        return self.settings + "\n| ".join(step.text for step in self.steps)

    def until(self, at: int) -> "Shape":
        """The query up to a place, and with what stands there."""
        return replace(self, steps=self.steps[: at + 1])

    def with_step(self, at: int, step: Step | None, *, inserted: bool = False) -> "Shape":
        """The query with another step at a place, with one more in front of it, or without it."""
        taken = 0 if inserted else 1
        return replace(self, steps=(*self.steps[:at], *([step] if step else []), *self.steps[at + taken :]))


def shape_of(text: str) -> Shape:
    """The shape of a query that can be read."""
    query = parse(text, Problems())
    steps: list[Step] = []
    for step in (_step(command, text) for command in query.commands):
        last = steps[-1] if steps else None
        if last is not None and last.form is not None and step.form is not None:
            steps[-1] = replace(last, form=flat(And((last.form, step.form))))
        elif last is not None and last.name == step.name == "EVAL" and last.items.keys().isdisjoint(step.items):
            steps[-1] = replace(last, items={**last.items, **step.items})
        else:
            steps.append(step)
    return Shape(text[: query.commands[0].span.start] if query.settings else "", tuple(steps))


def _step(command: Command, text: str) -> Step:
    match command:
        case Where(condition):
            return Step("WHERE", flat(condition_of(condition, text)))
        case From(sources, metadata):
            fields = {f"METADATA {name.text}": Item(_slice(name.span, text), "", "METADATA") for name in metadata}
            return Step("FROM", items={**{source: Item(_quoted(source), "") for source in sources}, **fields})
        case Eval(fields):
            return Step("EVAL", items=dict(_assigned(fields, text)))
        case Stats(aggregates, by) | InlineStats(aggregates, by):
            name = "STATS" if isinstance(command, Stats) else "INLINE STATS"
            return Step(name, items=dict((*_assigned(aggregates, text), *_assigned(by, text, clause="BY"))))
        case Keep(patterns) | Drop(patterns):
            named = {pattern.text: Item(_slice(pattern.span, text), pattern.text) for pattern in patterns}
            return Step("KEEP" if isinstance(command, Keep) else "DROP", items=named)
        case Rename(renamings):
            told = {each.old.text: f"{_named(each.old, text)} AS {_named(each.new, text)}" for each in renamings}
            return Step("RENAME", items={name: Item(said, said) for name, said in told.items()})
        case Sort(orders):
            return Step("SORT", items=dict(_order(each, text) for each in orders))
        case Limit(count):
            said = _slice(count.span, text)
            return Step("LIMIT", items={"count": Item(said, canonical_text(count))})
        case _:
            said = _slice(command.span, text)
            return Step("", items={"command": Item(said, " ".join(said.split()))})


def _assigned(fields: Sequence[Assignment], text: str, *, clause: str = "") -> Iterator[tuple[str, Item]]:
    for each in fields:
        said, asked = _slice(each.expression.span, text), canonical_text(each.expression)
        key, condition = each.name.text if each.named else asked, None
        if each.named:
            said = f"{_slice(each.name.span, text)} = {said}"
        if each.where is not None:
            said = f"{said} WHERE {_slice(each.where.span, text)}"
            condition = normal_form(flat(condition_of(each.where, text)))
        yield f"{clause} {key}".strip(), Item(said, (asked, condition), clause)


def _order(order: Order, text: str) -> tuple[str, Item]:
    said = f"{_slice(order.expression.span, text)} {'DESC' if order.descending else 'ASC'}"
    said += " NULLS FIRST" if order.nulls_first else " NULLS LAST"
    return canonical_text(order.expression), Item(said, said.partition(" ")[2])


def _named(name: Name, text: str) -> str:
    return _slice(name.span, text)


def _quoted(source: str) -> str:
    return f'"{source}"'


def _slice(span: Span, text: str) -> str:
    return text[span.start : span.end]
