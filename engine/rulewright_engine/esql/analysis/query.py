"""An ES|QL query as a rule holds it: read once, and typed for the columns of the events that it runs over."""

from functools import lru_cache

from rulewright_engine.esql.analysis.analyze import Analysis, analyze
from rulewright_engine.esql.analysis.columns import EventColumns
from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.evaluate.outside import Shape
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import EsqlQuery, Parsed, QueryOptions
from rulewright_schema.diagnostics import Diagnostic

__all__ = ["analysis_of", "plan_of", "plan_over", "read"]


def read(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed[EsqlQuery]:
    """Parse and type a query. Never raises for bad input; spans are offsets into `text`."""
    analysis = analysis_of(text, fields, options.now)
    return Parsed(EsqlQuery(text, fields, options.now) if analysis.runs else None, analysis.diagnostics)


@lru_cache(maxsize=4_096)
def analysis_of(text: str, fields: FieldTypes, now: int) -> Analysis:
    """The analysis of a query over all known fields, made once for all who ask."""
    return analyze(text, fields, now=now)


def plan_of(query: EsqlQuery) -> Plan:
    """What a query does with rows; of the columns of events it holds those that the query names."""
    plan = plan_over(query.text, EventColumns(query.types, ()), query.now)
    assert isinstance(plan, Plan)  # Invariant: a query with errors is never made an EsqlQuery
    return plan


@lru_cache(maxsize=32)
def plan_over(
    text: str, fields: EventColumns, now: int, shapes: tuple[tuple[str, Shape], ...] = ()
) -> Plan | tuple[Diagnostic, ...]:
    """The plan over given columns, made once for all cases of a rule whose events and tables have the same fields."""
    analysis = analyze(text, fields, now=now, shapes=shapes)
    return analysis.plan() if analysis.runs else analysis.diagnostics
