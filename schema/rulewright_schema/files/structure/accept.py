"""A quick yes or no for the keywords that rule.schema.json uses.

Loading jsonschema takes longer than checking a rule, and nearly all rules are without structural mistakes. So a rule
is accepted here, and only what is not accepted is explained by jsonschema. A test compares the two on many documents.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from rulewright_schema.resources import read_json

__all__ = ["accepts", "compile_schema", "rule_schema"]

Predicate = Callable[[Any], bool]


@cache
def rule_schema() -> Mapping[str, Any]:
    """The JSON Schema of a rule file."""
    schema: Mapping[str, Any] = read_json("rulewright_schema.files.structure", "rule.schema.json")
    return schema


def accepts(data: Any) -> bool:
    """Whether `data` has the shape of a rule file."""
    return _rule_predicate()(data)


@cache
def _rule_predicate() -> Predicate:
    return compile_schema(rule_schema())


def compile_schema(schema: Mapping[str, Any]) -> Predicate:
    """A predicate that holds for the values that `schema` (draft-07, the keywords below) accepts."""
    return _Compiler(schema).compile(schema)


class _Compiler:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.references: dict[str, Predicate] = {}

    def compile(self, schema: Mapping[str, Any]) -> Predicate:
        if "$ref" in schema:  # draft-07: whatever stands beside a reference is ignored
            return self.reference(schema["$ref"])
        tests = [test for keyword in schema if (test := self.keyword(keyword, schema)) is not None]
        if len(tests) == 1:
            return tests[0]
        return lambda value: all(test(value) for test in tests)

    def reference(self, name: str) -> Predicate:
        if name not in self.references:
            self.references[name] = self.compile(self.root["definitions"][name.removeprefix("#/definitions/")])
        return self.references[name]

    def keyword(self, keyword: str, schema: Mapping[str, Any]) -> Predicate | None:
        """The test of one keyword; None for one that tests nothing by itself."""
        bound = schema[keyword]
        match keyword:
            case "type":
                return _type_test([bound] if isinstance(bound, str) else bound)
            case "enum":
                return lambda value: isinstance(value, str) and value in bound
            case "const":
                return lambda value: bool(value == bound)
            case "pattern":
                search = re.compile(bound).search
                return lambda value: not isinstance(value, str) or search(value) is not None
            case "minLength":
                return lambda value: not isinstance(value, str) or len(value) >= bound
            case "minimum":
                return lambda value: not _is_number(value) or value >= bound
            case "maximum":
                return lambda value: not _is_number(value) or value <= bound
            case "minItems":
                return lambda value: not isinstance(value, list) or len(value) >= bound
            case "maxItems":
                return lambda value: not isinstance(value, list) or len(value) <= bound
            case "items":
                item = self.compile(bound)
                return lambda value: not isinstance(value, list) or all(map(item, value))
            case "required":
                return lambda value: not isinstance(value, dict) or all(key in value for key in bound)
            case "properties":
                return self.properties(bound, closed=schema.get("additionalProperties") is False)
            case "allOf":
                parts = [self.compile(part) for part in bound]
                return lambda value: all(part(value) for part in parts)
            case "not":
                inner = self.compile(bound)
                return lambda value: not inner(value)
            case "if":
                condition, then = self.compile(bound), self.compile(schema["then"])
                otherwise = self.compile(schema.get("else", {}))
                return lambda value: then(value) if condition(value) else otherwise(value)
        return None

    def properties(self, schemas: Mapping[str, Any], *, closed: bool) -> Predicate:
        tests = {key: self.compile(schema) for key, schema in schemas.items()}

        def holds(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            for key, entry in value.items():
                test = tests.get(key)
                if closed if test is None else not test(entry):
                    return False
            return True

        return holds


def _type_test(names: list[str]) -> Predicate:
    tests = [TYPE_TESTS[name] for name in names]
    return tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


TYPE_TESTS: Mapping[str, Predicate] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and (isinstance(value, int) or value.is_integer()),
}
