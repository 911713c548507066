"""The pages of RW560 to RW563: what can be wrong with a filter."""

from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level

__all__ = ["FILTER_ESCAPE", "FILTER_SHAPE", "LITERAL_WILDCARD", "UNSUPPORTED_FILTER"]

FILTER_SHAPE = Code(
    code="RW560",
    name="filter-shape",
    level=Level.ERROR,
    title="a filter holds one Query DSL clause that Elasticsearch accepts",
    why="Kibana passes the filter on as it is, and Elasticsearch fails every run of the rule.",
    bad="""
[[rule.filters]]
[rule.filters.query.wildcard]
«"file.path"» = { case_insensitive = true }
""",
    good="""
[[rule.filters]]
[rule.filters.query.wildcard]
"file.path" = { case_insensitive = true, value = "*.tmp" }
""",
)
UNSUPPORTED_FILTER = Code(
    code="RW561",
    name="unsupported-filter",
    level=Level.NOTE,
    title="a filter is of a kind that can be evaluated offline",
    why="Rulewright evaluates what rules use: exists, term(s), match, match_phrase, wildcard, prefix, regexp, range, "
    "nested and bool. A rule with another clause is checked, but its cases cannot be run.",
    bad="""
[[rule.filters]]
[rule.filters.query]
«geo_distance» = { distance = "200km" }
""",
    good="""
[[rule.filters]]
[rule.filters.query]
exists = { field = "source.geo.location" }
""",
)
FILTER_ESCAPE = Code(
    code="RW562",
    name="filter-escape",
    level=Level.WARNING,
    title="a backslash in a wildcard filter is doubled",
    why="There the backslash is an escape: `C:\\\\Windows` with one backslash asks for `C:Windows`, which no path is. "
    "An exclusion written like that excludes nothing.",
    bad="""
[[rule.filters]]
[rule.filters.query.wildcard]
"file.path" = { value = «'?:\\Windows\\*'» }
""",
    good="""
[[rule.filters]]
[rule.filters.query.wildcard]
"file.path" = { value = '?:\\\\Windows\\\\*' }
""",
)
LITERAL_WILDCARD = Code(
    code="RW563",
    name="filter-literal-wildcard",
    level=Level.WARNING,
    title="`*` stands in a clause that knows wildcards",
    why="`term`, `match` and `match_phrase` look for the character itself: only `wildcard` reads it as a pattern.",
    bad="""
[[rule.filters]]
[rule.filters.query]
match_phrase = { "event.module" = «"ti_*"» }
""",
    good="""
[[rule.filters]]
[rule.filters.query]
wildcard = { "event.module" = { value = "ti_*" } }
""",
)
