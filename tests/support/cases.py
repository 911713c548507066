"""Cases that are generated for a query, and what running them says."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from rulewright_engine.ir.query import Language
from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases import Case, CaseResult, GeneratedCases, generate, run_cases
from support.rules import compiled_of, readable, rule_of, rule_with

__all__ = ["cases_of_example", "fixtures_of", "made_anew", "public_cases", "results_of"]


@cache
def fixtures_of(text: str, language: Language = Language.EQL) -> GeneratedCases:
    """The cases of a query, made once for all tests: nobody may change them."""
    return made_anew(text, language)


def made_anew(text: str, language: Language = Language.EQL, existing: tuple[Case, ...] = ()) -> GeneratedCases:
    rule = rule_with(text, language)
    return generate(compiled_of(rule), existing=existing)


@cache
def cases_of_example(piece: str) -> GeneratedCases:
    """The cases of a short example of a rule, made once for all tests."""
    rule = rule_of(piece)
    return generate(compiled_of(rule))


def results_of(text: str, cases: Iterable[Case], language: Language = Language.EQL) -> list[CaseResult]:
    rule = rule_with(text, language)
    return run_cases(compiled_of(rule), cases)


@cache
def _cases_of_file(path: Path) -> tuple[CompiledRule, GeneratedCases] | None:
    return next(((compiled, generate(compiled)) for compiled in readable([path])), None)


def public_cases(paths: Iterable[Path]) -> Iterator[tuple[CompiledRule, GeneratedCases]]:
    """The rules of these files that can be run and their cases, made once for all tests.

    Tests that look at every 24th or 36th file of the corpus thus share what is made for every twelfth.
    """
    return (found for path in paths if (found := _cases_of_file(path)) is not None)
