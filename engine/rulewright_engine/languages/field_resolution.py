"""The fields that a name in a query stands for, and what is wrong with the name: for KQL, Lucene and Query DSL."""

from bisect import bisect_left

from rulewright_engine.ir.expression import FieldType
from rulewright_engine.ir.fields import FieldInfo, FieldTypes
from rulewright_engine.languages import field_problems
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["NamedFields"]


class NamedFields:
    """Looks names up in `types`; an unknown name is added to `found` once for each place in the query."""

    __slots__ = ("_found", "_reported", "_told", "_types", "_warned")

    def __init__(self, types: FieldTypes, found: list[Diagnostic]) -> None:
        self._types = types
        self._found = found
        self._told = sorted(problem.span.start for problem in found if problem.span)
        self._reported: set[Span] = set()
        self._warned: set[str] = set()

    def one(self, name: str, span: Span, *, within: str = "") -> FieldInfo | None:
        """The field, or None, and said so; `within` is the nested field that the query has named already."""
        info = self._types.lookup(name)
        if info is None:
            nearest = self._types.nearest(name)
            if nearest and within:
                nearest = nearest.removeprefix(f"{within}.") if nearest.startswith(f"{within}.") else None
            self._report(field_problems.unknown_field(span, name, nearest))
        return info

    def matching(self, pattern: str, span: Span) -> list[FieldInfo]:
        """The fields with values that match a name with `*`; none, and said so."""
        found = self.all(pattern)
        if not found:
            # A catalogue can know a name such as `target.*.type` only as such: its parts are numbers.
            numbered = self._types.lookup(pattern.replace("*", "0"))
            found = [numbered] if numbered is not None else []
        if not found:
            self._report(field_problems.no_such_fields(span, pattern))
        return found

    def all(self, pattern: str) -> list[FieldInfo]:
        """The fields with values that match; none is no mistake."""
        infos = (self._types.lookup(name) for name in self._types.matching(pattern))
        return [info for info in infos if info is not None and info.type is not FieldType.OBJECT]

    def free_text(self, span: Span, text: str) -> None:
        """Say that a value has no field, and so is looked for in all; nothing where the value has a problem already."""
        if bisect_left(self._told, span.start) < bisect_left(self._told, span.end):
            return
        first = next(iter(text.split()), text)
        is_name = first != text and self._types.lookup(first) is not None
        self._report(field_problems.free_text(span, first if is_name else None))

    def below(self, info: FieldInfo) -> list[FieldInfo]:
        """The fields whose values make a field exist: itself, or all below an object but in its nested fields."""
        if info.type is not FieldType.OBJECT:
            return [info]
        path = info.name if self.is_nested(info.name) else self.nested_around(info.name)
        return [each for each in self.all(f"{info.name}.*") if self.nested_around(each.name) == path]

    def hiding(self, info: FieldInfo, path: str = "") -> str:
        """The nested field that hides a field, or that it is, from a condition in the nested field `path`; else
        nothing."""
        around = info.name if self.is_nested(info.name) else self.nested_around(info.name)
        return "" if around == path else around

    def warn_of_wildcard(self, info: FieldInfo, span: Span) -> None:
        """A value with wildcards for a key of a flattened field: said once for each key."""
        if info.flattened_in and info.name not in self._warned:
            self._warned.add(info.name)
            self._found.append(field_problems.wildcard_below_flattened(span, info))

    def nested_around(self, name: str) -> str:
        """The innermost nested field that holds `name`; empty where none does."""
        parent = name.rpartition(".")[0]
        while parent and not self.is_nested(parent):
            parent = parent.rpartition(".")[0]
        return parent

    def is_nested(self, name: str) -> bool:
        info = self._types.lookup(name)
        return info is not None and info.elasticsearch_type == "nested"

    def _report(self, problem: Diagnostic) -> None:
        if problem.span is not None and problem.span not in self._reported:
            self._reported.add(problem.span)
            self._found.append(problem)
