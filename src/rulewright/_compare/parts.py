"""The parts in which two rules can differ, each with its relation."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rulewright._compare.edits import whole_text
from rulewright._compare.runs import NO_RUNS, Runs
from rulewright._compare.stages import aligned
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.query import (
    EventQuery,
    Query,
    Sample,
    Stage,
)
from rulewright_engine.ir.query import Sequence as EventSequence
from rulewright_engine.rules import CompiledRule, type_of
from rulewright_engine.solver.analysis.index_patterns import compare_indices
from rulewright_engine.solver.analysis.relation import (
    Relation,
    of_numbers,
    of_sets,
    reversed_,
)
from rulewright_schema.durations import duration_text
from rulewright_schema.rule import Rule

__all__ = ["Change", "CompareConditions", "Part", "Witness", "query_parts", "type_parts"]


@dataclass(frozen=True, slots=True)
class Witness:
    """An event that one side's condition alone matches, confirmed by evaluation of both.

    `shown` are the fields that the conditions read, those first that the other side's refusal depends on, which are
    `deciding`; `because` holds conditions of that side, each with what would have to be so of it and is not.
    """

    event: Mapping[str, Any]
    shown: Mapping[str, tuple[Any, ...]]
    deciding: frozenset[str] = frozenset()
    because: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was done to a condition: `old` is the text of what is gone or another now, `new` of what came.

    `lost` is an event that only the old side matches, because of this change; `gained` one that only the new side does.
    Where one event does not say it, `runs` show it. Where there is nothing of it, the change is proven to make no
    difference, or `reason` says why that is not known. `is_of_content`: it changes only what an alert says.
    """

    old: str
    new: str
    lost: Witness | None = None
    gained: Witness | None = None
    reason: str = ""
    runs: Runs = NO_RUNS
    is_of_content: bool = False

    @property
    def differs(self) -> bool:
        """Whether it is shown to make a difference."""
        return bool(self.lost or self.gained or self.runs.lost or self.runs.gained or self.runs.otherwise)

    @property
    def is_proven(self) -> bool:
        """Whether it makes no difference."""
        return not self.differs and not self.reason and not self.is_of_content


@dataclass(frozen=True, slots=True)
class Part:
    """`old` and `new` are its texts where they are short; `lost` is matched by the old side alone, `gained` by the new
    one; `reason` says why the relation is not certain, `single` names the fields of which it is proven only as long as
    each holds one value. `changes` are all that was done to a condition, losses first."""

    name: str
    relation: Relation
    old: str = ""
    new: str = ""
    lost: Witness | None = None
    gained: Witness | None = None
    reason: str = ""
    single: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def is_worth_saying(self) -> bool:
        """Whether it differs, is equal on a condition, or in spite of what was done to it."""
        return self.relation is not Relation.EQUAL or bool(self.single) or self.is_edited

    @property
    def is_edited(self) -> bool:
        """Whether it says something else, be it with the same meaning."""
        return bool(self.changes) or self.old != self.new

    @property
    def losses(self) -> tuple[Witness, ...]:
        """Events that the old side alone matches: of each change that loses some, else of the whole."""
        return tuple(each.lost for each in self.changes if each.lost) or ((self.lost,) if self.lost else ())

    @property
    def gains(self) -> tuple[Witness, ...]:
        """Events that the new side alone matches, in the same way."""
        return tuple(each.gained for each in self.changes if each.gained) or ((self.gained,) if self.gained else ())


CompareConditions = Callable[[str, Condition, Condition], Part]
"""The part of a name that two conditions are."""


def query_parts(old: Query, new: Query, compare: CompareConditions) -> Iterator[Part]:
    """Of queries of one shape: their conditions, keys, spans and counts."""
    match old, new:
        case EventQuery(), EventQuery():
            yield compare("query", old.condition, new.condition)
        case EventSequence(), EventSequence():
            yield from _stage_parts(old.stages, new.stages, compare)
            yield _joins(old, new)
            yield from _until_parts(old.until, new.until, compare)
            yield _maxspan(old, new)
        case Sample(), Sample():
            yield from _stage_parts(old.stages, new.stages, compare)
            yield _joins(old, new)
        case _:
            yield Part("query", Relation.CHANGED, _shape(old), _shape(new))
            return
    yield _changed("pipes", _pipes(old), _pipes(new))


def _stage_parts(old: Sequence[Stage], new: Sequence[Stage], compare: CompareConditions) -> Iterator[Part]:
    """A stage more is narrower, unless one must be missing: it may lie in another stretch of time then."""
    is_plain = not any(stage.missing for stage in (*old, *new))
    for number, before, after in aligned(old, new):
        name = f"stage {number}"
        if before is None or after is None:
            relation = Relation.CHANGED if not is_plain else Relation.WIDER if after is None else Relation.NARROWER
            yield Part(name, relation, _stage_text(before), _stage_text(after))
            continue
        if before.missing != after.missing:
            yield _changed(name, *("must be missing" if stage.missing else "must occur" for stage in (before, after)))
            continue
        part = compare(name, before.condition, after.condition)
        yield _excluding(part) if after.missing else part
        yield _number(f"runs of {name}", before.runs, after.runs)


