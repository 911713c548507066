"""The pages of KQL, Lucene, filters and rule types: a bad example is one diagnostic at its mark, a good one none."""

import re

import pytest

from rulewright_engine.checks import kql as kql_checks
from rulewright_engine.checks import query_checks, rule_types
from rulewright_engine.languages.field_codes import NEVER_HELD
from rulewright_engine.languages.filters import codes as filter_codes
from rulewright_engine.languages.kql import codes as kql_codes
from rulewright_engine.languages.lucene import codes as lucene_codes
from rulewright_engine.rules import codes as type_codes
from rulewright_schema.checks import check_rules
from rulewright_schema.checks.examples import Example, examples_of
from rulewright_schema.codes import Code
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.load import load_text

MODULES = (kql_codes, lucene_codes, filter_codes, type_codes, kql_checks, rule_types)
PAGES = [NEVER_HELD, *(getattr(module, name) for module in MODULES for name in module.__all__)]
by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)


def found(examples: list[Example]) -> list[Diagnostic]:
    files = [load_text(example.text, example.name) for example in examples]
    return check_rules(files, Config(), passes=[query_checks])


@by_page
def test_the_bad_example_is_found_where_it_is_marked(page: Code) -> None:
    (example,) = examples_of(page.bad)
    (problem,) = found([example])
    assert (problem.code, problem.level, problem.span) == (page.code, page.level, example.marked)


@by_page
def test_the_good_example_is_sound(page: Code) -> None:
    assert found(examples_of(page.good)) == []


@by_page
def test_the_message_is_in_the_style(page: Code) -> None:
    """Lower case, no full stop, one line, the user's text in backticks, and something to do."""
    for problem in found(examples_of(page.bad)):
        for text in (problem.message, problem.help, problem.note, problem.label):
            assert "\n" not in text
            assert not text.endswith(".")
            assert not re.search(r"\b(None|str|dict|tuple|Exception|token|leaf|regex)\b", re.sub("`[^`]*`", "", text))
        assert problem.message[0] == "`" or problem.message[0].islower()
        assert problem.help
