"""Cases of what alerts say: for each mapping of a rule an event that takes the mapped value, and one that does not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rulewright_engine.ir.expression import FieldType
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import Sample
from rulewright_engine.ir.query import Sequence as JoinedQuery
from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases.events.documents import patched
from rulewright_generators.cases.evidence.confirmed_cases import Gap
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_generators.cases.format.case_file import Case, kind_of
from rulewright_generators.cases.format.naming import named, uncapitalized

__all__ = ["alert_cases", "is_alert_case"]

KIND = "alert"

_MAX_VARIED_CASES = 20
"""Positive cases that are varied."""

_SCORES = (99, 21, 73)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a case shall show: that an alert says something where `field` has one of these values (None: is missing)."""

    why: str
    said: Mapping[str, Any]
    field: str
    values: tuple[Any, ...]


def is_alert_case(case: Case) -> bool:
    """Whether the generated case is one of what an alert says."""
    return kind_of(case) == KIND


def alert_cases(
    compiled: CompiledRule, cases: Sequence[Case], existing: Sequence[Case] = ()
) -> tuple[list[Case], list[Gap]]:
    """The cases of what alerts say, made of `cases`, and what no case could show. Those of `existing` that hold stay.

    Of sequences and samples Kibana reads no mapping, so there is nothing to show.
    """
    if isinstance(compiled.query, JoinedQuery | Sample):
        return [], []
    runner, claims = CaseRunner(compiled), list(_claims(compiled))
    made: list[Case] = []
    gaps: list[Gap] = []
    bases = [case for case in cases if case.is_positive][:_MAX_VARIED_CASES] if claims else []
    for claim in claims:
        kept = (case for case in existing if case.why == claim.why and case.alert == claim.said and runner.holds(case))
        tried = (named(KIND, uncapitalized(claim.why), each) for each in _tried(claim, bases) if runner.holds(each))
        case = next(kept, None) or next(tried, None)
        if case is not None:
            made.append(case)
        elif bases:
            gaps.append(Gap(f"an alert of which {claim.why[:1].lower()}{claim.why[1:-1]}", "no such event was found"))
    return made, gaps


def _tried(claim: _Claim, bases: Sequence[Case]) -> Iterator[Case]:
    """Positive cases with the values of a claim, then those that may have them by themselves."""
    for base in bases:
        for value in claim.values:
            events = tuple(patched(event, {claim.field: value}) for event in base.events)
            yield _of(claim, base, events)
        yield _of(claim, base, base.events)


def _of(claim: _Claim, base: Case, events: tuple[Mapping[str, Any], ...]) -> Case:
    return replace(base, events=events, why=claim.why, covers=(), flips=None, alert=claim.said)


def _claims(compiled: CompiledRule) -> Iterator[_Claim]:
    rule, fields = compiled.rule, compiled.fields
    for entry in rule.severity_mapping:
        name, severity = entry["field"], entry["severity"]
        value, said = _typed(name, str(entry["value"]), fields), {"severity": severity}
        why = f"`{name}` is {entry['value']}, which makes the severity {severity}."
        yield _Claim(why, said, name, (value,))
    for name in dict.fromkeys(entry["field"] for entry in rule.severity_mapping):
        why = f"`{name}` says nothing of the severity, which is the rule's."
        yield _Claim(why, {"severity": rule.severity}, name, _silent(name, fields))
    for entry in rule.risk_score_mapping[:1]:
        score, name = next(score for score in _SCORES if score != rule.risk_score), entry["field"]
        yield _Claim(f"`{name}` is {score}, and so is the risk score.", {"risk_score": score}, name, (score,))
        why = f"`{name}` is no number from 0 to 100, so the risk score is the rule's."
        yield _Claim(why, {"risk_score": rule.risk_score}, name, (None, 101))
    if rule.rule_name_override is not None:
        name, text = rule.rule_name_override, "Suspicious activity"
        yield _Claim(f"`{name}` is the name of the alert.", {"name": text}, name, (text,))
        why = f"`{name}` is missing, so the name of the alert is the rule's."
        yield _Claim(why, {"name": rule.name}, name, (None,))


def _typed(name: str, text: str, fields: FieldTypes) -> Any:
    """The value as an event has it: a number where the field is one."""
    info = fields.lookup(name)
    is_number = info is not None and info.type in (FieldType.LONG, FieldType.DOUBLE)
    return int(text) if is_number and text.isdecimal() else text


def _silent(name: str, fields: FieldTypes) -> tuple[Any, ...]:
    """Values of which no mapping speaks: none, else another one."""
    return (None, _typed(name, "0", fields))
