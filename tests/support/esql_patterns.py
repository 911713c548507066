"""The patterns of a query, in the order of its text."""

import tomllib
from pathlib import Path

from rulewright_engine.esql import parse
from rulewright_engine.esql.syntax.ast import Grok, Literal
from rulewright_engine.esql.syntax.traversal import calls_of

__all__ = ["esql_queries", "patterns_of"]


def esql_queries(corpus: list[Path]) -> dict[str, str]:
    """The ES|QL queries of the public rules by the name of their file."""
    rules = ((path, tomllib.loads(path.read_text(encoding="utf-8")).get("rule", {})) for path in corpus)
    return {path.name: rule["query"] for path, rule in rules if rule.get("language") == "esql"}


def patterns_of(query: str, kind: str) -> list[tuple[str, ...]]:
    """What RLIKE, REPLACE or GROK is given: the pattern, for REPLACE also the replacement."""
    found: list[tuple[str, ...]] = []
    for command in parse(query).query.commands:
        if kind == "grok" and isinstance(command, Grok):
            found += [(str(pattern.value),) for pattern in command.patterns]
        for call in calls_of(command):
            if call.function == kind:
                literals = tuple(str(each.value) for each in call.arguments[1:] if isinstance(each, Literal))
                found += [(each,) for each in literals] if kind == "rlike" else [literals]
    return [each for each in found if len(each) == (2 if kind == "replace" else 1)]
