"""Why a rule fires for given events or does not, in plain words and as JSON.

subjects     the events of a file, or the cases in it
conditions   one event and one condition: every part with its values, what blocks, the smallest change
wording      what all of them say alike
"""

from collections.abc import Iterator
from typing import Any, Protocol

from rulewright.explain.conditions import explain_condition
from rulewright.explain.subjects import Subject, read_subjects
from rulewright.project import LoadedRule
from rulewright.report import Style
from rulewright_engine.query import EventQuery
from rulewright_generators.fixtures.generate import setting_of
from rulewright_generators.fixtures.writer import EventWriter
from rulewright_schema.errors import UsageError

__all__ = ["Explanation", "Subject", "explain", "read_subjects"]


class Explanation(Protocol):
    """One answer; its lines are for people and hold no line ends."""

    def lines(self, style: Style) -> Iterator[str]: ...

    def to_json(self) -> dict[str, Any]: ...


def explain(rule: LoadedRule, subjects: list[Subject]) -> Iterator[Explanation]:
    """An explanation of each event, or of each subject where events count together."""
    meaning = rule.reading.meaning
    if meaning is None or not isinstance(meaning.query, EventQuery):
        raise UsageError("only a rule with one condition on single events can be explained")
    condition = meaning.query.condition
    solver = EventWriter(condition, meaning.fields, setting_of(rule.rule, meaning.query), rule.rule.rule_id).solver
    for subject in subjects:
        for position, event in enumerate(subject.events):
            yield explain_condition(subject.name_of(position), rule, condition, event, solver)
