"""Events of one kind: solve a condition, invert the uninterpreted variables, fill in the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    EventTest,
    Filter,
    Plan,
    ReadEvents,
)
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.ir.expression import (
    Condition,
    Equals,
    Field,
    FieldType,
    Leaf,
    Scalar,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.solver import BudgetExceeded, Outcome, SmtSolver, multi_valued_in
from rulewright_generators.cases.esql.events.inverse import Inverter
from rulewright_generators.cases.esql.events.lowering import TRUE, Lowering, all_of
from rulewright_generators.cases.esql.events.values import COUNTS, PLACE, ordinary
from rulewright_generators.cases.esql.plan.column_lineage import View
from rulewright_generators.cases.events.documents import (
    Document,
    Values,
    complete,
    document_of,
    json_of,
)
from rulewright_generators.cases.events.profiles import Profile, Setting, profile_of

__all__ = ["Candidate", "EventBuilder", "FieldPatch", "with_values"]

FieldPatch = Mapping[str, tuple[Scalar, ...]]
"""What fields hold instead."""

Answer = Mapping[str, tuple[Scalar, ...]] | Outcome
"""Of the solver to a condition: values that meet it, or why there are none."""

UNNAMED = "the identity of an event that has none yet"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event in the making: the fields that the query reads, and what COMPLETION is told.

    `decided` are the fields that `condition`, which it was made for, asks about; `instant` is its time where it has one
    of its own, `lookups` the rows of the case that it was taken from.
    """

    values: Values
    answers: Mapping[str, str] = field(default_factory=dict)
    instant: int | None = None
    decided: frozenset[str] = frozenset()
    condition: Condition = TRUE
    lookups: Mapping[str, Any] = field(default_factory=dict)


def with_values(candidate: Candidate, patch: FieldPatch) -> Candidate:
    return replace(candidate, values={**candidate.values, **patch}) if patch else candidate


class EventBuilder:
    def __init__(self, view: View, lowering: Lowering, fields: FieldTypes, setting: Setting, identity: str) -> None:
        self.view = view
        self.lowering = lowering
        self.fields = fields
        self._setting = setting
        self._identity = identity
        ordinary_hints = profile_of(setting, {}).hints()
        self._hints = replace(
            ordinary_hints,
            values=lambda read: (
                COUNTS.get(read.type, ()) if read.name in lowering.variables else ordinary_hints.values(read)
            ),
            cache={},
        )
        self._asked_of_events = _fields_of_event_tests(view.plan)
        self._answers: dict[Condition, Answer] = {}
        self._completed: dict[str, Document] = {}

    # Solving

    def solver(self, condition: Condition) -> SmtSolver:
        return SmtSolver(condition, multi_valued=self.multi_valued, hints=self._hints)

    def multi_valued(self, name: str) -> bool | None:
        """Fields that scalars read hold one value: more would be null. Those that only KQL asks about may hold more."""
        return multi_valued_in(self.fields)(name) if name in self._asked_of_events else False

    def solve(self, condition: Condition) -> dict[str, tuple[Scalar, ...]] | None:
        """Values of fields and uninterpreted variables that meet a condition; None where there are none."""
        found = self._answer(condition)
        return dict(found) if isinstance(found, Mapping) else None

    def refuses(self, condition: Condition) -> bool:
        """Whether the solver has proven that no event meets a condition."""
        return self._answer(condition) is Outcome.IMPOSSIBLE

    def _answer(self, condition: Condition) -> Answer:
        if condition not in self._answers:
            self._answers[condition] = self._asked(condition)
        return self._answers[condition]

    def _asked(self, condition: Condition) -> Answer:
        try:
            found = self.solver(condition).model()
        except BudgetExceeded:
            return Outcome.UNDECIDED
        return found if isinstance(found, Mapping) else Outcome.IMPOSSIBLE

    # Events

    def candidate(
        self, solved: Mapping[str, tuple[Scalar, ...]], later: Mapping[str, tuple[Scalar, ...]] | None = None
    ) -> Candidate:
        """The event of a solution: fields bring the uninterpreted variables about, free fields get ordinary values.

        `later` holds the values of uninterpreted variables behind STATS.
        """
        decided = {name: values for name, values in solved.items() if name not in self.lowering.variables}
        inverter = Inverter(self.view, decided)
        wanted = {**(later or {}), **solved}
        for name, uninterpreted in reversed(self.lowering.variables.items()):
            if wanted.get(name):
                inverter.want(uninterpreted.value, wanted[name][0], uninterpreted.segment)
        inverter.finish()
        values: Values = {**decided, **inverter.fields}
        asked = frozenset(values)
        profile = profile_of(self._setting, values)
        unjoined = [self.view.joined[name] for name in values if name in self.view.joined and not values[name]]
        for name, column in self.view.read.items():
            if name not in values and column.field is not None and self.view.joined.get(name) not in unjoined:
                family = FieldType.KEYWORD if column.field.type is FieldType.TEXT else column.field.type
                values[name] = profile.values(Field(name, family))[:1] or ordinary(name, family)
            if column.type is Type.GEO_POINT and values.get(name):
                values[name] = (PLACE,)
        return Candidate(values, inverter.answers, decided=asked)

    def adapted(self, candidate: Candidate, condition: Condition) -> Values:
        """What fields have to hold instead for an event to meet one more condition, all others being as they are."""
        asked = {read.name for read in condition.fields()}
        known = {read.name: read for read in candidate.condition.fields()}
        pins = [
            Leaf(known[name], Equals(values[0]), "")
            for name in known
            if name not in asked and len(values := candidate.values.get(name, ())) == 1 and values[0] is not None
        ]
        for tried in (
            all_of([candidate.condition, condition, *pins]),
            all_of([candidate.condition, condition]),
            condition,
        ):
            solved = self.solve(tried)
            if solved is not None:
                made = self.candidate({name: values for name, values in solved.items() if name in asked})
                return {
                    name: made.values[name]
                    for name in made.decided
                    if made.values[name] != candidate.values.get(name, ())
                }
        return {}

    def document(self, candidate: Candidate, position: int, instant: int) -> Document:
        """The whole event. Those of equal candidates share what is in them: they must not be changed."""
        key = repr(candidate.values)  # tells 1 from true, which are equal
        if key not in self._completed:
            held = {name: values for name, values in candidate.values.items() if name not in self.view.joined}
            values = {**held, "@timestamp": (instant,)}
            profile: Profile = profile_of(self._setting, values)
            self._completed[key] = document_of(complete(values, profile, identity=UNNAMED), self.fields)
        document = dict(self._completed[key])
        time = instant if candidate.instant is None else candidate.instant
        document["@timestamp"] = json_of("@timestamp", (time,), self.fields)
        event = document.get("event")
        if isinstance(event, dict) and event.get("id") == UNNAMED:
            document["event"] = {**event, "id": f"{self._identity}{position:04d}"}
        return document


def _fields_of_event_tests(plan: Plan) -> set[str]:
    """Fields that only KQL and its like ask about."""
    tested: set[str] = set()
    for step in plan.steps:
        if isinstance(step, Filter):
            for node in step.condition.find(EventTest):
                tested.update(node.fields)
    loaded = {column.read_from for step in plan.steps if isinstance(step, ReadEvents) for column in step.columns}
    return tested - loaded
