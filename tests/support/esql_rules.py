"""Rules of a query, for tests of what is generated from them."""

from rulewright_engine.esql.analysis.analyze import analyze
from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.esql.execution.alerts import EventColumns
from rulewright_engine.rules import Meaning, rule_meaning
from rulewright_schema.config import Config
from rulewright_schema.rule import EsqlRule, Metadata

__all__ = ["meaning_of", "plan_of", "rule_of"]


def rule_of(query: str) -> EsqlRule:
    return EsqlRule(
        metadata=Metadata(creation_date="2026/01/01", updated_date="2026/01/01"),
        name="A rule",
        description="Finds something.",
        author=("Rulewright",),
        rule_id="3d1c9a0e-5b54-4b42-9f6e-2f8f0f8f5a10",
        risk_score=47,
        severity="medium",
        type="esql",
        query=query,
        language="esql",
        from_="now-2h",
        raw={},
    )


def meaning_of(rule: EsqlRule) -> Meaning:
    meaning = rule_meaning(rule, Config()).meaning
    assert meaning is not None
    return meaning


def plan_of(rule: EsqlRule) -> Plan:
    return analyze(rule.query, EventColumns(meaning_of(rule).fields, ())).plan()
