"""A rule around a query, and its Sigma form."""

from typing import Any

import tomli_w

from rulewright_engine.rules import compile_rule
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


def sigma_of(rule: Rule, profile: Profile = Profile.PORTABLE) -> SigmaExport:
    return to_sigma(compile_rule(rule, CONFIG), profile=profile, templates=TEMPLATES)
