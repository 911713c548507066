"""Cases of ES|QL rules: what they prove is confirmed by running the query, and the public rules are reached."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from rulewright_engine.esql.alerts import Alerts, rule_alerts
from rulewright_engine.event import Event
from rulewright_engine.fields import CatalogueFields
from rulewright_engine.solver import Outcome
from rulewright_generators.fixtures.cases import Case, dump_cases, parse_cases
from rulewright_generators.fixtures.esql import EsqlCases, esql_cases
from rulewright_schema.checks.examples import examples_of
from rulewright_schema.load import load_rule, load_text
from rulewright_schema.rule import EsqlRule
from rulewright_schema.source import Source

FIELDS = CatalogueFields()


def rule_of(query: str) -> EsqlRule:
    (example,) = examples_of(
        f"[rule]\ntype = \"esql\"\nlanguage = \"esql\"\n# without index\nquery = '''\n{query}\n'''\n"
    )
    rule = load_text(example.text).rule
    assert isinstance(rule, EsqlRule)
    return rule


def made(query: str, existing: Sequence[Case] = ()) -> EsqlCases:
    rule = rule_of(query)
    found = esql_cases(rule, FIELDS, existing=existing)
    confirm(rule, found.cases)
    return found


def confirm(rule: EsqlRule, cases: Sequence[Case]) -> None:
    """Every case alerts as it says, and a near miss does not."""
    for case in cases:
        alerts = rule_alerts(rule.query, map(Event, case.events), FIELDS, answers=case.answers)
        assert isinstance(alerts, Alerts)
        assert tuple(alert.events for alert in alerts.alerts) == case.alerts, case.name
        assert case.is_positive == case.name.startswith("positive"), case.name


def by_kind(found: EsqlCases, kind: str) -> list[Case]:
    return [case for case in found.cases if case.name.startswith(kind)]


def flipped(found: EsqlCases) -> set[str | None]:
    return {case.flips for case in found.cases if case.flips}


def test_single_events() -> None:
    found = made(
        'FROM logs-* METADATA _id, _version, _index | WHERE process.name IN ("nc", "ncat") AND NOT user.name LIKE "svc-*"'
        " | KEEP process.name, user.name, _id, _version, _index"
    )
    assert flipped(found) == {
        'process.name in ("nc")',
        'process.name in ("ncat")',
        'user.name like "svc-*"',
        "user.name is not null",
    }
    assert {leaf.outcome for leaf in found.leaves} == {Outcome.PAIR}
    assert len(by_kind(found, "boundary")) == 2


def test_counts_in_a_bucket() -> None:
    found = made(
        'FROM logs-* | WHERE event.action == "logon-failed" | EVAL minute = DATE_TRUNC(1 minute, @timestamp)'
        " | STATS Esql.count = COUNT(*), Esql.users = COUNT_DISTINCT(user.name) BY source.ip, minute"
        " | WHERE Esql.count >= 6 AND Esql.users >= 4 | KEEP source.ip, Esql.*"
    )
    (first, *_) = by_kind(found, "positive")
    assert len(first.events) == 6
    assert len({event["user"]["name"] for event in first.events}) == 4
    assert {"Esql.count >= 6", "Esql.users >= 4"} <= flipped(found)
    (split,) = by_kind(found, "span")
    assert len({event["@timestamp"][:16] for event in split.events}) == 2


def test_kinds_of_events_that_must_meet() -> None:
    found = made(
        'FROM logs-* | EVAL denied = CASE(event.outcome == "failure", 1, 0), allowed = CASE(event.outcome == "success", 1, 0)'
        " | STATS Esql.denied = SUM(denied), Esql.allowed = SUM(allowed) BY user.name"
        " | WHERE Esql.denied >= 3 AND Esql.allowed >= 1 | KEEP user.name, Esql.*"
    )
    (first, *_) = by_kind(found, "positive")
    assert [event["event"]["outcome"] for event in first.events].count("failure") == 3
    assert {"Esql.denied >= 3", "Esql.allowed >= 1"} <= flipped(found)


def test_what_is_taken_apart_is_put_together() -> None:
    found = made(
        'FROM logs-* METADATA _id, _version, _index | GROK message "user=%{WORD:name} from %{IP:address}"'
        ' | DISSECT url.query "%{}id=%{id}&%{}"'
        ' | WHERE name == "root" AND CIDR_MATCH(TO_IP(address), "203.0.113.0/24") AND TO_LONG(id) > 100'
        " | KEEP name, address, _id, _version, _index"
    )
    assert found.cases, found.reason
    assert "user=root from 203.0.113." in str(found.cases[0].events[0]["message"])


def test_answers_of_a_model() -> None:
    found = made(
        'FROM logs-* | COMPLETION verdict = CONCAT("judge ", user.name) WITH { "inference_id": "x" }'
        ' | WHERE verdict == "bad" | KEEP user.name'
    )
    assert found.cases[0].answers == {"verdict": "bad"}


def test_what_can_never_be_is_said() -> None:
    found = made('FROM logs-* | WHERE event.action == "a" AND event.action == "b" | KEEP event.action')
    assert not found.cases
    assert found.reason == "no event can meet all conditions before STATS at once"


SEEDED = 'FROM logs-* | WHERE LENGTH(REVERSE(user.name)) == 5 AND SHA1(user.name) LIKE "0b*" AND event.action == "x" | KEEP user.name'


def test_a_hand_written_case_is_varied() -> None:
    alone = made(SEEDED)
    assert not alone.cases
    assert "write a positive case by hand" in alone.reason
    seed = Case(name="mine", events=({"user": {"name": "aakms"}, "event": {"action": "x"}},), alerts=((0,),), why="")
    found = made(SEEDED, [seed])
    assert found.cases[0].why.endswith("Made from the case `mine`, which was written by hand.")
    assert 'event.action == "x"' in flipped(found)


def test_the_same_rule_gives_the_same_bytes() -> None:
    query = "FROM logs-* | STATS c = COUNT(*) BY host.id | WHERE c > 2 | KEEP host.id"
    first, second = (dump_cases(made(query).cases) for _ in range(2))
    assert first == second
    assert [case.name for case in parse_cases(Source("x", first)).cases]


UNREACHED = {
    "credential_access_aws_bedrock_credentials_in_model_prompt_or_completion.toml": "the query is rejected",
    "initial_access_entra_id_graph_single_session_from_multiple_addresses.toml": "one event cannot be of two data sets",
}
"""Public rules that can raise no alert at all."""


@pytest.fixture(scope="module")
def public(corpus: list[Path]) -> dict[str, EsqlRule]:
    rules = {path.name: load_rule(path).rule for path in corpus}
    return {name: rule for name, rule in rules.items() if isinstance(rule, EsqlRule)}


def test_most_public_rules_are_reached_without_help(public: dict[str, EsqlRule]) -> None:
    from rulewright_generators.fixtures.esql.generate import find_population

    reached = {name for name, rule in public.items() if find_population(rule, FIELDS) is not None}
    assert not reached & UNREACHED.keys()
    assert len(reached) / len(public) >= 0.85


def test_most_conditions_of_public_rules_have_a_near_miss(public: dict[str, EsqlRule]) -> None:
    """Every fifth rule; all of them give the same share and take a minute."""
    outcomes = [leaf.outcome for rule in list(public.values())[::5] for leaf in esql_cases(rule, FIELDS).leaves]
    flippable = [each for each in outcomes if each in (Outcome.PAIR, Outcome.UNDECIDED, Outcome.COUPLED)]
    assert flippable.count(Outcome.PAIR) / len(flippable) >= 0.8
