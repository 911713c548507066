"""Sequences against a naive matcher that works stage by stage, as semantics B1 tells it, and their bounds."""

from dataclasses import dataclass
from typing import Any

from eql_support import read, results
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright_engine.event import Event
from rulewright_engine.sequences import SequenceMatcher, match_sequence

FLAGS = ("a", "b", "c", "m", "u")
MAPPING = {"@timestamp": "date", "k": "keyword", **dict.fromkeys(FLAGS, "boolean")}


@dataclass(frozen=True)
class Plan:
    """A sequence over flags: each stage is (flag, runs, missing)."""

    stages: tuple[tuple[str, int, bool], ...]
    maxspan: int | None
    until: str | None

    def query(self) -> str:
        stages = " ".join(
            f"{'!' if missing else ''}[any where {flag}]{f' with runs={runs}' if runs > 1 else ''}"
            for flag, runs, missing in self.stages
        )
        maxspan = f" with maxspan={self.maxspan}ms" if self.maxspan else ""
        until = f" until [any where {self.until}]" if self.until else ""
        return f"sequence by k{maxspan} {stages}{until}"


def naive(plan: Plan, events: list[dict[str, Any]]) -> list[tuple[int, ...]]:
    found = []
    for key in sorted({key for event in events for key in event["k"]}):
        own = [at for at, event in enumerate(events) if key in event["k"]]
        found.extend(naive_of_key(plan, events, own))
    return sorted(found, key=lambda match: (max(match), match))


def naive_of_key(plan: Plan, events: list[dict[str, Any]], own: list[int]) -> list[tuple[int, ...]]:
    steps = [flag for flag, runs, missing in plan.stages if not missing for _ in range(runs)]
    pending = [(at,) for at in own if events[at][steps[0]]]
    for flag in steps[1:]:
        pending = naive_step(plan, events, own, flag, pending)
    return [filled(plan, match) for match in pending if not spoiled(plan, events, own, match)]


def naive_step(
    plan: Plan, events: list[dict[str, Any]], own: list[int], flag: str, pending: list[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    left, reached = list(pending), []
    for at in own:
        before = [match for match in left if match[-1] < at]
        if not events[at][flag] or not before:
            continue
        latest = before[-1]
        left = [match for match in left if match not in before]
        late = plan.maxspan is not None and time(events, at) - time(events, latest[0]) > plan.maxspan
        ended = plan.until and any(events[until][plan.until] for until in own if latest[-1] <= until < at)
        if not late and not ended:
            reached.append((*latest, at))
    return reached


def spoiled(plan: Plan, events: list[dict[str, Any]], own: list[int], match: tuple[int, ...]) -> bool:
    """Whether events that must be missing were there."""
    if plan.maxspan is None:
        return False
    first, last = time(events, match[0]), time(events, match[-1])
    leading, trailing, step = [], [], 0
    for flag, runs, missing in plan.stages:
        times = [time(events, at) for at in own if events[at][flag]]
        if not missing:
            step += runs
        elif step == 0:
            leading.extend(at for at in times if at < first)
        elif step == len(match):
            trailing.extend(at for at in times if at > last)
        elif any(time(events, match[step - 1]) < at < time(events, match[step]) for at in times):
            return True
    if plan.stages[0][2] and plan.stages[-1][2]:
        return bool(leading and trailing) and min(trailing) - max(leading) <= plan.maxspan
    if plan.stages[0][2]:
        return any(at >= last - plan.maxspan for at in leading)
    return any(at <= first + plan.maxspan for at in trailing)


def filled(plan: Plan, match: tuple[int, ...]) -> tuple[int, ...]:
    rest = iter(match)
    return tuple(-1 if missing else next(rest) for _, runs, missing in plan.stages for _ in range(runs))


def time(events: list[dict[str, Any]], at: int) -> int:
    return int(events[at]["@timestamp"])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    stage = st.tuples(st.sampled_from("abc"), st.sampled_from([1, 1, 2, 3]), st.just(False))
    missing = st.tuples(st.sampled_from("mc"), st.just(1), st.just(True))
    stages = draw(st.lists(st.one_of(stage, stage, missing), min_size=1, max_size=4))
    if all(is_missing for _, _, is_missing in stages) or sum(runs for _, runs, _ in stages) < 2:
        stages.append(("b", 2, False))
    needs_span = any(is_missing for _, _, is_missing in stages)
    maxspan = draw(st.integers(1, 8) if needs_span else st.one_of(st.none(), st.integers(1, 8)))
    return Plan(tuple(stages), maxspan, draw(st.sampled_from([None, None, "u", "a"])))


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    keys = st.lists(st.sampled_from("xy"), min_size=1, max_size=2, unique=True)
    flags = st.fixed_dictionaries({flag: st.sampled_from([False, False, True]) for flag in FLAGS})
    clock, events = 0, []
    for _ in range(draw(st.integers(0, 14))):
        clock += draw(st.sampled_from([0, 1, 1, 2, 4]))
        events.append({"@timestamp": clock, "k": draw(keys), **draw(flags)})
    return events


@settings(max_examples=500, deadline=None)
@given(plans(), histories())
def test_one_pass_finds_what_the_stages_find(plan: Plan, events: list[dict[str, Any]]) -> None:
    found = [result.events for result in results(plan.query(), events, mapping=MAPPING)]
    assert sorted(found, key=lambda match: (max(match), match)) == naive(plan, events)
    assert [max(match) for match in found] == sorted(max(match) for match in found)


def test_a_hundred_runs_of_many_keys_do_not_explode() -> None:
    parsed = read("sequence by k [any where a] with runs=100 [any where b] with runs=100", MAPPING)
    events = ((at, at, Event({"k": str(at % 50), "a": at < 5_000, "b": at >= 5_000})) for at in range(10_000))
    found = match_sequence(parsed.query, events)  # type: ignore[arg-type]
    assert [len(positions) for positions, _ in found] == [200] * 50


def test_keys_whose_time_is_over_are_forgotten() -> None:
    parsed = read("sequence by k with maxspan=100ms [any where a] [any where b]", MAPPING)
    matcher = SequenceMatcher(parsed.query)  # type: ignore[arg-type]
    for at in range(20_000):
        matcher.take(at, at, Event({"k": str(at), "a": True}))
    assert matcher.pending_keys < 3_000
