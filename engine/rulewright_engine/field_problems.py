"""What can be wrong with a field and with a value for it, in KQL, Lucene and Query DSL: one function each.

RW301 unknown field, RW540 value and type, RW541 wildcard and type, RW544 range and type, RW546 value that no document
holds. Elasticsearch rejects a query with one of RW540, RW541 and RW544 when it runs; the others find nothing, silently.
"""

from rulewright_engine.expression import FieldType
from rulewright_engine.fields import FieldInfo
from rulewright_engine.matching import expected_of
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Level
from rulewright_schema.source import Span

__all__ = [
    "never_held",
    "no_such_fields",
    "unknown_field",
    "unordered",
    "unsuitable_range",
    "unsuitable_value",
    "unsuitable_wildcard",
]

_UNKNOWN = "a condition on an unknown field is never met"
_UNORDERED = frozenset({FieldType.BOOLEAN, FieldType.OBJECT})


def unknown_field(span: Span, name: str, nearest: str | None) -> Diagnostic:
    """A warning: the name is sent as it is, and a condition on an unmapped field matches nothing."""
    last = name.split()[-1] if name.split() else name
    fix = None
    if last != name:
        help_ = f"write `and` or `or` before `{last}`: a blank belongs to the name"
    elif nearest:
        help_ = f"did you mean `{nearest}`?"
        fix = Fix((Edit(span, nearest),), safe=False)
    else:
        help_ = "check the name, or add the field to the project's own fields"
    return Diagnostic("RW301", Level.WARNING, f"unknown field `{name}`", span, help=help_, note=_UNKNOWN, fix=fix)


def no_such_fields(span: Span, pattern: str) -> Diagnostic:
    return Diagnostic(
        "RW301",
        Level.WARNING,
        f"no known field matches `{pattern}`",
        span,
        help="check the name, or add the fields to the project's own fields",
        note=_UNKNOWN,
    )


def unsuitable_value(span: Span, value: str, info: FieldInfo) -> Diagnostic:
    return _error(
        "RW540",
        f"`{info.name}` is of type {info.elasticsearch_type} and cannot hold `{value}`",
        span,
        f"write {expected_of(info.type)}",
    )


def unsuitable_wildcard(span: Span, info: FieldInfo, what: str = "wildcards") -> Diagnostic:
    return _error(
        "RW541",
        f"`{info.name}` is of type {info.elasticsearch_type}, which has no {what}",
        span,
        f"write {expected_of(info.type)}",
    )


def unsuitable_range(span: Span, bound: str, info: FieldInfo) -> Diagnostic:
    return unordered(span, info) if info.type in _UNORDERED else unsuitable_value(span, bound, info)


def unordered(span: Span, info: FieldInfo) -> Diagnostic:
    return _error(
        "RW544",
        f"`{info.name}` is of type {info.elasticsearch_type}, which has no order",
        span,
        f"write `{info.name}:value`",
    )


def never_held(span: Span, value: str, info: FieldInfo) -> Diagnostic:
    why = "it has no letter or digit" if info.type is FieldType.TEXT else "it has a fraction"
    return Diagnostic(
        "RW546",
        Level.WARNING,
        f"no document holds `{value}` in `{info.name}`, which is of type {info.elasticsearch_type}",
        span,
        help="remove the condition, or correct the value",
        note=why,
    )


def _error(code: str, message: str, span: Span, help_: str) -> Diagnostic:
    return Diagnostic(code, Level.ERROR, message, span, help=help_)
