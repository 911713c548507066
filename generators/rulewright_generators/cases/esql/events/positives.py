"""Event sets of events that raise an alert: what conditions demand, brought together and tried in the query."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.esql.functions.traits import Measure
from rulewright_engine.ir.expression import (
    Condition,
    Equals,
    Leaf,
    Not,
    Scalar,
)
from rulewright_generators.cases.esql.events.distinct_values import Variation
from rulewright_generators.cases.esql.events.event_builder import Candidate, EventBuilder, with_values
from rulewright_generators.cases.esql.events.event_set import EventSet, TrialRuns
from rulewright_generators.cases.esql.events.lowering import TRUE, Lowering, all_of
from rulewright_generators.cases.esql.events.multiplicity import MAX_ESQL_CASE_EVENTS, Demand, demands_of
from rulewright_generators.cases.esql.events.timing import arranged
from rulewright_generators.cases.esql.plan.column_lineage import GroupKey, View, raw_of_slot, sources_of
from rulewright_generators.cases.esql.plan.oracle import Oracle
from rulewright_generators.cases.events.values import another

__all__ = ["MAX_POPULATIONS", "Positives", "Targets"]

Targets = Mapping[str, tuple[Scalar, ...]]
"""What fields and uninterpreted variables should hold."""

MAX_POPULATIONS = 4
"""Event sets that are tried for each solution of the conditions behind STATS."""


@dataclass(slots=True)
class _EventKind:
    """Events of one condition, and what they are needed for."""

    condition: Condition
    demands: list[Demand] = field(default_factory=list)


class Positives:
    """Event sets for one plan. `single` is what conditions ask of one event, `grouped` what those behind STATS ask.

    `keys` are the fields of each grouping column that may be taken from one of several.
    """

    def __init__(self, plan: Plan, view: View, lowering: Lowering, builder: EventBuilder, oracle: Oracle) -> None:
        self.plan = plan
        self.view = view
        self.lowering = lowering
        self.builder = builder
        self.bench = TrialRuns(oracle, builder)
        self._variation = Variation(builder)
        self.later: Targets = {}
        ending = view.segments[0].ending
        sources = [sources_of(view, old, 0) for old, _ in ending.keys] if ending else []
        self.keys = [names for names in sources if len(names) > 1]
        filters = [(each, segment) for segment, part in enumerate(view.segments) for each in part.filters]
        self.single = all_of([lowering.true(each.condition, segment) for each, segment in filters if segment == 0])
        self.grouped = all_of([lowering.true(each.condition, segment) for each, segment in filters if segment > 0])
        self.whole = all_of([self.single, self.grouped, *lowering.counts()])

    def find(self) -> EventSet | None:
        """The first event set that raises an alert, without the events that it does not need."""
        for event_set in self.attempts():
            if self.bench.fires(event_set):
                return self.shrunk(event_set)
        return None

    def attempts(self) -> Iterator[EventSet]:
        """Event sets of which one probably raises an alert."""
        for targets in self._targets():
            for event_set in self.event_sets(targets):
                if self.keys:
                    yield self.aligned(event_set)
                yield event_set

    def shrunk(self, event_set: EventSet) -> EventSet:
        """As few events of each kind as still raise an alert."""
        for _, positions in event_set.kinds():
            fewest, enough = 0, len(positions)
            while fewest < enough:
                count = (fewest + enough) // 2
                fewer = event_set.without(positions[count:])
                if fewer.candidates and self.bench.fires(fewer):
                    enough = count
                else:
                    fewest = count + 1
            if enough < len(positions):
                return self.shrunk(event_set.without(positions[enough:]))
        return event_set

    def aligned(self, event_set: EventSet) -> EventSet:
        """The same, with one value in all the fields that a grouping column may be taken from."""
        for names in self.keys:
            first = event_set.candidates[0].values
            held = next((first[name] for name in names if first.get(name)), ())
            if held:
                same = dict.fromkeys(names, held)
                changed = tuple(with_values(each, same) for each in event_set.candidates)
                event_set = replace(event_set, candidates=changed)
        return event_set

    def event_sets(self, targets: Targets) -> Iterator[EventSet]:
        """Event sets that may bring about what fields and uninterpreted variables should hold."""
        self.later = {
            name: values
            for name, values in targets.items()
            if name in self.lowering.variables and self.lowering.variables[name].segment > 0
        }
        demands = list(demands_of(self.lowering, targets, all_of([self.single, self.grouped])))
        pinned = self._pinned(targets)
        for condition, together in ((pinned, True), (pinned, False), (self.single, True), (self.single, False)):
            kinds = self._kinds(condition, demands, together=together)
            if kinds is None:
                continue
            for wide in (True, False) if len(self.view.segments) > 2 else (True,):
                candidates = self._multiplied(kinds, demands, wide=wide)
                if candidates:
                    yield from arranged(self.plan, tuple(candidates))

    # Candidates

    def _targets(self) -> Iterator[Targets]:
        """Values of all fields and variables under which every condition holds; and without those behind STATS."""
        solved = self.builder.solve(self.whole)
        if solved is not None:
            yield solved
        if self.grouped != TRUE:
            alone = self.builder.solve(self.single)
            if alone is not None:
                yield alone

    def _pinned(self, targets: Targets) -> Condition:
        """The condition of one event, with what conditions behind STATS ask of fields that rows are grouped by."""
        asked = {read.name for read in self.single.fields()}
        pins: dict[str, Condition] = {}
        for leaf in self.grouped.leaves():
            for read in leaf.value.fields():
                values = targets.get(read.name, ())
                if read.name not in self.lowering.variables and read.name not in asked and values:
                    pins[read.name] = Leaf(read, Equals(values[0]), "")  # type: ignore[arg-type]
        return all_of([self.single, *pins.values()])

    def _kinds(self, condition: Condition, demands: Sequence[Demand], *, together: bool) -> list[_EventKind] | None:
        """Kinds of events that together meet all demands; few kinds where `together`."""
        for_all = [each.condition for each in demands if each.everyone] if together else []
        never = [Not(each.condition) for each in demands if each.forbids and each.condition != TRUE]
        base = all_of([condition, *for_all, *never])
        if self.builder.solve(base) is None:
            base = all_of([condition, *never])
            if self.builder.solve(base) is None:
                return None
        kinds: list[_EventKind] = []
        for demand in sorted(demands, key=lambda demand: -demand.count):
            if not demand.forbids and not (demand.everyone and together):
                self._place(demand, base, kinds, together=together)
        return kinds or [_EventKind(base)]

    def _place(self, demand: Demand, base: Condition, kinds: list[_EventKind], *, together: bool) -> None:
        branches = self._branches(demand, base) if demand.varies is not None and demand.count > 1 else []
        if len(branches) >= demand.count:
            kinds += [
                _EventKind(branch, [replace(demand, count=1, varies=None)]) for branch in branches[: demand.count]
            ]
            return
        if demand.condition == TRUE and kinds:
            kinds[0].demands.append(demand)
            return
        for kind in kinds if together else ():
            joined = all_of([kind.condition, demand.condition])
            if self.builder.solve(joined) is not None:
                kind.condition = joined
                kind.demands.append(demand)
                return
        condition = all_of([base, demand.condition])
        if self.builder.solve(condition) is not None:
            kinds.append(_EventKind(condition, [demand]))

    def _branches(self, demand: Demand, base: Condition) -> list[Condition]:
        """For a CASE whose values are counted: conditions that select as many branches as are needed."""
        found: list[Condition] = []
        for choice in self.lowering.choices(demand.varies, demand.segment) if demand.varies is not None else ():
            condition = all_of([base, demand.condition, choice])
            if self.builder.solve(condition) is not None:
                found.append(condition)
            if len(found) == demand.count:
                break
        return found

    def _multiplied(self, kinds: Sequence[_EventKind], demands: Sequence[Demand], *, wide: bool) -> list[Candidate]:
        """The events of all kinds, repeated where a count of all asks for more; and that for each group."""
        candidates = [member for kind in kinds for member in self._members(kind)]
        counts = [each.count for each in demands if each.segment == 0 and each.aggregate.measure is Measure.COUNT]
        groups, inside = self._groups(demands, wide=wide)
        wanted = min(max([*counts, inside], default=1), MAX_ESQL_CASE_EVENTS)
        made = len(candidates)
        candidates += [candidates[index % made] for index in range(made, wanted)] if made else []
        return self._in_groups(candidates, groups)

    def _members(self, kind: _EventKind) -> list[Candidate]:
        solved = self.builder.solve(kind.condition)
        if solved is None:
            return []
        base = self.builder.candidate(solved, self.later)
        inner = [demand for demand in kind.demands if demand.segment == 0]
        count = max((demand.count for demand in inner), default=1)
        members = [dict(base.values) for _ in range(count)]
        for demand in inner:
            if demand.varies is None or demand.count < 2:
                continue
            variants = self._variation.variants(kind.condition, base, demand.varies, demand.segment, demand.count)
            for index, values in enumerate(members):
                variant = variants[index % len(variants)]
                values.update({n: v for n, v in variant.values.items() if v != base.values.get(n)})
        return [replace(base, values=values, condition=kind.condition) for values in members]

    def _groups(self, demands: Sequence[Demand], *, wide: bool) -> tuple[int, int]:
        """How many groups the first STATS has to make for a second one, and how many events each at least."""
        outer = [demand for demand in demands if demand.segment > 0 and not demand.forbids]
        counted = [demand.count for demand in outer if demand.aggregate.is_count]
        summed = [
            int(demand.target) + 1 for demand in outer if demand.aggregate.measure is Measure.SUM and demand.target
        ]
        groups = max([*counted, *(summed if wide else ())], default=1)
        return min(groups, MAX_ESQL_CASE_EVENTS), 1 if wide or not summed else -(-max(summed) // groups)

    def _in_groups(self, candidates: list[Candidate], groups: int) -> list[Candidate]:
        """The events for as many groups, told apart by those keys of the first STATS that the second does not keep."""
        ending = self.view.segments[0].ending
        if groups < 2 or ending is None:
            return candidates
        last = self.view.segments[1].ending
        kept = {name for old, _ in last.keys for name in self._key_fields(old)} if last else set()
        inner = [name for old, _ in ending.keys for name in self._slot_fields(old) if name not in kept]
        found: list[Candidate] = []
        for number in range(groups):
            for candidate in candidates:
                held = {name: candidate.values[name] for name in inner if candidate.values.get(name)}
                moved = {name: (another(values[0], number),) for name, values in held.items()} if number else {}
                found.append(replace(candidate, values={**candidate.values, **moved}))
        return found

    def _slot_fields(self, slot: int) -> list[str]:
        return list(raw_of_slot(self.view, slot, 0))

    def _key_fields(self, slot: int) -> list[str]:
        origin = self.view.segments[1].origins.get(slot)
        return self._slot_fields(origin.slot) if isinstance(origin, GroupKey) else []
