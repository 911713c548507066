"""Rules that imply one another: made-up ones, and public ones beside changes of them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rulewright._compare.overlap import OverlapKind, candidates, overlaps
from rulewright._project.project import Rule, open_project
from rulewright_engine.evaluate.event import Event
from rulewright_engine.solver.analysis.index_patterns import intersects, subsumes
from support.command_line import Run
from support.rules import text_of

EQL = "[rule]\nquery = '''{}'''\n"
RULE_ID = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d{}"


def write(name: str, query: str, number: int, index: str = "logs-endpoint.events.*") -> None:
    text = text_of(EQL.format(query)).replace("Reverse Shell", f"Rule {name}").replace("logs-endpoint.events.*", index)
    Path(f"{name}.toml").write_text(text.replace(RULE_ID.format(1), RULE_ID.format(number)), "utf-8")


def test_what_is_implied_and_what_is_the_same(run: Run) -> None:
    write("a", 'process where process.name in ("nc", "ncat")', 1)
    write("b", 'process where process.name : ("NCAT", "nc*")', 2)
    write("c", 'process where process.name == "ncat" or process.name == "nc"', 3)
    write("d", 'process where process.name == "socat"', 4)
    code, out, err = run("overlap", ".")
    assert code == 1
    heads = [line for line in out.splitlines() if line[:1].isalpha()]
    assert heads == [
        "implied: Rule a finds only what is found by Rule b",
        "duplicate: Rule a finds the same as Rule c",
        "implied: Rule c finds only what is found by Rule b",
    ]
    assert 'process.name = "nc"' in out
    assert err == "4 rules compared, 1 duplicate, 2 rules implied by another\n"
    assert '~ only the second finds:\n      process.name = "' in out
    first = json.loads(run("overlap", ".", "--format", "json")[1].splitlines()[0])
    assert (first["relation"], first["rule"], first["other"]) == ("implied", "a.toml", "b.toml")
    assert first["event"]["process"]["name"] == "nc"


def test_rules_that_read_nothing_in_common_do_not_overlap(run: Run) -> None:
    write("a", 'process where process.name == "nc"', 1, "logs-endpoint.events.process-*")
    write("b", 'process where process.name == "nc"', 2, "winlogbeat-*")
    assert run("overlap", ".")[0] == 0
    write("b", 'process where process.name == "nc"', 2, "logs-*")
    code, out, _ = run("overlap", ".")
    assert code == 1
    assert "note: holds for the indices that both read" in out


def test_what_a_proof_relies_on_is_said(run: Run) -> None:
    write("a", 'process where process.name == "nc" and (process.pid == 4 or process.name == "ncat")', 1)
    write("b", 'process where process.name == "nc" and process.pid == 4', 2)
    out = run("overlap", ".")[1]
    assert "= note: holds as long as process.name has one value in an event" in out


def test_what_can_never_fire_implies_nothing(run: Run) -> None:
    write("a", 'process where process.name == "nc" and process.name == "ncat"', 1)
    write("b", 'process where process.name == "nc"', 2)
    assert run("overlap", ".") == (
        0,
        "",
        "1 rule compared, 0 duplicates, 0 rules implied by another; 1 rule not compared\n",
    )


@pytest.mark.parametrize(
    ("wide", "narrow", "covers", "meets"),
    [
        (["logs-*"], ["logs-endpoint.events.*"], True, True),
        (["logs-endpoint.events.*"], ["logs-*"], False, True),
        (["logs-a*", "logs-b*"], ["logs-ab"], True, True),
        (["winlogbeat-*"], ["logs-*"], False, False),
        (["*-a"], ["b-*"], False, True),
        (["logs-*", "-logs-x"], ["logs-y"], False, True),
        ([], ["logs-*"], True, True),
        (["logs-*"], [], False, True),
    ],
)
def test_index_patterns(wide: list[str], narrow: list[str], covers: bool, meets: bool) -> None:
    assert (subsumes(wide, narrow), intersects(wide, narrow)) == (covers, meets)


def test_a_copy_of_a_public_rule_is_its_duplicate(corpus: list[Path]) -> None:
    rules = open_project([str(path) for path in corpus[::40]]).rules
    found = candidates(rules)
    assert len(found) > 15
    copies = [replace(one, rule=_renamed(one.rule)) for one in found]
    pairs = {(id(each.rule), id(each.other)): each for each in overlaps([*found, *copies])}
    for one, copy in zip(found, copies, strict=True):
        if one.whole:
            each = pairs[id(one.rule), id(copy.rule)]
            assert each.kind is OverlapKind.DUPLICATE
            assert each.both is not None
            assert one.matches(Event(each.both.event))


def _renamed(rule: Rule) -> Rule:
    return replace(rule, path=Path("copy.toml"))
