"""Why an event meets a condition or not: the truth of every node, and the values that its atomic conditions saw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rulewright_engine.evaluate.compile import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Leaf,
    Nested,
    Not,
    Or,
)

__all__ = ["Blocker", "Trace", "blockers", "trace"]


@dataclass(frozen=True, slots=True)
class Trace:
    """The truth of a node. `values` are the fields of an atomic condition as the document holds them, without nulls.

    The child of a `Nested` is traced for the first object that meets it, else for the first object, else for none.
    """

    node: Condition
    truth: bool
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    children: tuple["Trace", ...] = ()

    def to_json(self) -> dict[str, Any]:
        """`{"node": "and", "truth": true, "children": [...]}`; an atomic condition has `text`, `values`."""
        name = "condition" if isinstance(self.node, Leaf) else type(self.node).__name__.lower()
        described: dict[str, Any] = {"node": name, "truth": self.truth}
        match self.node:
            case Leaf(text=text):
                described |= {"text": text, "values": {name: list(values) for name, values in self.values.items()}}
            case Nested(path):
                described["path"] = path
        if self.children:
            described["children"] = [child.to_json() for child in self.children]
        return described


@dataclass(frozen=True, slots=True)
class Blocker:
    """A condition that has to be otherwise: one that is false where it is `wanted`, or true where it is not."""

    trace: Trace
    wanted: bool


def blockers(node: Trace, *, wanted: bool = True) -> Iterator[Blocker]:
    """The conditions, in the order of the text, each of which keeps `node` from being as it is wanted."""
    if node.truth == wanted:
        return
    match node.node:
        case Not():
            yield from blockers(node.children[0], wanted=not wanted)
        case And() | Or() if isinstance(node.node, And) == wanted:
            for child in node.children:
                yield from blockers(child, wanted=wanted)
        case _:
            yield Blocker(node, wanted)


def trace(condition: Condition, event: Event) -> Trace:
    """The truth of every node of `condition` for an event; nothing is cut short."""
    match condition:
        case Constant(value):
            return Trace(condition, value)
        case Not(child):
            inner = trace(child, event)
            return Trace(condition, not inner.truth, children=(inner,))
        case And(children):
            traces = tuple(trace(child, event) for child in children)
            return Trace(condition, all(inner.truth for inner in traces), children=traces)
        case Or(children):
            traces = tuple(trace(child, event) for child in children)
            return Trace(condition, any(inner.truth for inner in traces), children=traces)
        case Nested(path, child):
            return _trace_nested(condition, path, child, event)
        case Leaf(value):
            values = {field.name: tuple(event.raw(field.name)) for field in value.fields()}
            return Trace(condition, compile_condition(condition)(event), values)


def _trace_nested(condition: Condition, path: str, child: Condition, event: Event) -> Trace:
    traces = [trace(child, part) for part in event.objects(path)]
    shown = next((inner for inner in traces if inner.truth), traces[0] if traces else trace(child, Event({})))
    return Trace(condition, any(inner.truth for inner in traces), children=(shown,))
