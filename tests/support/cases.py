"""Cases that are generated for a query, and what running them says."""

from collections.abc import Iterable

from rulewright_engine.ir.query import Language
from rulewright_generators.cases import Case, CaseResult, Fixtures, generate, run_cases
from support.rules import compiled_of, rule_with

__all__ = ["fixtures_of", "results_of"]


def fixtures_of(text: str, language: Language = Language.EQL, existing: tuple[Case, ...] = ()) -> Fixtures:
    rule = rule_with(text, language)
    return generate(compiled_of(rule), existing=existing)


def results_of(text: str, cases: Iterable[Case], language: Language = Language.EQL) -> list[CaseResult]:
    rule = rule_with(text, language)
    return run_cases(compiled_of(rule), cases)
