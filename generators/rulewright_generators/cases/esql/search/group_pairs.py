"""Populations of two groups of events, by what a query groups rows by and a rule its alerts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rulewright_engine.esql.functions.instants import add
from rulewright_engine.esql.syntax.timespans import TimeAmount
from rulewright_engine.ir.expression import Scalar
from rulewright_generators.cases.esql.events.event_builder import Draft, with_values
from rulewright_generators.cases.esql.events.event_set import Population
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.events.timing import TIME, spans_of
from rulewright_generators.cases.esql.events.values import changed
from rulewright_generators.cases.esql.plan.column_lineage import View, raw_of_slot
from rulewright_schema.rule import Rule

__all__ = ["groupings"]


def groupings(positives: Positives, base: Population, rule: Rule) -> Iterator[tuple[Population, str]]:
    """The events of an alert, and beside them those of another group: one value differs, or is missing.

    Some of the events are moved to the other group first, which takes no more events; then all of them are repeated.
    """
    suppression = rule.alert_suppression.group_by if rule.alert_suppression else ()
    names = list(dict.fromkeys((*_keys(positives.view), *suppression)))
    if suppression:
        yield replace(base, drafts=(*base.drafts, *base.drafts)), "the same events stand there again"
        yield from _without(base, names, suppression)
    for name in names:
        if name == TIME:
            yield from _in_time(positives, base)
            continue
        held = [draft.values[name][0] for draft in base.drafts if draft.values.get(name)]
        for overlay, said in _others(name, held):
            yield from _beside(base, overlay, said)


def _keys(view: View) -> Iterator[str]:
    """The fields that rows are grouped by."""
    for number, segment in enumerate(view.segments):
        if segment.ending is not None:
            for old, _ in segment.ending.keys:
                yield from raw_of_slot(view, old, number)


Overlay = Mapping[str, tuple[Scalar, ...]]


def _others(name: str, held: list[Scalar]) -> Iterator[tuple[Overlay, str]]:
    if held:
        yield {name: (changed(held[0], 1),)}, f"another `{name}`"
        if isinstance(held[0], str):
            yield {name: (held[0].swapcase(),)}, f"another spelling of `{name}`"
    yield {name: ()}, f"no `{name}`"


def _beside(base: Population, overlay: Overlay, said: str) -> Iterator[tuple[Population, str]]:
    drafts = base.drafts
    others = tuple(with_values(draft, overlay) for draft in drafts)
    if len(drafts) > 1:
        yield replace(base, drafts=(*drafts[:-1], others[-1])), f"one of the events has {said}"
        half = len(drafts) // 2
        yield replace(base, drafts=(*drafts[:half], *others[half:])), f"half of the events have {said}"
    yield replace(base, drafts=(*drafts, *others)), f"the same events stand there again with {said}"
    if not any(overlay.values()):
        yield replace(base, drafts=(*others, *others)), f"all events have {said}"


def _without(base: Population, names: Sequence[str], suppression: Sequence[str]) -> Iterator[tuple[Population, str]]:
    """Two groups, both without one value by which alerts are told apart."""
    for missing in suppression:
        drafts = [with_values(draft, {missing: ()}) for draft in base.drafts]
        for name in (each for each in names if each not in (missing, TIME)):
            held = [draft.values[name][0] for draft in base.drafts if draft.values.get(name)]
            others = [with_values(draft, {name: (changed(held[0], 1),)}) for draft in drafts] if held else []
            said = f"two groups have another `{name}`, and no `{missing}`"
            yield replace(base, drafts=(*drafts, *others)), said


def _in_time(positives: Positives, base: Population) -> Iterator[tuple[Population, str]]:
    """The same events once more, in the bucket of time before."""
    for span in dict.fromkeys(spans_of(positives.plan)):
        moved = tuple(
            replace(draft, instant=_before(draft, base.start + place * base.step, span))
            for place, draft in enumerate(base.drafts)
        )
        pinned = tuple(
            replace(draft, instant=base.start + place * base.step if draft.instant is None else draft.instant)
            for place, draft in enumerate(base.drafts)
        )
        said = "the bucket of time before"
        if len(pinned) > 1:
            yield replace(base, drafts=(moved[0], *pinned[1:])), f"the first event is in {said}"
        yield replace(base, drafts=(*moved, *pinned)), f"the same events stand there again in {said}"


def _before(draft: Draft, instant: int, span: TimeAmount) -> int:
    time = instant if draft.instant is None else draft.instant
    return time - (add(time, span) - time)
