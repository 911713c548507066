"""Event sets that are quiet for a reason that is no condition: two values, two buckets of time, rows of other keys."""

from collections.abc import Iterator
from dataclasses import replace

from rulewright_engine.esql.analysis.plan import JoinStep
from rulewright_engine.esql.functions.instants import truncate
from rulewright_generators.cases.esql.events.event_builder import with_values
from rulewright_generators.cases.esql.events.event_set import EventSet
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.events.timing import bucket_end, spans_of
from rulewright_generators.cases.events.values import another

__all__ = ["boundaries", "splits", "unjoined"]

MAX_BOUNDARIES = 3
"""Fields that get a second value."""


def boundaries(positives: Positives, base: EventSet) -> Iterator[tuple[EventSet, str]]:
    """A second value in a field that a condition compares: the comparison becomes null."""
    found = 0
    for name in sorted(base.candidates[0].decided & set(positives.view.read)):
        values = base.candidates[0].values.get(name, ())
        if len(values) == 1 and found < MAX_BOUNDARIES and not _is_constant(positives, name):
            more = [
                with_values(candidate, {name: (*candidate.values.get(name, ()), another(values[0], 1))})
                for candidate in base.candidates
            ]
            event_set = replace(base, candidates=tuple(more))
            if not positives.bench.fires(event_set):
                found += 1
                yield event_set, f"`{name}` has a second value, and a comparison with two is null."


def _is_constant(positives: Positives, name: str) -> bool:
    """Whether an index holds one value of the field, so that no event has two."""
    info = positives.view.read[name].field
    return info is not None and info.elasticsearch_type == "constant_keyword"


def splits(positives: Positives, base: EventSet) -> Iterator[tuple[EventSet, str]]:
    """The same events, half of them in the next bucket of time."""
    for span in dict.fromkeys(spans_of(positives.plan)) if len(base.candidates) > 1 else ():
        for edge in (truncate(base.start, span), bucket_end(base.start, span)):
            event_set = replace(base, start=edge - len(base.candidates) // 2 * base.step)
            if positives.bench.sees_all(event_set) and not positives.bench.fires(event_set):
                yield event_set, "The events fall into two buckets of time, and neither holds enough."
                return


def unjoined(positives: Positives, base: EventSet) -> Iterator[tuple[EventSet, str]]:
    """The same events, and the rows that they are joined with under other keys."""
    rows = positives.bench.lookups(base)
    for step in (step for step in positives.plan.steps if isinstance(step, JoinStep) and step.keys):
        held = rows.get(step.table.name, ())
        keys = [info.name for _, info in step.keys]
        others = [{**row, **{key: another(row[key]) for key in keys if key in row}} for row in held]
        lookups = {**rows, step.table.name: others}
        event_set = replace(base, candidates=tuple(replace(each, lookups=lookups) for each in base.candidates))
        if isinstance(held, list) and held and not positives.bench.fires(event_set):
            named = " and ".join(f"`{key}`" for key in keys)
            yield event_set, f"`{step.table.name}` holds its rows for other values of {named}."
