"""The lints of ES|QL rules: queries that run and yet do not do what their author meant.

`esql_checks` is a pass of `rulewright_schema.checks.check_rules`; it also reports what is wrong with the query itself.
"""

__all__ = ["EsqlContext", "esql_checks"]
