"""Each page of the codes of EQL and of fields: its bad example is one diagnostic at the mark, its good one is none."""

import re

import pytest

from rulewright_engine.checks import literals, query_checks, timing
from rulewright_engine.languages import field_codes
from rulewright_engine.languages.eql import codes
from rulewright_schema.checks import check_rules
from rulewright_schema.checks.examples import Example, examples_of
from rulewright_schema.codes import CODES, Code, Profile
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.load import load_text

MODULES = (field_codes, codes, literals, timing)
PAGES = [CODES[name] for name in sorted({getattr(module, name).code for module in MODULES for name in module.__all__})]
by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)


def found(examples: list[Example], profile: Profile = Profile.ELASTIC) -> list[Diagnostic]:
    files = [load_text(example.text, example.name) for example in examples]
    return check_rules(files, Config(profile=profile), passes=[query_checks])


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
    """Lower case, no full stop, one line, the user's text in backticks, and something to do."""
    for text in (problem.message, problem.help, problem.note, problem.label):
        assert "\n" not in text
        assert not text.endswith(".")
        assert not re.search(r"\b(None|str|dict|tuple|Exception|token|leaf)\b", re.sub("`[^`]*`", "", text))
    assert problem.message[0] == "`" or problem.message[0].islower()
    assert problem.help
