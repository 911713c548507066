"""Event sets of two groups of events, by what a query groups rows by and a rule its alerts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rulewright_engine.esql.functions.instants import add
from rulewright_engine.esql.syntax.timespans import TimeAmount
from rulewright_engine.ir.expression import Scalar
from rulewright_generators.cases.esql.events.event_builder import Candidate, with_values
from rulewright_generators.cases.esql.events.event_set import EventSet
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.events.timing import TIME, spans_of
from rulewright_generators.cases.esql.plan.column_lineage import View, raw_of_slot
from rulewright_generators.cases.events.values import another
from rulewright_schema.rule import Rule

__all__ = ["groupings"]


def groupings(positives: Positives, base: EventSet, rule: Rule) -> Iterator[tuple[EventSet, str]]:
    """The events of an alert, and beside them those of another group: one value differs, or is missing.

    Some of the events are moved to the other group first, which takes no more events; then all of them are repeated.
    """
    suppression = rule.alert_suppression.group_by if rule.alert_suppression else ()
    names = list(dict.fromkeys((*_keys(positives.view), *suppression)))
    if suppression:
        yield replace(base, candidates=(*base.candidates, *base.candidates)), "the same events stand there again"
        yield from _without(base, names, suppression)
    for name in names:
        if name == TIME:
            yield from _in_time(positives, base)
            continue
        held = [candidate.values[name][0] for candidate in base.candidates if candidate.values.get(name)]
        for patch, said in _others(name, held):
            yield from _adjacent(base, patch, said)


def _keys(view: View) -> Iterator[str]:
    """The fields that rows are grouped by."""
    for number, segment in enumerate(view.segments):
        if segment.ending is not None:
            for old, _ in segment.ending.keys:
                yield from raw_of_slot(view, old, number)


FieldPatch = Mapping[str, tuple[Scalar, ...]]


def _others(name: str, held: list[Scalar]) -> Iterator[tuple[FieldPatch, str]]:
    if held:
        yield {name: (another(held[0], 1),)}, f"another `{name}`"
        if isinstance(held[0], str):
            yield {name: (held[0].swapcase(),)}, f"another spelling of `{name}`"
    yield {name: ()}, f"no `{name}`"


def _adjacent(base: EventSet, patch: FieldPatch, said: str) -> Iterator[tuple[EventSet, str]]:
    candidates = base.candidates
    others = tuple(with_values(candidate, patch) for candidate in candidates)
    if len(candidates) > 1:
        yield replace(base, candidates=(*candidates[:-1], others[-1])), f"one of the events has {said}"
        half = len(candidates) // 2
        yield replace(base, candidates=(*candidates[:half], *others[half:])), f"half of the events have {said}"
    yield replace(base, candidates=(*candidates, *others)), f"the same events stand there again with {said}"
    if not any(patch.values()):
        yield replace(base, candidates=(*others, *others)), f"all events have {said}"


def _without(base: EventSet, names: Sequence[str], suppression: Sequence[str]) -> Iterator[tuple[EventSet, str]]:
    """Two groups, both without one value by which alerts are told apart."""
    for missing in suppression:
        candidates = [with_values(candidate, {missing: ()}) for candidate in base.candidates]
        for name in (each for each in names if each not in (missing, TIME)):
            held = [candidate.values[name][0] for candidate in base.candidates if candidate.values.get(name)]
            others = (
                [with_values(candidate, {name: (another(held[0], 1),)}) for candidate in candidates] if held else []
            )
            said = f"two groups have another `{name}`, and no `{missing}`"
            yield replace(base, candidates=(*candidates, *others)), said


def _in_time(positives: Positives, base: EventSet) -> Iterator[tuple[EventSet, str]]:
    """The same events once more, in the bucket of time before."""
    for span in dict.fromkeys(spans_of(positives.plan)):
        moved = tuple(
            replace(candidate, instant=_before(candidate, base.start + index * base.step, span))
            for index, candidate in enumerate(base.candidates)
        )
        pinned = tuple(
            replace(
                candidate, instant=base.start + index * base.step if candidate.instant is None else candidate.instant
            )
            for index, candidate in enumerate(base.candidates)
        )
        said = "the bucket of time before"
        if len(pinned) > 1:
            yield replace(base, candidates=(moved[0], *pinned[1:])), f"the first event is in {said}"
        yield replace(base, candidates=(*moved, *pinned)), f"the same events stand there again in {said}"


def _before(candidate: Candidate, instant: int, span: TimeAmount) -> int:
    time = instant if candidate.instant is None else candidate.instant
    return time - (add(time, span) - time)
