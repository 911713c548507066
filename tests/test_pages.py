"""The page of each code holds: its bad example is one diagnostic at the mark, its good example is none."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from rulewright._project.codes import all_codes
from rulewright._project.project import open_project
from rulewright._project.proof import prove
from rulewright_engine.checks import query_checks
from rulewright_generators.cases import parse_cases
from rulewright_generators.writing.templates import TemplateError, Templates
from rulewright_schema.checks import check_rules
from rulewright_schema.checks.examples import examples_of, without_marks
from rulewright_schema.codes import CODES, Code, Profile
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.files.load import load_rule, load_text
from rulewright_schema.source import Source
from support.rules import rule_with, text_of
from support.sigma import sigma_of
from support.style import assert_style

Found = Sequence[Diagnostic]

PAGES = all_codes()
NOT_RUN = {
    "RW001": "a command that takes the permission to read away",
    "RW005": "a text of five million characters",
    "RW006": "brackets that stand for a hundred more",
    "RW012": "a defect of Rulewright",
    "RW010": "a command with a file that does not exist",
    "RW710": "a case of a rule that is not shown",
    "RW711": "a query, and cases told in words",
    "RW713": "a query, and cases told in words",
    "RW714": "a setting, and a score told in words",
    "RW810": "a rule type without the keys that it needs",
}
"""Pages whose examples only tell what to run."""


def parametrized(codes: Sequence[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", [PAGES[code] for code in codes], ids=lambda page: page.code)


# What is said of an example that is no rule file


def of_file(example: str, folder: Path) -> Found:
    """Of a file of these bytes (`\\xe9` is one)."""
    path = folder / "rule.toml"
    path.write_bytes(re.sub(rb"\\x(..)", lambda byte: bytes.fromhex(byte[1].decode()), example.encode()))
    return load_rule(path).diagnostics


def of_cases(example: str, folder: Path) -> Found:
    return parse_cases(Source("rule.cases.jsonl", example)).diagnostics


def of_pinned_cases(example: str, folder: Path) -> Found:
    """Of a file of cases beside a rule on process.name."""
    path = folder / "rule.toml"
    path.write_text(text_of("[rule]\nquery = 'process where process.name == \"cp\"'\n"), encoding="utf-8")
    path.with_suffix(".cases.jsonl").write_text(example, encoding="utf-8")
    (rule,) = open_project([str(path)]).rules
    return [problem for problem in prove(rule).problems if problem.code == "RW703"]


def of_proof(example: str, folder: Path) -> Found:
    """Of a query, proven by generated cases."""
    path = folder / "rule.toml"
    path.write_text(text_of(f"[rule]\nquery = '''{example}'''\n"), encoding="utf-8")
    (rule,) = open_project([str(path)]).rules
    return prove(rule).problems


def of_template(example: str, folder: Path) -> Found:
    path = folder / "docs/page.html.j2"
    path.parent.mkdir()
    path.write_text(example, encoding="utf-8")
    try:
        Templates(folder).render("docs/page.html.j2", rule=rule_with("process where true", note="## Triage"))
    except TemplateError as error:
        return (error.diagnostic,)
    return ()


def of_sigma(example: str, folder: Path) -> Found:
    """Of keys of `[rule]`."""
    rule = load_text(text_of(f"[rule]\n{example}\n")).rule
    assert rule is not None
    export = sigma_of(rule)
    assert (export.refusal is None) == (export.text is not None)
    return [export.refusal] if export.refusal else ()


OTHERS: dict[str, Callable[[str, Path], Found]] = {
    **dict.fromkeys(("RW002", "RW003", "RW004", "RW007", "RW008"), of_file),
    **dict.fromkeys(("RW011", "RW701", "RW702"), of_cases),
    "RW703": of_pinned_cases,
    **dict.fromkeys(("RW712", "RW715"), of_proof),
    **dict.fromkeys(("RW801", "RW802", "RW803"), of_template),
    **dict.fromkeys(("RW811", "RW812", "RW813", "RW814"), of_sigma),
}
OF_RULES = [code for code in PAGES if code not in NOT_RUN and code not in OTHERS]


@cache
def found(examples: str, profile: Profile = Profile.ELASTIC) -> Found:
    files = [load_text(example.text, example.name) for example in examples_of(examples)]
    return check_rules(files, Config(profile=profile), passes=[query_checks])


@parametrized(list(PAGES))
def test_every_page_is_written(page: Code) -> None:
    assert re.fullmatch(r"RW\d{3}", page.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", page.name)
    assert page.title[0].islower() or page.title[0] == "`"
    assert not page.title.endswith(".")
    assert page.why.endswith(".")
    assert "«" not in without_marks(page.bad)
    assert page.good


@parametrized(OF_RULES)
def test_the_bad_example_is_found_where_it_is_marked(page: Code) -> None:
    (problem,) = found(page.bad)
    (marked,) = [(each.name, each.marked) for each in examples_of(page.bad) if each.marked is not None]
    assert (problem.code, problem.level, problem.path, problem.span) == (page.code, page.level, *marked)


@parametrized(OF_RULES)
def test_the_good_example_is_sound(page: Code) -> None:
    assert list(found(page.good)) == []


@parametrized(OF_RULES)
def test_what_only_a_house_style_asks_is_silent_by_default(page: Code) -> None:
    assert bool(found(page.bad, Profile.CORE)) == (page.profile is Profile.CORE)


@parametrized(OF_RULES)
def test_the_message_is_in_the_style(page: Code) -> None:
    for problem in found(page.bad):
        assert_style(problem)


@parametrized(list(OTHERS))
def test_examples_that_are_no_rules_hold_too(page: Code, tmp_path: Path) -> None:
    for name in ("bad", "good"):
        (tmp_path / name).mkdir()
    (problem,) = OTHERS[page.code](page.bad, tmp_path / "bad")
    assert (problem.code, problem.level) == (page.code, page.level)
    assert_style(problem)
    assert page.code not in {problem.code for problem in OTHERS[page.code](page.good, tmp_path / "good")}


def test_names_of_codes_differ() -> None:
    names = [code.name for code in PAGES.values()]
    assert len(names) == len(set(names))


def test_a_code_cannot_be_defined_twice() -> None:
    fields = {"level": Level.NOTE, "title": "x", "why": "x.", "bad": "", "good": ""}
    with pytest.raises(ValueError, match="RW101 is defined twice"):
        Code(code="RW101", name="other", **fields)  # type: ignore[arg-type]
    assert CODES["RW101"].name != "other"
