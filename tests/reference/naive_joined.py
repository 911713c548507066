"""Sequences and samples, stage by stage, as section B1 of the facts on semantics says. Shares no code with the engine.

A stage is what it is of each event: `holds[at]`, and `keys[at]`, its key tuples there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

Match = tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    holds: Sequence[bool]
    keys: Sequence[Sequence[Any]]
    missing: bool = False

    def events_of(self, key: Any) -> list[int]:
        return [at for at, holds in enumerate(self.holds) if holds and key in self.keys[at]]


def sequences(times: Sequence[int], stages: Sequence[Stage], maxspan: int | None, until: Stage | None) -> list[Match]:
    """The matches, by their last event; `times` ascend, runs of a stage are stages of their own."""
    keys = dict.fromkeys(key for stage in stages for of_event in stage.keys for key in of_event)
    found = [match for key in keys for match in sequences_of(times, stages, maxspan, until, key)]
    return sorted(found, key=lambda match: (max(match), match))


def sequences_of(
    times: Sequence[int], stages: Sequence[Stage], maxspan: int | None, until: Stage | None, key: Any
) -> list[Match]:
    ends = until.events_of(key) if until else []
    first, *later = [stage.events_of(key) for stage in stages if not stage.missing]
    pending = [(at,) for at in first]
    for events in later:
        left, pending = pending, []
        for at in events:
            before = [match for match in left if match[-1] < at]
            left = [match for match in left if match not in before]
            if not before:
                continue
            latest = before[-1]
            is_late = maxspan is not None and times[at] - times[latest[0]] > maxspan
            if not is_late and not any(latest[-1] <= end < at for end in ends):
                pending.append((*latest, at))
    return [filled(stages, match) for match in pending if not is_spoiled(times, stages, maxspan, key, match)]


def is_spoiled(times: Sequence[int], stages: Sequence[Stage], maxspan: int | None, key: Any, match: Match) -> bool:
    """Whether events that must be missing were there."""
    if maxspan is None:
        return False
    first, last = times[match[0]], times[match[-1]]
    leading, trailing, step = [], [], 0
    for stage in stages:
        there = [times[at] for at in stage.events_of(key)]
        if not stage.missing:
            step += 1
        elif step == 0:
            leading += [time for time in there if time < first]
        elif step == len(match):
            trailing += [time for time in there if time > last]
        elif any(times[match[step - 1]] < time < times[match[step]] for time in there):
            return True
    if stages[0].missing and stages[-1].missing:
        return bool(leading and trailing) and min(trailing) - max(leading) <= maxspan
    if stages[0].missing:
        return any(time >= last - maxspan for time in leading)
    return any(time <= first + maxspan for time in trailing)


def filled(stages: Sequence[Stage], match: Match) -> Match:
    rest = iter(match)
    return tuple(-1 if stage.missing else next(rest) for stage in stages)


def samples(stages: Sequence[Stage]) -> dict[Any, set[Match]]:
    """For each key that has one, every sample; a query reports one of them."""
    found: dict[Any, set[Match]] = {}
    for key in dict.fromkeys(key for of_event in stages[0].keys for key in of_event):
        chosen = product(*(stage.events_of(key) for stage in stages))
        if matches := {match for match in chosen if len(set(match)) == len(match)}:
            found[key] = matches
    return found
