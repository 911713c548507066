"""Cases in the making: events of one condition, each confirmed, and what each proves."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from rulewright_engine.solver import Assignment, ConditionOutcome
from rulewright_generators.cases.events.documents import Document, Values
from rulewright_generators.cases.events.event_writer import EventWriter, differing
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.naming import always_needed, named, plain_name, subject_of
from rulewright_generators.cases.format.wording import near_miss_sentence, positive_sentence

__all__ = ["Candidate", "Candidates", "Pair"]


@dataclass(slots=True)
class Candidate:
    """An event. Of a positive, `holding` and `failing` are the conditions it proves, by the truth they have in it."""

    values: Values
    document: Document
    matches: bool
    holding: list[str] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)
    flips: str = ""
    why: str = ""
    shows: str = ""

    @property
    def conditions(self) -> tuple[str, ...]:
        """The names of the conditions that the event is about."""
        return (*self.holding, *self.failing, self.flips) if self.flips else (*self.holding, *self.failing)

    def name_condition(self, name: str) -> None:
        """Name a condition that the event is about."""
        if self.matches:
            self.holding += [name] if name not in self.conditions else []
        else:
            self.flips = self.flips or name

    def take_over(self, other: "Candidate") -> None:
        """Prove what another candidate proves, of which the conditions are as true."""
        self.holding += [name for name in other.holding if name not in self.conditions]
        self.failing += [name for name in other.failing if name not in self.conditions]
        self.flips = self.flips or other.flips


@dataclass(frozen=True, slots=True)
class Pair:
    """Two candidates that differ in one condition, which decides: it holds in the one and fails in the other."""

    holding: Candidate
    failing: Candidate

    @property
    def matching(self) -> Candidate:
        return self.holding if self.holding.matches else self.failing


class Candidates:
    """The events of a condition, each once."""

    def __init__(self, writer: EventWriter) -> None:
        self.writer = writer
        self._candidates: dict[tuple[object, ...], Candidate] = {}
        self._positives: dict[tuple[object, ...], Candidate | None] = {}

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self._candidates.values())

    def positive(self, decided: Assignment) -> Candidate | None:
        """The event of a model of the condition; None when evaluation does not confirm it."""
        key = tuple(decided.values())
        if key not in self._positives:
            plausible = self.add(self.writer.plausible(decided), matches=True)
            self._positives[key] = plausible or self.add(dict(decided), matches=True)
        return self._positives[key]

    def near_miss(self, name: str, outcome: ConditionOutcome, positive: Candidate) -> Candidate | None:
        """The event beside `positive` that the condition called `name` keeps from matching."""
        assert outcome.positive is not None and outcome.negative is not None
        values = self.writer.adjacent(positive.values, outcome.positive, outcome.negative)
        before = {field: positive.values[field] for field in differing(outcome.positive, outcome.negative)}
        why = near_miss_sentence(name, not outcome.expected, before, values, self.writer.dates)
        return self.add(values, matches=False, base=positive, why=why, shows=plain_name(name))

    def add(
        self, values: Values, *, matches: bool, base: Candidate | None = None, why: str = "", shows: str = ""
    ) -> Candidate | None:
        """The event with these values, in a document like that of `base`; None when the verdict is another one."""
        key = tuple(values.values())
        known = self._candidates.get(key)
        if known is not None:
            return known if known.matches == matches else None
        document = self.document(values, base)
        if not self.writer.confirmed(document, matches=matches):
            return None
        self._candidates[key] = Candidate(values, document, matches, why=why, shows=shows)
        return self._candidates[key]

    def document(self, values: Values, base: Candidate | None = None) -> Document:
        profile = self.writer.adjacent_profile(values, base.values) if base else self.writer.profile(values)
        return self.writer.document(values, profile)

    def known(self, values: Values) -> Candidate:
        """The candidate with these values, which there is."""
        return self._candidates[tuple(values.values())]

    def keep(self, candidates: Iterable[Candidate]) -> None:
        """Drop all others; these come in their order."""
        keys = {id(candidate): key for key, candidate in self._candidates.items()}
        self._candidates = {keys[id(candidate)]: candidate for candidate in candidates}

    def cases(self) -> list[Case]:
        positives = [candidate for candidate in self if candidate.matches]
        near_misses = [candidate for candidate in self if not candidate.matches]
        needed = always_needed(self.writer.condition)
        return [
            *(_positive_case(candidate, needed) for candidate in positives),
            *(_near_miss_case(candidate) for candidate in near_misses),
        ]


def _positive_case(candidate: Candidate, needed: Collection[str]) -> Case:
    covers = (*candidate.holding, *candidate.failing)
    case = Case(
        name="",
        events=(candidate.document,),
        alerts=((0,),),
        why=candidate.why or positive_sentence(candidate.holding, candidate.failing),
        covers=covers,
    )
    return named("positive", candidate.shows or subject_of(covers, needed), case)


def _near_miss_case(candidate: Candidate) -> Case:
    case = Case(
        name="",
        events=(candidate.document,),
        alerts=(),
        why=candidate.why,
        flips=candidate.flips or None,
    )
    return named("near-miss", candidate.shows or candidate.why, case)
