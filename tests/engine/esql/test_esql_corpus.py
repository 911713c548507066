"""The public ES|QL rules: all of them parse and type."""

from pathlib import Path

from rulewright_engine.esql import analyze
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_schema.diagnostics import Level
from support.esql import esql_queries


def test_every_rule_is_typed(corpus: list[Path]) -> None:
    queries, fields = esql_queries(corpus), CatalogueFields()
    assert len(queries) == 154
    problems = {name: analyze(text, fields).diagnostics for name, text in queries.items()}
    errors = {name: [each for each in found if each.level is not Level.WARNING] for name, found in problems.items()}
    assert {name: found for name, found in errors.items() if found} == {}
