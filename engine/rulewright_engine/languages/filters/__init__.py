"""The filters of a rule: Query DSL in Kibana's wrapping (semantics B4).

codes      the pages of what can be wrong with a filter
located    a problem and the place of the value that has it
wrapping   what is Kibana's: disabled, negated, the forms of old
clauses    Query DSL -> the typed expression
"""

from rulewright_engine.languages.filters.located import Located
from rulewright_engine.languages.filters.wrapping import lower_filters

__all__ = ["Located", "lower_filters"]
