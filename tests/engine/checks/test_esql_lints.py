"""The pages of ES|QL's codes hold, and each lint finds something in the public rules."""

import re
from pathlib import Path

import pytest

from rulewright_engine.checks import query_checks
from rulewright_engine.checks.esql import CODE_MODULES
from rulewright_engine.checks.esql.patterns import first_operator
from rulewright_schema.checks import check_rules
from rulewright_schema.checks.examples import Example, examples_of
from rulewright_schema.codes import CODES, Code, Profile
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.load import load_rule, load_text

PAGES = [
    CODES[name]
    for name in sorted(
        {value.code for module in CODE_MODULES for value in vars(module).values() if isinstance(value, Code)}
    )
]
by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)


def found(examples: list[Example], profile: Profile = Profile.ELASTIC) -> list[Diagnostic]:
    files = [load_text(example.text, example.name) for example in examples]
    return check_rules(files, Config(profile=profile), passes=[query_checks])


def test_there_are_twenty() -> None:
    assert [page.code for page in PAGES] == [f"RW{number}" for number in range(580, 600)]


@by_page
def test_the_bad_example_is_found_where_it_is_marked(page: Code) -> None:
    (example,) = examples_of(page.bad)
    (problem,) = found([example])
    assert (problem.code, problem.level, problem.span) == (page.code, page.level, example.marked)


@by_page
def test_the_good_example_is_sound(page: Code) -> None:
    assert found(examples_of(page.good)) == []


@by_page
def test_what_only_a_house_style_asks_is_silent_by_default(page: Code) -> None:
    assert bool(found(examples_of(page.bad), Profile.CORE)) == (page.profile is Profile.CORE)


@by_page
def test_the_message_is_in_the_style(page: Code) -> None:
    for problem in found(examples_of(page.bad)):
        assert_style(problem)


def assert_style(problem: Diagnostic) -> None:
    for text in (problem.message, problem.help, problem.note, problem.label):
        assert "\n" not in text
        assert not text.endswith(".")
        assert not re.search(r"\b(None|str|dict|tuple|Exception|token|leaf)\b", re.sub("`[^`]*`", "", text))
    assert problem.message[0] == "`" or problem.message[0].islower() or problem.message.startswith("INLINE")
    assert problem.help


PROVEN = {
    "RW590": "initial_access_entra_id_actor_token_user_impersonation_abuse.toml",
    "RW591": "execution_aws_ec2_lolbin_via_ssm.toml",
    "RW592": "credential_access_grep_recursive_credential_discovery.toml",
    "RW593": "defense_evasion_whitespace_padding_command_line.toml",
    "RW594": "credential_access_grep_recursive_credential_discovery.toml",
    "RW595": "credential_access_multi_could_secrets_via_api.toml",
    "RW597": "impact_alerts_on_host_with_cpu_spike.toml",
    "RW598": "credential_access_lsass_openprocess_api.toml",
    "RW599": "credential_access_entra_signin_brute_force_microsoft_365_repeat_source.toml",
}
"""A public rule that each lint finds fault with. RW596 has none: every public rule has a KEEP."""


@pytest.mark.parametrize("code", PROVEN)
def test_the_lint_is_right_about_a_public_rule(code: str, corpus: list[Path]) -> None:
    (path,) = [path for path in corpus if path.name == PROVEN[code]]
    problems = check_rules([load_rule(path)], Config(profile=Profile.ELASTIC), passes=[query_checks])
    assert code in {problem.code for problem in problems}
    for problem in problems:
        if problem.code in PROVEN:
            assert_style(problem)


@pytest.mark.parametrize(
    ("pattern", "operator"),
    [
        ("[a@#&]+", None),
        (r"a\@b\.c\d", None),
        (r"[^@\s]+\@[^@\s]+", None),
        ("a.*b|c{2,3}", None),
        ("a@b", "@"),
        ("*a", "*"),
        ("^a", "^"),
        ("a$", "$"),
        ("a|(b||c)", "||"),
        ("(?i)a", "(?"),
        (r"a\bc", r"\b"),
        ("x<1-9>", "<1-9>"),
        ("<b>", None),
        ('say "x.y"', '"'),
        ("a&b", "&"),
        ("a#", "#"),
    ],
)
def test_first_operator(pattern: str, operator: str | None) -> None:
    found = first_operator(pattern)
    assert (None if found is None else pattern[found[0].start : found[0].end]) == operator
