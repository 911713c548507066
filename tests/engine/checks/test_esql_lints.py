"""Each lint of ES|QL finds something in the public rules."""

from pathlib import Path

import pytest

from rulewright_engine.checks import query_checks
from rulewright_engine.checks.esql import CODE_MODULES
from rulewright_engine.checks.esql.patterns import first_operator
from rulewright_schema.checks import check_rules
from rulewright_schema.codes import Code, Profile
from rulewright_schema.config import Config
from support.rules import loaded
from support.style import assert_style


def test_every_code_is_of_es_ql() -> None:
    defined = {value.code for module in CODE_MODULES for value in vars(module).values() if isinstance(value, Code)}
    assert sorted(defined) == ["RW574", *(f"RW{number}" for number in range(580, 600))]


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
    problems = check_rules([loaded(path)], Config(profile=Profile.ELASTIC), passes=[query_checks])
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
