"""What can be wrong with a field and with a value for it, in KQL, Lucene and Query DSL: one function each.

Elasticsearch rejects a query with an unsuitable value or operator when it runs; the others find nothing, silently.
"""

from rulewright_engine.ir.expression import FieldType
from rulewright_engine.ir.fields import FieldInfo
from rulewright_engine.languages import field_codes
from rulewright_engine.languages.index_semantics import expected_of
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Level
from rulewright_schema.source import Span

__all__ = [
    "free_text",
    "is_fatal",
    "never_held",
    "no_such_fields",
    "one_sided_range",
    "unknown_field",
    "unsuitable_range",
    "unsuitable_value",
    "unsuitable_wildcard",
    "wildcard_below_flattened",
]

_UNKNOWN = "a condition on an unknown field is never met"
_UNKNOWN_HELP = "correct it, or declare it in `[tool.rulewright.fields]`"
_UNORDERED = frozenset({FieldType.BOOLEAN, FieldType.GEO, FieldType.OBJECT})


def unknown_field(span: Span, name: str, nearest: str | None) -> Diagnostic:
    """The name is sent as it is, and a condition on an unmapped field matches nothing."""
    last = name.split()[-1] if name.split() else name
    fix = None
    if last != name:
        help_ = f"write `and` or `or` before `{last}`: a blank belongs to the name"
    elif nearest:
        help_ = f"did you mean `{nearest}`?"
        fix = Fix((Edit(span, nearest),), safe=False)
    else:
        help_ = _UNKNOWN_HELP
    return field_codes.UNKNOWN_FIELD.report(f"unknown field `{name}`", span, help=help_, note=_UNKNOWN, fix=fix)


def no_such_fields(span: Span, pattern: str) -> Diagnostic:
    message = f"no known field matches `{pattern}`"
    return field_codes.UNKNOWN_FIELD.report(message, span, help=_UNKNOWN_HELP, note=_UNKNOWN)


def unsuitable_value(span: Span, value: str, info: FieldInfo) -> Diagnostic:
    message = f"`{info.name}` is of type {info.elasticsearch_type} and cannot hold `{value}`"
    return field_codes.MISFIT.report(message, span, help=f"write {expected_of(info.type)}")


def unsuitable_wildcard(span: Span, info: FieldInfo, what: str = "wildcards") -> Diagnostic:
    message = f"`{info.name}` is of type {info.elasticsearch_type}, which has no {what}"
    return field_codes.UNSUITABLE_OPERATOR.report(message, span, help=f"write {expected_of(info.type)}")


def unsuitable_range(span: Span, bound: str, info: FieldInfo) -> Diagnostic:
    if info.type not in _UNORDERED:
        return unsuitable_value(span, bound, info)
    message = f"`{info.name}` is of type {info.elasticsearch_type}, which has no order"
    return field_codes.UNSUITABLE_OPERATOR.report(message, span, help=f"write `{info.name}:value`")


def one_sided_range(span: Span, info: FieldInfo) -> Diagnostic:
    return field_codes.UNSUITABLE_OPERATOR.report(
        f"`{info.name}` lies in the flattened field `{info.flattened_in}`, where a range needs both bounds",
        span,
        help=f"ask for values, as in `{info.name}:value`",
        note="Elasticsearch fails the whole search",
    )


def wildcard_below_flattened(span: Span, info: FieldInfo) -> Diagnostic:
    return field_codes.WITHOUT_KEY.report(
        f"wildcards in `{info.name}` are not bound to that key of the flattened field `{info.flattened_in}`",
        span,
        help="write whole values, or map the key as a field of its own",
    )


def hidden_in_nested(span: Span, info: FieldInfo, path: str, way_out: str) -> Diagnostic:
    """A field that is asked for outside of the nested field `path`, or is this one."""
    lies = "is a nested field" if path == info.name else f"lies in the nested field `{path}`"
    return field_codes.UNSUITABLE_OPERATOR.report(
        f"`{info.name}` {lies}, and a condition outside of it is never met", span, help=way_out
    )


def never_held(span: Span, value: str, info: FieldInfo) -> Diagnostic:
    return field_codes.NEVER_HELD.report(
        f"no document holds `{value}` in `{info.name}`, which is of type {info.elasticsearch_type}",
        span,
        help="remove the condition, or correct the value",
        note="it has no letter or digit" if info.type is FieldType.TEXT else "it has a fraction",
    )


def free_text(span: Span, field: str | None) -> Diagnostic:
    """`field`: the name that the text begins with, if it begins with one."""
    return field_codes.FREE_TEXT.report(
        "text without a field is looked for in every field",
        span,
        help=f"did you forget the `:` after `{field}`?" if field else "name the field: `field:value`",
    )


def is_fatal(problem: Diagnostic) -> bool:
    """Whether a query with this problem does not run; one on an unknown field does, and finds nothing there."""
    return problem.level is Level.ERROR and problem.code != field_codes.UNKNOWN_FIELD.code
