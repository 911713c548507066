"""The public rules as Sigma: the specification's schema, pySigma, and SQLite as a witness of their meaning."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from sigma.collection import SigmaCollection

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Call,
    Condition,
    Leaf,
    Not,
    Or,
)
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import CompiledRule
from rulewright_engine.rules.rule_query import rule_query
from rulewright_generators.cases import Case, generate, read_cases
from rulewright_generators.exports.sigma import Profile
from rulewright_schema.config import Config
from rulewright_schema.rule import Rule
from support.paths import RULESET
from support.rules import loaded
from support.sigma import sigma_of
from support.sqlite_backend import matches

INEXACT = {"words", "array", "line"}
"""Losses that are not about case: what they do to an event is not predicted."""


def event_rules(corpus: list[Path]) -> Iterator[tuple[Rule, Condition, Path]]:
    """The rules whose query is one condition."""
    for path in corpus:
        rule = loaded(path).rule
        query = rule_query(rule, Config()) if rule and rule.type in ("eql", "query") else None
        parsed = query.parsed.query if query else None
        if rule is not None and isinstance(parsed, EventQuery):
            yield rule, parsed.condition, path


def test_every_rule_is_valid_and_loads(corpus: list[Path], shared: Path) -> None:
    schema = json.loads((shared / "conformance/sigma-schema/sigma-detection-rule-schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    exported = refused = 0
    for rule, _, _ in event_rules(corpus):
        export = sigma_of(rule)
        if export.text is None:
            assert export.refusal is not None
            refused += 1
            continue
        exported += 1
        document = yaml.load(export.text, loader)
        assert list(validator.iter_errors(document)) == [], rule.name
        assert SigmaCollection.from_dicts([document]).errors == [], rule.name
    assert exported >= 850 and refused <= 80  # what is refused has a reason; see the codes RW810 to RW814


def without_case(condition: Condition, leaves: set[str]) -> Condition:
    """The tree in which the named conditions ignore case."""
    match condition:
        case Leaf(Call() as call, _, text) if text in leaves:
            return replace(condition, value=replace(call, insensitive=True))
        case Leaf(_, test, text) if text in leaves:
            return replace(condition, test=replace(test, insensitive=True))  # type: ignore[call-arg]
        case Not(child):
            return Not(without_case(child, leaves))
        case And(children):
            return And(tuple(without_case(child, leaves) for child in children))
        case Or(children):
            return Or(tuple(without_case(child, leaves) for child in children))
        case _:
            return condition


def check_verdicts(rule: Rule, condition: Condition, cases: Sequence[Case], profile: Profile) -> int:
    """Compare SQLite's verdict on every event with the one that the losses predict; how many events were compared."""
    export = sigma_of(rule, profile)
    if export.text is None or any(loss.kind in INEXACT for loss in export.losses):
        return 0
    documents = [event for case in cases for event in case.events]
    lossy = {loss.subject for loss in export.losses if loss.kind == "case"}
    assert profile is Profile.PORTABLE or not lossy
    holds = compile_condition(without_case(condition, lossy))
    expected = {number for number, document in enumerate(documents) if holds(Event(document))}
    assert matches(export.text, documents) == expected, rule.name
    return len(documents)


@pytest.mark.parametrize("profile", Profile)
def test_sqlite_agrees_on_our_rules(profile: Profile) -> None:
    """Over the cases pinned beside them."""
    checked = 0
    for rule, condition, path in event_rules(sorted(RULESET.rglob("*.toml"))):
        cases = read_cases(path.with_suffix(".cases.jsonl")).cases
        checked += check_verdicts(rule, condition, cases, profile)
    assert checked > 500


def test_sqlite_agrees_on_public_rules(corpus: list[Path]) -> None:
    """Over the cases that follow from them; a sample, because they are many."""
    checked = 0
    for rule, condition, _ in event_rules(corpus[::61]):
        query = rule_query(rule, Config())
        assert query is not None
        cases = generate(CompiledRule(rule, EventQuery(condition), query.fields, query.options)).cases
        checked += sum(check_verdicts(rule, condition, cases, profile) for profile in Profile)
    assert checked > 300
