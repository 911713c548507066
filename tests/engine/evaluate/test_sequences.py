"""Sequences against a naive matcher that works stage by stage, as semantics B1 tells it, and their bounds."""

from dataclasses import dataclass
from itertools import accumulate, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reference.naive_joined import Stage, sequences
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.sequences import SequenceMatcher, match_sequence
from support.effort import times
from support.eql import read, results

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
    keys = [event["k"] for event in events]

    def stage(flag: str, missing: bool = False) -> Stage:
        return Stage([event[flag] for event in events], keys, missing)

    stages = [stage(flag, missing) for flag, runs, missing in plan.stages for _ in range(runs)]
    times = [event["@timestamp"] for event in events]
    return sequences(times, stages, plan.maxspan, stage(plan.until) if plan.until else None)


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


HAPPENINGS = [
    (keys, step, dict(zip(FLAGS, flags, strict=True)))
    for keys in (["x"], ["y"], ["x", "y"], ["y", "x"])
    for step in (0, 1, 1, 2, 4)
    for flags in product((False, False, True), repeat=len(FLAGS))
]
"""What may happen next: keys, milliseconds since the last event, flags (each is seldom up)."""


def happened(drawn: list[tuple[list[str], int, dict[str, bool]]]) -> list[dict[str, Any]]:
    times = accumulate(step for _, step, _ in drawn)
    return [{"@timestamp": time, "k": keys, **flags} for time, (keys, _, flags) in zip(times, drawn, strict=True)]


histories = st.lists(st.sampled_from(HAPPENINGS), max_size=14).map(happened)


@settings(max_examples=times(500))
@given(plans(), histories)
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
