"""Rules of a query, for tests of what is generated from them."""

from rulewright_engine.esql.analysis.analyze import analyze
from rulewright_engine.esql.analysis.columns import EventColumns
from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.rules import CompiledRule, compile_rule
from rulewright_schema.config import Config
from rulewright_schema.rule import EsqlRule, Metadata

__all__ = ["compiled_of", "plan_of", "rule_of"]


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


def compiled_of(rule: EsqlRule) -> CompiledRule:
    compiled = compile_rule(rule, Config()).compiled
    assert compiled is not None
    return compiled


def plan_of(rule: EsqlRule) -> Plan:
    return analyze(rule.query, EventColumns(compiled_of(rule).fields, ())).plan()