def _stage_text(stage: Stage | None) -> str:
    if stage is None:
        return "none"
    runs = f" with runs={stage.runs}" if stage.runs > 1 else ""
    return f"{'!' if stage.missing else ''}[{whole_text(stage.condition)}]{runs}"


def _joins(old: Query, new: Query) -> Part:
    """The fields whose values must be equal in all stages: the more, the narrower. With more keys there is less, too,
    that ends a sequence."""
    assert not isinstance(old, EventQuery) and not isinstance(new, EventQuery)  # Invariant: such a query has no keys
    before, after = map(_columns, (old.stages, new.stages))
    relation = of_sets(before, after)
    if relation is not Relation.EQUAL and (_can_end(old) or _can_end(new)):
        relation = Relation.CHANGED
    return Part("keys", relation, ", ".join(before) or "none", ", ".join(after) or "none")


def _columns(stages: Sequence[Stage]) -> list[str]:
    """`host.id`, or `process.entity_id = process.parent.entity_id` where the stages have it in different fields."""
    columns = zip(*map(_keys, stages), strict=True)
    return [names[0] if len(set(names)) == 1 else " = ".join(names) for names in columns]


def _can_end(query: Query) -> bool:
    """Whether events can keep a sequence from being complete."""
    return isinstance(query, EventSequence) and (
        query.until is not None or any(stage.missing for stage in query.stages)
    )


def _until_parts(old: Stage | None, new: Stage | None, compare: CompareConditions) -> Iterator[Part]:
    if old and new:
        yield _excluding(compare("until", old.condition, new.condition))
        yield _changed("keys of until", ", ".join(_keys(old)), ", ".join(_keys(new)))
    elif old or new:
        yield Part(
            "until",
            Relation.NARROWER if new else Relation.WIDER,
            *_texts("present" if at else "none" for at in (old, new)),
        )


def _maxspan(old: EventSequence, new: EventSequence) -> Part:
    """A longer span has room for more, also for what must be missing: then it is no wider one."""
    relation = of_numbers(-(old.maxspan or float("inf")), -(new.maxspan or float("inf")))
    if relation is not Relation.EQUAL and any(stage.missing for stage in (*old.stages, *new.stages)):
        relation = Relation.CHANGED
    return Part("maxspan", relation, _span(old.maxspan), _span(new.maxspan))


# What a rule's type adds


def type_parts(old: CompiledRule, new: CompiledRule, compare: CompareConditions) -> Iterator[Part]:
    """What decides beside the query."""
    before, after = type_of(old.rule), type_of(new.rule)
    if before.family != after.family:
        yield _changed("type", old.rule.type, new.rule.type)
    yield _index(old.rule, new.rule)
    if before.family == after.family:
        for aspect in before.aspects(old, new):
            yield Part(aspect.name, aspect.relation, aspect.old, aspect.new)
    yield _changed("alert suppression", _suppression(old.rule), _suppression(new.rule))
    others = after.compared_conditions(new)
    for name, condition in before.compared_conditions(old).items():
        if name in others:
            yield compare(name, condition, others[name])


def _suppression(rule: Rule) -> str:
    suppression = rule.alert_suppression
    if suppression is None:
        return "none"
    kept = ", not where one is missing" if suppression.missing_fields_strategy == "doNotSuppress" else ""
    return f"by {', '.join(sorted(suppression.group_by))}{kept}"


def _index(old: Rule, new: Rule) -> Part:
    if old.data_view_id or new.data_view_id:
        return _changed("index", *(one.data_view_id or ", ".join(sorted(one.index)) for one in (old, new)))
    relation = compare_indices(old.index, new.index)
    return Part("index", relation, ", ".join(sorted(old.index)), ", ".join(sorted(new.index)))


# Kinds of parts


def _texts(texts: Iterable[str]) -> tuple[str, str]:
    old, new = texts
    return old, new


def _changed(name: str, old: str, new: str) -> Part:
    return Part(name, Relation.EQUAL if old == new else Relation.CHANGED, old, new)


def _number(name: str, old: int, new: int) -> Part:
    return Part(name, of_numbers(old, new), str(old), str(new))


def _excluding(part: Part) -> Part:
    """The part of a condition that no event may meet: what is wider leaves less."""
    return replace(part, relation=reversed_(part.relation))


def _keys(stage: Stage) -> tuple[str, ...]:
    return tuple(("?" if used.optional else "") + used.name for key in stage.keys for used in key.fields())


def _shape(query: Query) -> str:
    match query:
        case EventQuery():
            return "single events"
        case EventSequence():
            return "a sequence"
        case Sample():
            return "a sample"


def _pipes(query: Query) -> str:
    return " ".join(f"| {pipe.name} {pipe.count}" for pipe in query.pipes)


def _span(milliseconds: int | None) -> str:
    return "none" if milliseconds is None else duration_text(milliseconds)
