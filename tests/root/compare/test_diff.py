"""Comparisons of rules: data, sides from folders and git, and what is printed."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from rulewright._compare import Comparison, Relation, compare_rules
from rulewright._compare.parts import Change
from rulewright._compare.wording import change_words, part_words
from rulewright_engine.rules import Compilation, compile_rule
from rulewright_engine.solver.analysis.relation import combined
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_schema.config import Config
from support.command_line import Run
from support.paths import data_of
from support.rules import rule_of, text_of

CASES = data_of("diff.toml")["case"]
EQL = "[rule]\nquery = '''{}'''\n"
ESQL = "[rule]\ntype = \"esql\"\nlanguage = \"esql\"\n# without index\nquery = '''{}'''\n"
KUERY = "[rule]\ntype = \"query\"\nlanguage = \"kuery\"\nquery = '''{}'''\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['old']} -> {case['new']}")
def test_relation_of_two_queries(case: dict[str, Any]) -> None:
    frame = {"kuery": KUERY, "esql": ESQL}.get(case.get("language", ""), EQL)
    old, new = rule_of(frame.format(case["old"])), rule_of(frame.format(case["new"]))
    found = compare_rules(compile_rule(old, Config()), compile_rule(new, Config()))
    assert found.relation == case["relation"]
    assert [part_words(part) for part in found.parts] == case.get("parts", [part_words(part) for part in found.parts])
    assert list(found.single) == case.get("single", list(found.single))
    assert [*map(told, changes_of(found))] == case.get("changes", [*map(told, changes_of(found))])
    witnesses = [witness for part in found.parts for witness in (part.lost, part.gained) if witness]
    texts = [text for witness in witnesses for text, _ in witness.because]
    assert any(case.get("because", "") in text for text in texts) or not case.get("because")


def changes_of(comparison: Comparison) -> list[Change]:
    return [change for part in comparison.parts for change in part.changes]


def told(change: Change) -> str:
    """`lost: removed process.name : "nc"`."""
    runs = change.runs
    shown = {"lost": change.lost or runs.lost, "gained": change.gained or runs.gained, "otherwise": runs.otherwise}
    proven = "undecided" if change.reason else "content" if change.is_of_content else "equal"
    return f"{next((name for name, found in shown.items() if found), proven)}: {change_words(change)}"


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.get("language") == "esql"], ids=lambda case: case["new"]
)
def test_a_run_that_shows_a_change_of_esql_does(case: dict[str, Any]) -> None:
    rules = [compile_rule(rule_of(ESQL.format(case[side])), Config()) for side in ("old", "new")]
    old, new = (CaseRunner(each.compiled) for each in rules if each.compiled is not None)
    for change in changes_of(compare_rules(*rules)):
        for run in (change.runs.lost, change.runs.gained, change.runs.otherwise):
            if run is not None:
                assert (old.alerts(run.case), new.alerts(run.case)) == (run.old, run.new)
                assert sorted(run.old) != sorted(run.new)
                assert bool(run.old) or run is not change.runs.lost
                assert not run.new or run is not change.runs.lost


THRESHOLD = """
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
[rule.threshold]
field = {field}
value = {value}
"""
NEW_TERMS = """
[rule]
type = "new_terms"
language = "kuery"
query = "event.category : authentication and event.outcome : ({outcome})"
[rule.new_terms]
field = "new_terms_fields"
value = ["{term}"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-{history}"
"""
THREAT = """
[rule]
type = "threat_match"
language = "kuery"
query = "event.category : network"
threat_index = ["ti-*"]
threat_language = "kuery"
threat_query = "*:*"
[[rule.threat_mapping]]
{}
"""
ENTRY = '[[rule.threat_mapping.entries]]\nfield = "{}"\ntype = "mapping"\nvalue = "threat.indicator.ip"\n'
SUPPRESSED = "[rule]\nquery = 'process where true'\nalert_suppression = {{ group_by = ['{}'] }}\n"
CARDINALITY = THRESHOLD.format(field='["source.ip"]', value=3) + "cardinality = [{{ field = 'user.name', value = {} }}]"


@pytest.mark.parametrize(
    ("old", "new", "relation", "shown"),
    [
        (
            NEW_TERMS.format(outcome="success", term="user.name", history="7d"),
            NEW_TERMS.format(outcome="success", term="user.name", history="14d"),
            Relation.NARROWER,
            {"lost"},
        ),
        (  # what the query does not find makes no term known, either
            NEW_TERMS.format(outcome="success or failure", term="user.name", history="7d"),
            NEW_TERMS.format(outcome="success", term="user.name", history="7d"),
            Relation.BOTH,
            {"lost", "gained"},
        ),
        (
            NEW_TERMS.format(outcome="success", term="user.name", history="7d"),
            NEW_TERMS.format(outcome="success", term="host.id", history="7d"),
            Relation.BOTH,
            {"lost", "gained"},
        ),
        (
            THREAT.format(ENTRY.format("source.ip")),
            THREAT.format(ENTRY.format("source.ip") + ENTRY.format("destination.ip")),
            Relation.NARROWER,
            {"lost"},
        ),
        (
            THREAT.format(ENTRY.format("source.ip")),
            THREAT.format(ENTRY.format("destination.ip")),
            Relation.BOTH,
            {"lost", "gained"},
        ),
        (SUPPRESSED.format("host.id"), SUPPRESSED.format("user.name"), Relation.CHANGED, {"otherwise"}),
        (CARDINALITY.format(2), CARDINALITY.format(3), Relation.NARROWER, {"lost"}),
    ],
)
def test_what_a_type_adds_is_shown_by_runs(old: str, new: str, relation: Relation, shown: set[str]) -> None:
    rules = rule_of(old), rule_of(new)
    old, new = (compile_rule(rule, Config()) for rule in rules)
    before, after = old.compiled, new.compiled
    assert before is not None
    assert after is not None
    found = compare_rules(old, new)
    assert found.relation is relation
    assert {name for name in ("lost", "gained", "otherwise") if getattr(found.runs, name)} == shown
    for name in shown:
        run = getattr(found.runs, name)
        assert CaseRunner(before).alerts(run.case) == run.old
        assert CaseRunner(after).alerts(run.case) == run.new
        assert [bool(run.old), bool(run.new)] == [name != "gained", name != "lost"]


def test_a_comment_has_room_for_a_run_of_many_events(run: Run) -> None:
    for name, value in (("a", 40), ("b", 30)):
        Path(f"{name}.toml").write_text(text_of(THRESHOLD.format(field='["source.ip"]', value=value)), "utf-8")
    out = run("diff", "a.toml", "b.toml", "--format", "markdown")[1]
    assert "(the first 10 of 39)" in out
    assert out.count('"@timestamp"') == 10
    assert len(out) < 20_000
    said = run("diff", "a.toml", "b.toml")[1]
    assert "+ now found: the new rule alerts on events 1-39" in said
    assert len(said.splitlines()) < 10


def test_a_condition_of_equality_is_said(run: Run) -> None:
    write("a.toml", 'process where process.name == "a" and process.name == "b" and process.pid == 4')
    write("b.toml", "process where false and process.pid == 4")
    code, out, _ = run("diff", "a.toml", "b.toml")
    assert code == 0
    assert "= note: holds as long as process.name has one value in an event" in out
    assert json.loads(run("diff", "a.toml", "b.toml", "--format", "json")[1])["single_valued"] == ["process.name"]
    assert "process.name has one value" in run("diff", "a.toml", "b.toml", "--format", "markdown")[1].replace("\\", "")


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        (('["source.ip"]', 20), ('["source.ip"]', 10), Relation.WIDER),
        (('["source.ip"]', 20), ('["source.ip", "user.name"]', 20), Relation.NARROWER),
        (('["source.ip"]', 20), ('["user.name"]', 20), Relation.BOTH),
        (('["source.ip"]', 20), ('["source.ip", "user.name"]', 10), Relation.BOTH),
    ],
)
def test_relation_of_two_thresholds(old: tuple[str, int], new: tuple[str, int], relation: Relation) -> None:
    before, after = (rule_of(THRESHOLD.format(field=field, value=value)) for field, value in (old, new))
    found = compare_rules(compile_rule(before, Config()), compile_rule(after, Config()))
    assert found.relation is relation


def test_what_cannot_be_run_is_compared_as_text() -> None:
    frame = '[rule]\ntype = "esql"\nlanguage = "esql"\n# without index\nquery = "{}"\n'
    texts = ("FROM a | KEEP b", "FROM a | KEEP c", "FROM  a | KEEP b /* c */")
    old, new, same = (Compilation(rule_of(frame.format(text)), None, None, ()) for text in texts)
    assert compare_rules(old, same).relation is Relation.EQUAL
    found = compare_rules(old, new)
    assert (found.relation, found.note) == (Relation.CHANGED, "an ES|QL rule is compared as text only")


def test_what_cannot_be_read_is_compared_by_the_keys_of_its_type() -> None:
    old, new = (Compilation(rule_of(THRESHOLD.format(field='["source.ip"]', value=n)), None, None, ()) for n in (5, 6))
    assert compare_rules(old, old).relation is Relation.EQUAL
    found = compare_rules(old, new)
    assert [part.name for part in found.parts] == ["threshold"]
    assert (found.relation, found.note) == (Relation.CHANGED, "a query that cannot be run is compared as text only")


def test_relations_of_parts_make_one_of_the_whole() -> None:
    assert combined([]) is Relation.EQUAL
    assert combined([Relation.EQUAL, Relation.WIDER]) is Relation.WIDER
    assert combined([Relation.NARROWER, Relation.WIDER]) is Relation.BOTH
    assert combined([Relation.NARROWER, Relation.UNDECIDED]) is Relation.UNDECIDED
    assert combined([Relation.UNDECIDED, Relation.CHANGED]) is Relation.CHANGED


# The command


def write(path: str, query: str, *, name: str = "Reverse Shell", rule_id: str = "") -> None:
    text = text_of(EQL.format(query)).replace("Reverse Shell", name)
    if rule_id:
        text = text.replace("3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1", rule_id)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, "utf-8")


OTHER = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d2"


def test_a_renamed_rule_is_the_same_and_what_is_new_or_gone_is_said(run: Run) -> None:
    write("old/a.toml", 'process where process.name == "nc"')
    write("new/b.toml", 'process where process.name == "nc" // the same')
    assert run("diff", "old", "new") == (0, "", "1 rule: 1 equal\n")
    write("new/c.toml", 'process where process.name == "x"', rule_id=OTHER)
    code, out, err = run("diff", "old", "new")
    assert (code, err) == (1, "2 rules: 1 equal, 1 added\n")
    assert out.startswith("added: Reverse Shell is new\n  --> new/c.toml")
    assert "removed: " in run("diff", "new", "old")[1]


def test_the_event_is_shown_with_what_decides(run: Run) -> None:
    write("a.toml", 'process where process.name in ("nc", "ncat")')
    write("b.toml", 'process where process.name == "nc"', rule_id=OTHER)
    code, out, _ = run("diff", "a.toml", "b.toml")
    assert code == 1
    assert "- no longer found:" in out
    assert 'process.name = "ncat"' in out
    assert 'in the new rule `process.name == "nc"` does not hold' in out
    data = json.loads(run("diff", "a.toml", "b.toml", "--format", "json")[1])
    assert data["relation"] == "narrower"
    assert data["parts"][0]["lost"]["event"]["process"]["name"] == "ncat"


ARGS = "process where process.args : ({}) and not process.args : ({})"


def test_every_change_is_told_losses_first_and_keys_that_an_analyst_sees(run: Run) -> None:
    write("a.toml", ARGS.format('"reg.exe", "arp.exe"', '"a"'))
    write("b.toml", ARGS.format('"arp.exe", "klist.exe"', '"a", "*nessus*"'))
    changed = Path("b.toml").read_text("utf-8").replace("risk_score = 21", "risk_score = 73")
    changed = changed.replace('"low"', '"high"')
    Path("b.toml").write_text(changed, "utf-8")
    said = [
        ("no longer found:", 'removed process.args : "reg.exe"'),
        ("no longer found:", 'added not process.args : "*nessus*"'),
        ("now found:", 'added process.args : "klist.exe"'),
    ]
    out = run("diff", "a.toml", "b.toml")[1]
    assert [line[4:] for line in out.splitlines() if line[2:3] in "-+" and line[3:4] == " "] == [
        " ".join(each) for each in said
    ]
    assert "  ~ severity: low -> high\n  ~ risk_score: 21 -> 73\n" in out
    markdown = run("diff", "a.toml", "b.toml", "--format", "markdown")[1]
    assert all(f"`{change}`" in markdown for _, change in said)
    data = json.loads(run("diff", "a.toml", "b.toml", "--format", "json")[1])
    assert [each["change"] for each in data["parts"][0]["changes"]] == ["removed", "added", "added"]
    assert [each["key"] for each in data["attributes"]] == ["severity", "risk_score"]


def test_markdown_holds_hostile_text_as_text(run: Run) -> None:
    hostile = "<img src=x> `a` @x"
    write("a.toml", 'process where process.name == "</details>```"', name=hostile)
    write("b.toml", 'process where process.name == "`|<b>"', name=hostile)
    code, out, _ = run("diff", "a.toml", "b.toml", "--format", "markdown")
    assert code == 1
    blocks = MarkdownIt("commonmark", {"html": True}).parse(out)
    raw = [token.content.strip() for token in blocks if token.type == "html_block"]
    folded = [f"<details><summary>event {fate} found</summary>" for fate in ("no longer", "now")]
    assert raw == [folded[0], "</details>", folded[1], "</details>"]
    inline = [part.content for token in blocks for part in token.children or () if part.type == "html_inline"]
    assert set(inline) <= {"<code>", "</code>"}
    assert "@x" not in "".join(part.content for token in blocks for part in token.children or () if part.type == "text")


def git(*arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.email=a@example.org", "-c", "user.name=A", "-c", "commit.gpgsign=false", *arguments],
        check=True,
        capture_output=True,
    )


def test_revisions_of_git(run: Run) -> None:
    write("ruleset/a b;$(touch x)`.toml", 'process where process.name == "nc"')
    write("ruleset/--output=x.toml", 'process where process.name == "a"', rule_id=OTHER)
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    write("ruleset/a b;$(touch x)`.toml", 'process where process.name : "nc"')
    assert run("diff", "HEAD", "ruleset")[2] == "2 rules: 1 equal, 1 wider\n"
    git("commit", "-q", "-a", "-m", "two")
    assert run("diff", "main~1", "main")[2] == "2 rules: 1 equal, 1 wider\n"
    assert run("diff", "main", "main~1:ruleset")[2] == "2 rules: 1 equal, 1 narrower\n"
    assert run("diff", "main~1", "main:ruleset")[2] == "2 rules: 1 equal, 1 wider\n"
    assert run("diff", "main~1:ruleset", "main")[2] == "2 rules: 1 equal, 1 wider\n"
    assert run("diff", "main:ruleset/--output=x.toml", "main~1:ruleset/--output=x.toml")[2] == "1 rule: 1 equal\n"
    assert not Path("x").exists()


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("no-such", "neither a file, nor a folder, nor a revision"),
        ("--output=x", "neither a file, nor a folder, nor a revision"),
        ("HEAD:../..", "git says: "),
        ("HEAD:nowhere", "no TOML file at `nowhere`"),
    ],
)
def test_a_side_that_does_not_exist_is_misuse(run: Run, old: str, said: str) -> None:
    write("ruleset/a.toml", "process where true")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    code, _, err = run("diff", "--", old, "ruleset")
    assert code == 2
    assert said in err


def test_no_repository_and_no_git_are_misuse(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("ruleset/a.toml", "process where true")
    code, _, err = run("diff", "ruleset", "b.toml")
    assert code == 2
    assert "there is no file or folder `b.toml`; git says: " in err
    monkeypatch.setenv("PATH", "")
    code, _, err = run("diff", "HEAD", "ruleset")
    assert code == 2
    assert "git, which is not installed" in err


# The policy


POLICY = """
[diff-policy."*"]
narrower = "refuse"
wider = "warn"
severity = "refuse"
attributes = "warn"
[diff-policy."drafts/*"]
narrower = "allow"
"""


def test_a_policy_decides_what_a_change_may_be(run: Run) -> None:
    Path("rulewright.toml").write_text(POLICY, "utf-8")
    for folder, queries in (("rules", ('"nc", "ncat"', '"nc"')), ("drafts", ('"nc", "ncat"', '"nc"'))):
        for side, names in zip(("old", "new"), queries, strict=True):
            write(f"{side}/{folder}/a.toml", f"process where process.name in ({names})")
        Path(folder).mkdir()
    code, out, err = run("diff", "old/rules/a.toml", "new/rules/a.toml")
    assert (code, err) == (1, "1 rule: 1 narrower; 1 rule refused, 0 rules with a warning\n")
    assert "  = refused: the policy of the settings refuses narrower\n" in out
    Path("drafts/a.toml").write_bytes(Path("new/drafts/a.toml").read_bytes())
    code, out, err = run("diff", "old/drafts/a.toml", "drafts/a.toml")
    assert (code, err) == (0, "1 rule: 1 narrower; 0 rules refused, 0 rules with a warning\n")
    code, out, _ = run("diff", "new/rules/a.toml", "old/rules/a.toml", "--format", "json")
    assert (code, json.loads(out)["verdict"], json.loads(out)["warned"]) == (0, "warn", ["wider"])
    said = run("diff", "new/rules/a.toml", "old/rules/a.toml", "--format", "markdown")[1]
    assert "**warning**: the policy of the settings warns of wider" in said


@pytest.mark.parametrize(
    ("old", "new", "code", "refused", "warned"),
    [
        ('"low"', '"high"', 1, ["severity"], []),
        ("risk_score = 21", "risk_score = 22", 0, [], ["risk_score"]),
    ],
)
def test_a_policy_may_refuse_what_an_analyst_sees(
    run: Run, old: str, new: str, code: int, refused: list[str], warned: list[str]
) -> None:
    write("a.toml", "process where true")
    Path("b.toml").write_text(Path("a.toml").read_text("utf-8").replace(old, new), "utf-8")
    assert run("diff", "a.toml", "b.toml")[0] == 0
    Path("rulewright.toml").write_text(POLICY, "utf-8")
    found, out, _ = run("diff", "a.toml", "b.toml", "--format", "json")
    data = json.loads(out)
    assert (found, data.get("refused", []), data.get("warned", [])) == (code, refused, warned)


def test_a_rule_of_a_revision_has_the_path_of_its_file(run: Run) -> None:
    Path("rulewright.toml").write_text(POLICY, "utf-8")
    write("drafts/a.toml", 'process where process.name in ("nc", "ncat")')
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    write("drafts/a.toml", 'process where process.name == "nc"')
    git("commit", "-q", "-a", "-m", "two")
    assert run("diff", "main~1:drafts", "main")[0] == 0
    assert run("diff", "main~1", "main:drafts/a.toml")[0] == 0
