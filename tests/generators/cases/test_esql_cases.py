"""Cases of ES|QL rules: what they prove is confirmed by running the query, and the public rules are reached."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from rulewright_engine.evaluate.event import Event
from rulewright_engine.rules import alerts
from rulewright_engine.solver import Outcome
from rulewright_engine.values.patterns import compile_fuzzy
from rulewright_generators.cases import GeneratedCases, condition_coverage, generate
from rulewright_generators.cases.esql.plan.conditions import atoms_of
from rulewright_generators.cases.esql.writing.coverage_matrix import CoverageMatrix
from rulewright_generators.cases.format.case_file import Case, is_generated
from rulewright_schema.rule import EsqlRule
from support.esql import esql_rule, plan_of
from support.hash_order import COUNTED
from support.paths import data_of
from support.rules import compiled_of, loaded


def made(query: str, existing: Sequence[Case] = ()) -> GeneratedCases:
    rule = esql_rule(query)
    found = generate(compiled_of(rule), existing=existing)
    confirm(rule, found)
    return found


def confirm(rule: EsqlRule, found: GeneratedCases) -> None:
    """Every generated case alerts as it says, and hangs on the conditions that it names."""
    compiled = compiled_of(rule)
    matrix = CoverageMatrix(compiled, plan_of(rule))
    atoms = {name: atom for atom, name in matrix.names.items()}
    for case in filter(is_generated, found.cases):
        events = [Event(document) for document in case.events]
        raised = alerts(compiled, events, answers=case.answers, lookups=case.lookups)
        assert tuple(alert.events for alert in raised) == case.alerts, case.name
        for name in case.covers or ([case.flips] if case.flips else ()):
            assert matrix.oracle.decides(atoms[name], events, case.outside, fired=case.is_positive), (case.name, name)


def by_kind(found: GeneratedCases, kind: str) -> list[Case]:
    return [case for case in found.cases if case.name.startswith(kind)]


def proven(found: GeneratedCases) -> set[str]:
    return {leaf.leaf.text for leaf in found.conditions if leaf.outcome is Outcome.PAIR}


def test_single_events() -> None:
    found = made(
        "FROM logs-* METADATA _id, _version, _index"
        ' | WHERE process.name IN ("nc", "ncat") AND NOT user.name LIKE "svc-*"'
        " | KEEP process.name, user.name, _id, _version, _index"
    )
    assert proven(found) == {'process.name in ("nc")', 'process.name in ("ncat")', 'user.name like "svc-*"'}
    second = [case for case in by_kind(found, "boundary") if "second value" in case.why]
    assert [isinstance(case.events[0]["process"]["name"], list) for case in second] == [True, False]


def test_fuzzy_names() -> None:
    """The rule matches a name that is easily mistaken, and keeps quiet of one that is an edit too far."""
    found = made(
        'FROM logs-* METADATA _id, _version, _index | WHERE MATCH(process.name, "svchost.exe", {"fuzziness": 1})'
        " | KEEP process.name, _id, _version, _index"
    )
    (positive,) = by_kind(found, "positive")
    (near_miss,) = by_kind(found, "near-miss")
    assert positive.events[0]["process"]["name"] == "svch0st.exe"
    quiet = near_miss.events[0]["process"]["name"]
    assert not compile_fuzzy("svchost.exe", 1, 0, True)(quiet)
    assert compile_fuzzy("svchost.exe", 2, 0, True)(quiet)


def test_counts_in_a_bucket() -> None:
    found = made(
        'FROM logs-* | WHERE event.action == "logon-failed" | EVAL minute = DATE_TRUNC(1 minute, @timestamp)'
        " | STATS Esql.count = COUNT(*), Esql.users = COUNT_DISTINCT(user.name) BY source.ip, minute"
        " | WHERE Esql.count >= 6 AND Esql.users >= 4 | KEEP source.ip, Esql.*"
    )
    (first, *_) = by_kind(found, "positive")
    assert len(first.events) == 6
    assert len({event["user"]["name"] for event in first.events}) == 4
    assert proven(found) == {'event.action == "logon-failed"', "Esql.count >= 6", "Esql.users >= 4"}
    (short,) = (case for case in found.cases if case.flips == "Esql.count >= 6")
    assert len(short.events) == 5
    (split,) = by_kind(found, "span")
    assert len({event["@timestamp"][:16] for event in split.events}) == 2


def test_kinds_of_events_that_must_meet() -> None:
    found = made(
        'FROM logs-* | EVAL denied = CASE(event.outcome == "failure", 1, 0)'
        ', allowed = CASE(event.outcome == "success", 1, 0)'
        " | STATS Esql.denied = SUM(denied), Esql.allowed = SUM(allowed) BY user.name"
        " | WHERE Esql.denied >= 3 AND Esql.allowed >= 1 | KEEP user.name, Esql.*"
    )
    (first, *_) = by_kind(found, "positive")
    assert [event["event"]["outcome"] for event in first.events].count("failure") == 3
    assert {leaf.outcome for leaf in found.conditions} == {Outcome.PAIR}


def test_what_is_taken_apart_is_put_together() -> None:
    found = made(
        'FROM logs-* METADATA _id, _version, _index | GROK message "user=%{WORD:name} from %{IP:address}"'
        ' | DISSECT url.query "%{}id=%{id}&%{}"'
        ' | WHERE name == "root" AND CIDR_MATCH(TO_IP(address), "203.0.113.0/24") AND TO_LONG(id) > 100'
        " | KEEP name, address, _id, _version, _index"
    )
    assert "user=root from 203.0.113." in str(found.cases[0].events[0]["message"])
    assert {leaf.outcome for leaf in found.conditions} == {Outcome.PAIR}


def test_answers_of_a_model() -> None:
    found = made(
        'FROM logs-* | COMPLETION verdict = CONCAT("judge ", user.name) WITH { "inference_id": "x" }'
        ' | WHERE verdict == "bad" | KEEP user.name'
    )
    assert found.cases[0].answers == {"verdict": "bad"}


def lookups_of(found: GeneratedCases, kind: str) -> list[Mapping[str, Any]]:
    return [case.lookups for case in by_kind(found, kind)]


def test_rows_that_are_joined() -> None:
    found = made(
        'FROM logs-* METADATA _id, _version, _index | WHERE event.action == "connect"'
        ' | LOOKUP JOIN threats ON destination.ip | WHERE level == "high" AND score > 50'
        " | KEEP destination.ip, level, score, _id, _version, _index"
    )
    assert {leaf.outcome for leaf in found.conditions} == {Outcome.PAIR}
    address = Event(found.cases[0].events[0]).raw("destination.ip")[0]
    assert lookups_of(found, "positive") == [{"threats": [{"level": "high", "score": 51, "destination.ip": address}]}]
    (other,) = (case for case in found.cases if "for other values" in case.why)
    assert not other.is_positive
    assert [row["destination.ip"] != address for row in other.lookups["threats"]] == [True]


def test_an_allow_list() -> None:
    found = made(
        'FROM logs-* METADATA _id, _version, _index | WHERE process.name == "psexec.exe"'
        " | EVAL who = TO_LOWER(user.name) | LOOKUP JOIN allowed ON who, host.name | WHERE allowed.reason IS NULL"
        " | KEEP host.name, who, _id, _version, _index"
    )
    assert {leaf.outcome for leaf in found.conditions} == {Outcome.PAIR}
    (alerting,) = lookups_of(found, "positive")[0]["allowed"]
    ((quiet,),) = (case.lookups["allowed"] for case in found.cases if case.flips == "allowed.reason IS NULL")
    assert alerting["who"] != quiet["who"]
    assert quiet["allowed.reason"]


def test_rows_for_groups_and_for_a_policy() -> None:
    found = made(
        'FROM logs-* | WHERE event.action == "logon" | STATS Esql.count = COUNT(*) BY user.name'
        " | LOOKUP JOIN tiers ON user.name | ENRICH people ON user.name WITH team = unit"
        ' | WHERE Esql.count >= 3 AND tier == "admin" AND team == "it" | KEEP user.name, tier, team'
    )
    assert {leaf.outcome for leaf in found.conditions} == {Outcome.PAIR}
    assert lookups_of(found, "positive") == [
        {"tiers": [{"tier": "admin", "user.name": "alice"}], "people": [{"unit": "it", "user.name": "alice"}]}
    ]


def test_rows_that_meet_a_condition() -> None:
    found = made(
        "FROM logs-* METADATA _id, _version, _index | LOOKUP JOIN limits ON user.name == owner AND process.pid > least"
        ' | WHERE kind == "strict" | KEEP user.name, _id, _version, _index'
    )
    (row,) = found.cases[-1].lookups["limits"]
    event = Event(found.cases[-1].events[0])
    assert found.cases[-1].is_positive
    assert (row["owner"], row["least"] + 1) == (event.raw("user.name")[0], event.raw("process.pid")[0])


def test_rows_that_somebody_wrote_are_kept() -> None:
    event = {"@timestamp": "2026-01-01T11:55:00.000Z", "user": {"name": "ada"}, "source": {"ip": "10.1.2.3"}}
    nets = {"type": "range", "match_field": "net", "rows": [{"net": "10.0.0.0/8", "zone": "lab"}]}
    own = Case(name="mine", events=(event,), alerts=((0,),), why="", lookups={"nets": nets})
    found = made(
        'FROM logs-* METADATA _id, _version, _index | ENRICH nets ON source.ip | WHERE zone == "lab"'
        " | KEEP source.ip, _id, _version, _index",
        [own],
    )
    assert own in found.cases


def test_addresses_and_domains_are_put_together() -> None:
    found = made(
        "FROM logs-* METADATA _id | URI_PARTS u = url.original | REGISTERED_DOMAIN d = dns.question.name"
        ' | WHERE u.extension == "exe" AND u.port == 8080 AND d.registered_domain == "example.co.uk"'
        " | KEEP url.original, _id"
    )
    assert {leaf.outcome for leaf in found.conditions} == {Outcome.PAIR}


def test_the_same_condition_in_two_places_is_one() -> None:
    found = made(
        'FROM logs-* | WHERE event.action IN ("a", "b") | EVAL is_a = CASE(event.action == "a", 1, 0)'
        " | STATS Esql.a = SUM(is_a), Esql.all = COUNT(*) BY user.name"
        " | WHERE Esql.a >= 1 AND Esql.all >= 2 | KEEP user.name"
    )
    assert [leaf.leaf.text for leaf in found.conditions] == [
        'event.action in ("a")',
        'event.action in ("b")',
        "Esql.a >= 1",
        "Esql.all >= 2",
    ]
    assert {leaf.outcome for leaf in found.conditions} == {Outcome.PAIR}


def test_what_only_labels_an_alert_is_no_condition() -> None:
    found = made(
        'FROM logs-* | EVAL label = CASE(event.action == "a", "x", "y") | WHERE user.name == "root" | KEEP label'
    )
    assert proven(found) == {'user.name == "root"'}
    assert len(found.conditions) == 1


def test_a_condition_that_says_nothing_new_is_explained() -> None:
    found = made(
        'FROM logs-* | WHERE user.name IS NOT NULL AND host.name IS NOT NULL AND user.name != "root"'
        " | STATS c = COUNT(*) BY host.name | WHERE c > 1 | KEEP host.name"
    )
    redundant = {leaf.leaf.text: leaf.reason for leaf in found.conditions if leaf.outcome is Outcome.REDUNDANT}
    assert redundant == {"user.name IS NOT NULL": "other conditions are true only where it is there"}
    assert "host.name IS NOT NULL" in proven(found)


def test_what_can_never_be_is_said() -> None:
    found = made('FROM logs-* | WHERE event.action == "a" AND event.action == "b" | KEEP event.action')
    assert not found.cases
    assert found.gaps[0].reason == "no event can meet all conditions before STATS at once"
    assert {leaf.outcome for leaf in found.conditions} == {Outcome.IMPOSSIBLE}


SEEDED = (
    'FROM logs-* | WHERE LENGTH(REVERSE(user.name)) == 5 AND SHA1(user.name) LIKE "0b*" AND event.action == "x"'
    " | KEEP user.name"
)


def test_a_hand_written_case_is_varied() -> None:
    alone = made(SEEDED)
    assert not alone.cases
    assert alone.gaps[0].reason == "no events were found that meet its conditions together"
    seed = Case(name="mine", events=({"user": {"name": "aaaab"}, "event": {"action": "x"}},), alerts=((0,),), why="")
    found = made(SEEDED, [seed])
    assert seed in found.cases
    made_of_it = [case for case in found.cases if case != seed]
    assert made_of_it
    assert all(case.why.endswith("Made from the case `mine`, which was written by hand.") for case in made_of_it)
    assert 'event.action == "x"' in proven(found)


def test_cases_that_still_hold_stay() -> None:
    first = made(COUNTED.format("a"))
    assert made(COUNTED.format("a"), first.cases).cases == first.cases
    own = Case(name="mine", events=first.cases[0].events, alerts=first.cases[0].alerts, why="")
    changed = made(COUNTED.format("b"), [own, *first.cases])
    assert own in changed.cases
    assert {case.flips for case in changed.cases} >= {'event.action == "b"', "c > 2"}


def test_what_cases_show_is_asked_of_the_interpreter() -> None:
    rule = esql_rule(COUNTED.format("a"))
    compiled = compiled_of(rule)
    found = generate(compiled)
    assert all(leaf.is_covered for leaf in condition_coverage(compiled, found.cases, found.conditions))
    fires = next(case for case in found.cases if case.is_positive)
    lies = [Case(name="near-miss-0", events=fires.events, alerts=(), why="", flips="c > 2")]
    assert not any(leaf.failed for leaf in condition_coverage(compiled, lies, found.conditions))


@pytest.fixture(scope="module")
def sample(corpus: list[Path]) -> list[tuple[EsqlRule, GeneratedCases]]:
    """Every fifteenth of the public rules; all of them give the same shares and take a minute."""
    rules = [rule for path in corpus if isinstance(rule := loaded(path).rule, EsqlRule)]
    return [(rule, generate(compiled_of(rule))) for rule in rules[::15]]


def test_every_case_of_public_rules_is_what_it_says(sample: list[tuple[EsqlRule, GeneratedCases]]) -> None:
    for rule, found in sample:
        confirm(rule, found)


def test_most_public_rules_are_reached_without_help(sample: list[tuple[EsqlRule, GeneratedCases]]) -> None:
    reached = [any(case.is_positive for case in found.cases) for _, found in sample]
    assert sum(reached) / len(reached) >= 0.85


def test_most_conditions_of_public_rules_have_a_near_miss(sample: list[tuple[EsqlRule, GeneratedCases]]) -> None:
    outcomes = [leaf.outcome for _, found in sample for leaf in found.conditions]
    flippable = [each for each in outcomes if each not in (Outcome.REDUNDANT, Outcome.IMPOSSIBLE)]
    unreached = [atom for rule, found in sample if not found.conditions for atom in atoms_of(plan_of(rule))]
    assert flippable.count(Outcome.PAIR) / (len(flippable) + len(unreached)) >= 0.8


@pytest.mark.parametrize("entry", data_of("esql-generation.toml")["rules"], ids=lambda entry: entry["name"])
def test_rules_of_other_authors(entry: dict[str, Any]) -> None:
    found = made(entry["query"])
    assert any(case.is_positive for case in found.cases) == entry.get("alerts", True)
