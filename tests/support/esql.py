"""ES|QL rules of a query, their plans, and the patterns of a query in the order of its text."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rulewright_engine.esql import parse
from rulewright_engine.esql.analysis.analyze import analyze
from rulewright_engine.esql.analysis.columns import EventColumns
from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.esql.syntax.ast import Grok, Literal
from rulewright_engine.esql.syntax.traversal import calls_of
from rulewright_engine.ir.query import Language
from rulewright_engine.languages.problems import Problems
from rulewright_schema.rule import EsqlRule
from support.rules import compiled_of, rule_with

__all__ = ["esql_queries", "esql_rule", "patterns_of", "plan_of"]


def esql_rule(query: str, **details: Any) -> EsqlRule:
    rule = rule_with(query, Language.ESQL, **{"from": "now-2h", **details})
    assert isinstance(rule, EsqlRule)
    return rule


def plan_of(rule: EsqlRule) -> Plan:
    return analyze(rule.query, EventColumns(compiled_of(rule).fields, ())).plan()


def esql_queries(paths: Iterable[Path]) -> dict[str, str]:
    """The ES|QL queries of rule files by the name of their file."""
    rules = ((path, tomllib.loads(path.read_text(encoding="utf-8")).get("rule", {})) for path in paths)
    return {path.name: rule["query"] for path, rule in rules if rule.get("language") == "esql"}


def patterns_of(query: str, kind: str) -> list[tuple[str, ...]]:
    """What RLIKE, REPLACE or GROK is given: the pattern, for REPLACE also the replacement."""
    found: list[tuple[str, ...]] = []
    for command in parse(query, Problems()).commands:
        if kind == "grok" and isinstance(command, Grok):
            found += [(str(pattern.value),) for pattern in command.patterns]
        for call in calls_of(command):
            if call.function == kind:
                literals = tuple(str(each.value) for each in call.arguments[1:] if isinstance(each, Literal))
                found += [(each,) for each in literals] if kind == "rlike" else [literals]
    return [each for each in found if len(each) == (2 if kind == "replace" else 1)]
