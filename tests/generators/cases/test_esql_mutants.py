"""Mutants of ES|QL rules: small changes of the query, and which cases tell them from it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from reference.variations import varied
from rulewright_engine.esql.analysis.analyze import analyze
from rulewright_engine.esql.analysis.columns import EventColumns
from rulewright_engine.esql.execution.alerts import run_alerts
from rulewright_engine.esql.execution.execute import CompiledPlan
from rulewright_engine.evaluate.event import Event
from rulewright_generators.cases import (
    Case,
    generate,
    read_cases,
    score,
)
from rulewright_generators.cases.esql.generate import positives_of
from rulewright_generators.cases.esql.mutation.equivalence import is_equivalent
from rulewright_generators.cases.esql.mutation.kill_matrix import Runs, surviving
from rulewright_generators.cases.esql.mutation.mutants import mutants_of
from rulewright_generators.cases.esql.writing.coverage_matrix import CoverageMatrix
from rulewright_schema.rule import AlertSuppression, EsqlRule
from support.effort import every
from support.esql import esql_rule, plan_of
from support.paths import RULESET, data_of
from support.rules import compiled_of, loaded

CHANGES = [
    ('process.name == "nc"', "is removed", "true"),
    ('process.name == "nc"', "is negated", 'not process.name == "nc"'),
    ('process.name == "nc"', "is only a beginning", 'starts_with(process.name, "nc")'),
    ('process.name == "nc"', "ignores case", 'to_lower(process.name) == "nc"'),
    ('process.name == "nc"', "counts a missing value", '(process.name == "nc" or process.name is null)'),
    ('process.name in ("nc", "sh")', 'has no element `"nc"`', 'process.name in ("sh")'),
    ('process.name like "n*"', "loses its last wildcard", 'process.name like "n"'),
    ('process.name rlike "n.*"', "loses its last wildcard", 'process.name rlike "n"'),
    ('process.name like "n*"', "needs a character for each wildcard at an end", 'process.name like "n*?"'),
    ("process.pid >= 5", "leaves its bound out", "process.pid > 5"),
    ("process.pid >= 5", "is one more", "process.pid >= 6"),
    ('cidr_match(source.ip, "192.0.2.0/24")', "is twice as wide", 'cidr_match(source.ip, "192.0.2.0/23")'),
    ('process.name == "nc" or process.pid == 5', "`or` becomes `and`", 'process.name == "nc" and process.pid == 5'),
    ('not (process.name == "nc" or process.pid == 5)', "the `not` before", 'process.name == "nc" or process.pid == 5'),
]
EVENTS = [
    {"process.name": name, "process.pid": pid, "source.ip": address, "user.name": "u"}
    for name in (None, "nc", "NC", "nc2", "sh", "n")
    for pid, address in ((4, "192.0.2.1"), (5, "192.0.3.1"), (6, "198.51.100.1"))
]


def alerts_of(query: str) -> list[tuple[int, ...]]:
    rule = esql_rule(query)
    plan = analyze(rule.query, EventColumns(compiled_of(rule).fields, ())).plan()
    return sorted(alert.events for alert in run_alerts(CompiledPlan(plan), map(Event, documents())))


def documents() -> list[dict[str, Any]]:
    return [{name: value for name, value in event.items() if value is not None} for event in EVENTS]


@pytest.mark.parametrize(("condition", "said", "mutated"), CHANGES, ids=lambda value: str(value))
def test_a_mutant_means_the_changed_query(condition: str, said: str, mutated: str) -> None:
    """The mutant that is said to be so raises the alerts of a query that is written so."""
    text = 'FROM logs-* | WHERE user.name == "u" AND ({}) | KEEP user.name'
    rule = esql_rule(text.format(condition))
    runs = Runs(compiled_of(rule), plan_of(rule))
    (mutant,) = [
        each
        for each in runs.mutants
        if each.what in (f"`{condition}` {said}", said) or each.what.startswith((said, f"{said}`"))
    ]
    observed = runs.observed([Event(document) for document in documents()], {})
    assert observed.raised == alerts_of(text.format(condition))
    assert runs.raised(observed, mutant) == alerts_of(text.format(mutated))


def test_the_mutants_of_a_query_with_groups() -> None:
    query = (
        'FROM logs-* | WHERE event.outcome == "failure" | STATS n = COUNT_DISTINCT(user.name) BY source.ip, host.name'
        " | WHERE n >= 4 | KEEP source.ip, n"
    )
    said = [mutant.what for mutant in mutants_of(plan_of(esql_rule(query)))]
    assert "`COUNT_DISTINCT(user.name)` is `count`" in said
    assert "`source.ip` no longer tells groups apart" in said
    assert "`n >= 4` is one less" in said


def test_what_only_the_result_shows_has_no_mutants() -> None:
    query = 'FROM logs-* | WHERE user.name == "u" | EVAL risky = process.name == "nc" | KEEP user.name, risky'
    said = [mutant.what for mutant in mutants_of(plan_of(esql_rule(query)))]
    assert said
    assert not any("process.name" in what for what in said)


QUERIES = [
    'FROM logs-* METADATA _id, _version, _index | WHERE process.name IN ("nc", "ncat") AND NOT user.name LIKE "svc-*"'
    " AND process.pid >= 5 | KEEP process.name, user.name, _id, _version, _index",
    'FROM logs-* | WHERE event.action == "logon-failed" | STATS Esql.count = COUNT(*), Esql.users ='
    " COUNT_DISTINCT(user.name) BY source.ip | WHERE Esql.count >= 6 AND Esql.users >= 4 | KEEP source.ip, Esql.*",
    'FROM logs-* | EVAL name = TO_LOWER(process.name) | WHERE name == "nc" OR name LIKE "nc*at"'
    " | STATS Esql.count = COUNT(*) BY host.name | KEEP host.name, Esql.*",
    'FROM logs-* METADATA _id, _version, _index | WHERE MATCH(process.name, "svchost.exe", {"fuzziness": 1})'
    ' AND MATCH(message, "failed login root", {"minimum_should_match": 2}) | KEEP process.name, _id, _version, _index',
]


@pytest.mark.parametrize("query", QUERIES)
def test_generated_cases_kill_every_mutant(query: str) -> None:
    rule = esql_rule(query)
    compiled = compiled_of(rule)
    scored = score(compiled, generate(compiled).cases)
    assert scored.non_equivalent >= 9
    assert [survivor.what for survivor in scored.survivors] == []


def test_without_cases_no_mutant_dies() -> None:
    rule = esql_rule(QUERIES[0])
    scored = score(compiled_of(rule), ())
    assert not scored.killed
    assert scored.survivors


def suppressed(query: str, *names: str) -> EsqlRule:
    return replace(
        esql_rule(query), alert_suppression=AlertSuppression(group_by=names, missing_fields_strategy="suppress")
    )


def test_suppression_that_groups_rows_is_shown() -> None:
    query = (
        'FROM logs-* | WHERE event.action == "a" | STATS Esql.count = COUNT(*) BY user.name, host.name'
        " | KEEP user.name, host.name, Esql.*"
    )
    rule = suppressed(query, "user.name")
    cases = generate(compiled_of(rule)).cases
    assert survivors(rule, cases) == []
    assert any(len(case.events) == 2 and len(case.alerts) == 1 for case in cases)


def test_suppression_by_all_that_rows_are_grouped_by_changes_nothing() -> None:
    query = (
        'FROM logs-* | WHERE event.action == "a" | STATS Esql.count = COUNT(*) BY user.name | KEEP user.name, Esql.*'
    )
    rule = suppressed(query, "user.name")
    cases = generate(compiled_of(rule)).cases
    scored = score(compiled_of(rule), cases)
    assert scored.equivalent["suppression changed"] == 2
    assert survivors(rule, cases) == []


def survivors(rule: EsqlRule, cases: Sequence[Case]) -> list[str]:
    return [survivor.what for survivor in score(compiled_of(rule), cases).survivors]


def test_the_pinned_cases_of_the_project_kill_what_can_be_killed() -> None:
    for path in sorted(RULESET.rglob("*.toml")):
        rule = loaded(path).rule
        if isinstance(rule, EsqlRule):
            cases = path.with_suffix(".cases.jsonl")
            scored = score(compiled_of(rule), read_cases(cases, str(cases)).cases)
            assert scored.ratio > 0.85, [survivor.what for survivor in scored.survivors]


def check_equivalence(rule: EsqlRule, seed: int) -> list[str]:
    """The mutants that are proven to mean the same, and raise other alerts over events that nobody made for them."""
    compiled, plan = compiled_of(rule), plan_of(rule)
    cases = generate(compiled).cases
    runs, matrix = Runs(compiled, plan), CoverageMatrix(compiled, plan)
    positives = positives_of(compiled, matrix, plan)
    live = surviving(runs, [runs.observe(case) for case in cases])
    equal = [mutant for mutant in live if is_equivalent(positives, rule, matrix.atoms, mutant)]
    chance = Random(seed)
    small = [case for case in cases if len(case.events) <= 60]
    wrong: list[str] = []
    for case in chance.choices(small, k=150) if equal and small else ():
        events = [
            varied(chance, event, rule.query) if chance.random() < 3 / len(case.events) else event
            for event in case.events
        ]
        observed = runs.observed([Event(event) for event in events], case.outside)
        wrong += [mutant.what for mutant in equal if runs.raised(observed, mutant) != observed.raised]
    return wrong


RULES = [
    pytest.param(esql_rule(entry["query"]), id=entry["name"]) for entry in data_of("esql-generation.toml")["rules"]
]


@pytest.mark.parametrize("rule", RULES)
def test_mutants_that_are_proven_equal_raise_the_same_alerts(rule: EsqlRule) -> None:
    assert check_equivalence(rule, 1) == []


def test_mutants_of_public_rules_that_are_proven_equal_raise_the_same_alerts(corpus: list[Path]) -> None:
    rules = [rule for path in corpus if isinstance(rule := loaded(path).rule, EsqlRule)]
    wrong = {rule.name: check_equivalence(rule, 2) for rule in rules[32 :: every(40)]}
    assert {name: told for name, told in wrong.items() if told} == {}
