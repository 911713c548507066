"""The project's own rules hold to what the project asks of any rule, and a little more."""

import re
from collections import Counter
from pathlib import Path

from rulewright._project.project import (
    Rule,
    cases_path,
    open_project,
)
from rulewright._project.proof import cases, prove
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import Language, QueryOptions
from rulewright_engine.rules import alerts, compile_rule
from rulewright_engine.rules.rule_query import read_query
from rulewright_generators.cases import (
    read_cases,
    run_cases,
    updated_text,
)
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.rule import Rule as RuleModel
from support.rules import loaded
from support.ruleset import our_rule, pinned_cases, ruleset

DOMAINS = {"linux", "windows", "macos", "container", "aws", "azure", "okta", "github", "network"}
HEADINGS = [
    "## Triage and analysis",
    "### What the alert means",
    "### First questions",
    "### False positives and tuning",
    "### Response",
]
FENCES = {"eql": Language.EQL, "kql": Language.KQL, "esql": Language.ESQL}
PLACEHOLDER = re.compile(r"<[^<>\n]+>")
"""What the reader of a guide fills in; any address does, whatever the type of the field."""


def test_no_rule_has_a_finding() -> None:
    assert ruleset().problems == []


def test_every_domain_has_rules() -> None:
    counts = Counter(rule.path.parent.name for rule in ruleset().rules)
    assert set(counts) == DOMAINS
    assert min(counts.values()) >= 2
    assert len(ruleset().rules) == len(ruleset().files)


def test_pinned_cases_prove_the_rule(rule: Rule) -> None:
    proof = prove(rule)
    assert proof.pinned
    assert proof.problems == ()
    assert proof.unproven == []


def test_pinned_cases_raise_their_alerts_in_a_run_of_the_rule(rule: Rule) -> None:
    """The cases again, by the rule's type and within its window, also where `test` skips them."""
    compiled = compile_rule(rule.rule, Config()).compiled
    assert compiled is not None
    for case in pinned_cases(rule):
        raised = alerts(
            compiled,
            [Event(document) for document in case.events],
            history=[Event(document) for document in case.history],
            indicators=[Event(document) for document in case.indicators],
        )
        assert sorted(alert.events for alert in raised) == sorted(case.alerts), case.name


def test_cases_by_hand_show_an_attack_and_its_harmless_twin(rule: Rule) -> None:
    by_hand = [case for case in pinned_cases(rule) if case.name.startswith(("attack-", "harmless-"))]
    assert {case.is_positive for case in by_hand} == {True, False}
    assert all(case.is_positive == case.name.startswith("attack-") for case in by_hand)


def test_pinned_cases_are_what_the_generator_writes(rule: Rule) -> None:
    file = read_cases(cases_path(rule.path))
    assert updated_text(file, cases(rule, keep=file.cases)) == file.source.text


def test_the_guide_is_complete(rule: Rule) -> None:
    note = rule.rule.note or ""
    assert [line for line in note.splitlines() if line.startswith("#")] == HEADINGS
    assert 150 <= len(note.split()) <= 380
    assert rule.rule.false_positives
    assert rule.rule.references


def test_queries_of_the_guide_can_be_run(rule: Rule) -> None:
    fields, problems = CatalogueFields(), list[Diagnostic]()
    for name, text in re.findall(r"```(\w+)\n(.*?)\n```", rule.rule.note or "", re.DOTALL):
        filled = PLACEHOLDER.sub("192.0.2.1", text)
        problems += read_query(FENCES[name], filled, fields, QueryOptions()).diagnostics
    # A language that cannot be run yet is a note
    assert [problem for problem in problems if problem.level is not Level.NOTE] == []


def test_lines_fit_the_screen(rule: Rule) -> None:
    lines = rule.path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 120 and "https://" not in line] == []


def test_the_first_rule_means_what_the_seed_means(shared: Path) -> None:
    """Every case of one, through the other: each condition of either query is put to the question."""
    [seed] = open_project([str(shared / "seed" / "suspicious_network_tool_launch.toml")]).rules
    ours = our_rule("container/network_tool_launch")
    for writer, reader in ((seed, ours), (ours, seed)):
        assert reader.compiled is not None
        written = cases(writer)
        results = run_cases(reader.compiled, written)
        assert len(written) > 100
        assert [result.case.name for result in results if not result.passed] == []


def test_prose_is_our_own(corpus: list[Path]) -> None:
    """No run of twelve words of ours stands in a public rule."""
    ours = {run: rule.path.name for rule in ruleset().rules for text in prose(rule.rule) for run in runs(text)}
    public = [file.rule for file in map(loaded, corpus) if file.rule is not None]
    theirs = {run for rule in public for text in prose(rule) for run in runs(text) if run in ours}
    assert {run: ours[run] for run in theirs} == {}
    assert len(public) > 1000


def prose(rule: RuleModel) -> list[str]:
    return [rule.name, rule.description, rule.note or "", rule.setup or "", *rule.false_positives]


def runs(text: str) -> list[tuple[str, ...]]:
    """Every run of twelve words, without case and punctuation."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return list(zip(*(words[start:] for start in range(12)), strict=False))
