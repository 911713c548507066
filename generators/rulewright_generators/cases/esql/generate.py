"""The cases of an ES|QL rule: event sets that raise an alert, and beside each what just does not."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice

from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.esql.syntax.ast import From
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition, Leaf
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import ConditionOutcome, Outcome
from rulewright_engine.values.dates import parse_date
from rulewright_generators.cases.esql.events.contradiction import is_exact, never_alerts
from rulewright_generators.cases.esql.events.event_builder import Candidate, EventBuilder
from rulewright_generators.cases.esql.events.event_set import START, EventSet
from rulewright_generators.cases.esql.events.lowering import Lowering
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.mutation.kill_matrix import Runs, lacking
from rulewright_generators.cases.esql.plan.column_lineage import view_of
from rulewright_generators.cases.esql.plan.conditions import Atom
from rulewright_generators.cases.esql.plan.gauge import Gauge
from rulewright_generators.cases.esql.plan.null_rejection import is_implied
from rulewright_generators.cases.esql.search.guided_search import Effort, GuidedSearch
from rulewright_generators.cases.esql.search.killing_search import search_kills
from rulewright_generators.cases.esql.search.near_misses import prove
from rulewright_generators.cases.esql.search.proofs import Proofs
from rulewright_generators.cases.esql.writing.case_writer import Writer
from rulewright_generators.cases.esql.writing.coverage_matrix import CoverageMatrix
from rulewright_generators.cases.events.event_writer import identity_of
from rulewright_generators.cases.events.profiles import Setting
from rulewright_generators.cases.evidence.confirmed_cases import Gap, GeneratedCases
from rulewright_generators.cases.format.case_file import Case, in_order, is_generated
from rulewright_generators.cases.format.naming import adopted, settled

__all__ = ["esql_alert", "esql_cases", "exact_condition", "positives_of"]

NOT_FOUND = "no events were found that meet its conditions together"
EFFORT = Effort(cost=80_000, cost_of_one=30_000, runs=40, failures=6, tries=400)

MAX_STARTS = 6
"""Event sets from which an alert is searched for step by step."""
CONTRADICTORY = "no event can meet all conditions before STATS at once"


def esql_cases(compiled: CompiledRule, plan: Plan, existing: Sequence[Case]) -> GeneratedCases:
    """Cases that prove the rule, each confirmed by running it. Cases of `existing` that still hold are kept.

    Where no events are found, those of a positive case of `existing` that somebody wrote are taken and varied; without
    one, nothing is known of the conditions, or it is that they contradict one another.
    """
    matrix = CoverageMatrix(compiled, plan)
    positives = positives_of(compiled, matrix, plan)
    base, seed = positives.find() or _climbed(positives, matrix.atoms), None
    if base is None:
        seed = next((case for case in existing if case.is_positive and not is_generated(case)), None)
        base = _seeded(positives, seed) if seed else None
    if base is None:
        return _nothing(positives, matrix, existing)
    proofs = prove(positives, matrix.atoms, base)
    writer = Writer(compiled, positives, matrix, seed)
    fresh = settled(writer.write(proofs, lambda shown: search_kills(compiled, proofs, shown)))
    outcomes = [
        _outcome(atom, leaf, proofs, writer.left_out)
        for atom, leaf in zip(matrix.atoms, matrix.conditions, strict=True)
    ]
    if not existing:
        return GeneratedCases(in_order(fresh), tuple(outcomes))
    merged = matrix.merge(fresh, adopted(existing, fresh))
    needed = lacking(Runs(compiled, plan), merged, fresh)
    cases = (*merged, *settled(needed, [case.name for case in merged]))
    return GeneratedCases(in_order(cases), tuple(outcomes))


def esql_alert(compiled: CompiledRule, plan: Plan) -> Case | None:
    """One case that raises an alert, without any search for what it proves."""
    matrix = CoverageMatrix(compiled, plan)
    positives = positives_of(compiled, matrix, plan)
    found = positives.find()
    return None if found is None else Writer(compiled, positives, matrix, None).case_of(found)


def exact_condition(compiled: CompiledRule, plan: Plan) -> Condition | None:
    """What the conditions of WHERE make of events that have one value in each field; None where they ask for what no
    condition of the common form could say exactly."""
    positives = positives_of(compiled, CoverageMatrix(compiled, plan), plan)
    return positives.single if is_exact(positives) else None


def positives_of(compiled: CompiledRule, matrix: CoverageMatrix, plan: Plan) -> Positives:
    view = view_of(plan)
    lowering = Lowering(view)
    source = plan.query.commands[0]
    indices = source.sources if isinstance(source, From) else ()
    setting = Setting(indices, compiled.rule.tags, tuple(view.read))
    builder = EventBuilder(view, lowering, compiled.fields, setting, identity_of(compiled.rule)[:16])
    return Positives(plan, view, lowering, builder, matrix.oracle)


def _nothing(positives: Positives, matrix: CoverageMatrix, existing: Sequence[Case]) -> GeneratedCases:
    """What to say of a rule that no events were found for."""
    if not never_alerts(positives):
        return GeneratedCases(in_order(existing), (), (Gap("an alert", NOT_FOUND),))
    outcomes = (ConditionOutcome(leaf, True, Outcome.IMPOSSIBLE, reason=CONTRADICTORY) for leaf in matrix.conditions)
    return GeneratedCases(in_order(existing), tuple(outcomes), (Gap("an alert", CONTRADICTORY),))


def _outcome(atom: Atom, leaf: Leaf, proofs: Proofs, left_out: Collection[Atom]) -> ConditionOutcome:
    """What was shown of a condition: a pair, or what is missing of it and why."""
    if atom in left_out:
        return ConditionOutcome(leaf, True, Outcome.UNDECIDED, reason="a case that shows it has too many events")
    if not proofs.is_open(atom):
        return ConditionOutcome(leaf, True, Outcome.PAIR)
    if is_implied(proofs.positives.plan, atom):
        reason = "other conditions are true only where it is there"
        return ConditionOutcome(leaf, True, Outcome.REDUNDANT, reason=reason)
    if proofs.is_explained(atom):
        return replace(proofs.outcomes[atom], leaf=leaf)
    return ConditionOutcome(leaf, True, Outcome.UNDECIDED, reason=_missing(atom, proofs))


def _missing(atom: Atom, proofs: Proofs) -> str:
    if atom in proofs.unheld and atom in proofs.unmissed:
        return "no events were found of which it decides the verdict"
    if atom in proofs.unheld:
        return "no alert was found that depends on it"
    return "no events were found that it alone keeps quiet"


# A case to begin from


def _climbed(positives: Positives, atoms: Sequence[Atom]) -> EventSet | None:
    """An alert that is reached from event sets that raise none yet."""
    guided = GuidedSearch(positives, atoms, EFFORT)
    for start in islice(positives.attempts(), MAX_STARTS):
        found = guided.reach(start, Gauge(positives.plan))
        if found is not None and positives.bench.fires(found):
            return positives.shrunk(found)
    return None


def _seeded(positives: Positives, seed: Case) -> EventSet | None:
    """The events of a case that somebody wrote, if they raise an alert: at their own time, or in a run of today."""
    candidates = []
    for document in seed.events:
        event = Event(document)
        values = {name: tuple(event.raw(name)) for name in event.names() if name != "@timestamp"}
        instants = [value for value in event.raw("@timestamp") if isinstance(value, str | int)]
        given = Candidate(values, dict(seed.answers), condition=positives.single, lookups=seed.lookups)
        candidates.append(replace(given, instant=_instant(instants)))
    last = max((candidate.instant for candidate in candidates if candidate.instant is not None), default=START)
    now = [
        replace(candidate, instant=candidate.instant and candidate.instant - last + START) for candidate in candidates
    ]
    found = [EventSet(tuple(candidates)), EventSet(tuple(now))]
    return next(filter(positives.bench.fires, found), None)


def _instant(values: Sequence[str | int]) -> int | None:
    if not values:
        return None
    return values[0] if isinstance(values[0], int) else parse_date(values[0])
