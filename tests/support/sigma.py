"""A rule around a query, and its Sigma form."""

from typing import Any

import tomli_w

from rulewright_engine.ir.query import Query
from rulewright_engine.rules.rule_query import rule_query
from rulewright_generators.exports.sigma import Profile
from rulewright_generators.exports.sigma.export import SigmaExport, to_sigma
from rulewright_generators.writing.templates import Templates
from rulewright_schema.config import Config
from rulewright_schema.load import load_text
from rulewright_schema.rule import Rule

CONFIG = Config()
TEMPLATES = Templates()


def rule_of(query: str, *, language: str = "eql", metadata: dict[str, Any] | None = None, **details: Any) -> Rule:
    """A rule as a file would hold it; `details` are keys of `[rule]`."""
    rule = {
        "author": ["Rulewright"],
        "description": "Finds something.",
        "index": ["logs-endpoint.events.process-*"],
        "language": language,
        "name": "Something",
        "query": query,
        "risk_score": 47,
        "rule_id": "3d1c9a0e-5b54-4b42-9f6e-2f8f0f8f5a10",
        "severity": "medium",
        "type": "eql" if language == "eql" else "query",
        **details,
    }
    dates = {"creation_date": "2026/01/02", "updated_date": "2026/02/03", "maturity": "production"}
    file = load_text(tomli_w.dumps({"metadata": {**dates, **(metadata or {})}, "rule": rule}))
    assert file.rule is not None, file.diagnostics
    return file.rule


def meaning_of(rule: Rule) -> Query | None:
    """The query of a rule, None where it cannot be read."""
    query = rule_query(rule, CONFIG)
    return query.parsed.query if query else None


def sigma_of(rule: Rule, profile: Profile = Profile.PORTABLE) -> SigmaExport:
    return to_sigma(rule, meaning_of(rule), profile=profile, templates=TEMPLATES)
