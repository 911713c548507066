"""What to change of an event so that an ES|QL rule alerts: its way to the nearest case that does.

Such a rule has no condition to be solved. The values of a case that alerts are put into the event, and taken back one
field after the other as long as a run of the rule alerts.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from rulewright._explain.inputs import Input
from rulewright_engine.esql.syntax.tokens import tokenize
from rulewright_engine.evaluate.document_edits import with_fields_of
from rulewright_engine.evaluate.event import Event
from rulewright_engine.languages.problems import Problems
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver.nearest import Change, FieldChange, NoChange
from rulewright_generators.cases import Case, generate
from rulewright_generators.cases.evidence.results import CaseRunner

__all__ = ["NearestCase", "named_fields"]

FIELD_NAME = re.compile(r"`([^`]+)`|([a-zA-Z_@][\w@]*(?:\.\w+)*)")
"""What can be the name of a field in a query."""

MAX_COMPARED_CASES = 12
"""Cases that are tried."""


def named_fields(compiled: CompiledRule) -> list[str]:
    """The fields whose names stand in the query outside of comments, in order."""
    tokens = tokenize(compiled.rule.query_text or "", Problems())
    gaps = (" " * (after.start > token.end) for token, after in pairwise(tokens))
    text = "".join(token.text + gap for token, gap in zip(tokens, gaps, strict=False))
    names = (quoted or plain for quoted, plain in FIELD_NAME.findall(text))
    return [name for name in dict.fromkeys(names) if compiled.fields.lookup(name)]


class NearestCase:
    """The cases of one rule that alert, generated when they are asked for."""

    def __init__(self, compiled: CompiledRule) -> None:
        self._compiled = compiled

    def change(self, given: Input, position: int) -> Change | NoChange:
        """What to change of one event of a subject that raises no alert."""
        if not self._alerting:
            return NoChange(reason="no case of the rule is known that alerts")
        needed = min(len(case.events) for case in self._alerting)
        if needed > 1:
            return NoChange(reason=f"one event is not enough: the smallest case that alerts has {needed}")
        runner = CaseRunner(self._compiled)
        event = given.events[position]

        def alerts(document: Mapping[str, Any], case: Case) -> bool:
            others = [each.document for each in given.events]
            others[position] = document
            answers = {**case.answers, **given.answers}
            lookups = {**case.lookups, **given.lookups}
            asked = Case(name="", events=tuple(others), alerts=(), why="", answers=answers, lookups=lookups)
            return bool(runner.alerts(asked))

        for case in sorted(self._alerting, key=lambda case: len(self._differing(event, case)))[:MAX_COMPARED_CASES]:
            names, aim = self._differing(event, case), Event(case.events[0])
            if len(case.events) == 1 and alerts(with_fields_of(event.document, aim, names), case):
                for name in names:
                    rest = [other for other in names if other != name]
                    names = rest if alerts(with_fields_of(event.document, aim, rest), case) else names
                return _change(event, aim, names)
        return NoChange(reason="the values of no case that alerts make this event alert")

    @cached_property
    def _named(self) -> Sequence[str]:
        return [name for name in named_fields(self._compiled) if name != "@timestamp"]

    @cached_property
    def _alerting(self) -> Sequence[Case]:
        return [case for case in generate(self._compiled).cases if case.is_positive]

    def _differing(self, event: Event, case: Case) -> list[str]:
        aim = Event(case.events[0])
        return [name for name in self._named if event.raw(name) != aim.raw(name)]


def _change(event: Event, aim: Event, names: Sequence[str]) -> Change:
    fields = (FieldChange(name, tuple(event.raw(name)), tuple(aim.raw(name))) for name in names)
    return Change(tuple(fields), with_fields_of(event.document, aim, names), proven=False)
