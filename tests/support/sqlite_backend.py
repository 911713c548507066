"""A pySigma back end that compiles to SQLite, to execute exported rules on events: a witness that we did not write.

An event is one JSON object of field name -> list of values. A condition on a field holds if any of its values meets
it: `EXISTS (SELECT 1 FROM json_each(...))`; so NOT is the complement, also for a field without values.
"""

import ipaddress
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sigma.collection import SigmaCollection
from sigma.conversion.base import TextQueryBackend
from sigma.types import SigmaCompareExpression, SigmaRegularExpressionFlag, SpecialChars

__all__ = ["matches"]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _joined(operator: str, conditions: list[str]) -> str:
    """The conditions as a balanced tree: SQLite bounds its depth."""
    if len(conditions) == 1:
        return conditions[0]
    middle = len(conditions) // 2
    return f"({_joined(operator, conditions[:middle])} {operator} {_joined(operator, conditions[middle:])})"


class SqliteBackend(TextQueryBackend):
    """Conditions over the column `fields` of the table `events`."""

    name: ClassVar[str] = "SQLite"
    formats: ClassVar[dict[str, str]] = {"default": "SQL conditions"}
    requires_pipeline: ClassVar[bool] = False
    convert_or_as_in: ClassVar[bool] = False
    convert_and_as_in: ClassVar[bool] = False

    def convert_condition_and(self, cond: Any, state: Any) -> str:
        return _joined("AND", [self.convert_condition(arg, state) for arg in cond.args])

    def convert_condition_or(self, cond: Any, state: Any) -> str:
        return _joined("OR", [self.convert_condition(arg, state) for arg in cond.args])

    def convert_condition_not(self, cond: Any, state: Any) -> str:
        return f"(NOT {self.convert_condition(cond.args[0], state)})"

    def convert_condition_field_eq_val_str(self, cond: Any, state: Any) -> str:
        return self._any(cond.field, f"CAST(value AS TEXT) LIKE {_quoted(_like(cond.value.s))} ESCAPE '\\'")

    def convert_condition_field_eq_val_str_case_sensitive(self, cond: Any, state: Any) -> str:
        return self._any(cond.field, f"CAST(value AS TEXT) GLOB {_quoted(_glob(cond.value.s))}")

    def convert_condition_field_eq_val_num(self, cond: Any, state: Any) -> str:
        return self._any(cond.field, f"CAST(value AS REAL) = {cond.value.number!r}")

    def convert_condition_field_eq_val_bool(self, cond: Any, state: Any) -> str:
        return self._any(cond.field, f"json_each.type = '{str(cond.value.boolean).lower()}'")

    def convert_condition_field_eq_val_re(self, cond: Any, state: Any) -> str:
        flag = "(?i)" if SigmaRegularExpressionFlag.IGNORECASE in cond.value.flags else ""
        return self._any(cond.field, f"CAST(value AS TEXT) REGEXP {_quoted(flag + str(cond.value.regexp))}")

    def convert_condition_field_eq_val_cidr(self, cond: Any, state: Any) -> str:
        return self._any(cond.field, f"in_network(value, {_quoted(cond.value.cidr)})")

    def convert_condition_field_eq_val_null(self, cond: Any, state: Any) -> str:
        return f"(NOT {self._any(cond.field, '1')})"

    def convert_condition_field_eq_val_exists(self, cond: Any, state: Any) -> str:
        exists = self._any(cond.field, "1")
        return exists if cond.value else f"(NOT {exists})"

    def convert_condition_field_exists(self, cond: Any, state: Any) -> str:
        return self._any(cond.field, "1")

    def convert_condition_field_compare_op_val(self, cond: Any, state: Any) -> str:
        operators = {
            SigmaCompareExpression.CompareOperators.LT: "<",
            SigmaCompareExpression.CompareOperators.LTE: "<=",
            SigmaCompareExpression.CompareOperators.GT: ">",
            SigmaCompareExpression.CompareOperators.GTE: ">=",
        }
        return self._any(cond.field, f"CAST(value AS REAL) {operators[cond.value.op]} {cond.value.number.number!r}")

    def _any(self, field: str, test: str) -> str:
        path = _quoted(f'$."{field}"')
        return f"EXISTS (SELECT 1 FROM json_each(events.fields, {path}) WHERE {test})"

    def finalize_query_default(self, rule: Any, query: Any, index: int, state: Any) -> str:
        return str(query)


def _like(parts: Sequence[Any]) -> str:
    special = {SpecialChars.WILDCARD_MULTI: "%", SpecialChars.WILDCARD_SINGLE: "_"}
    return "".join(special[part] if part in special else re.sub(r"([\\%_])", r"\\\1", part) for part in parts)


def _glob(parts: Sequence[Any]) -> str:
    special = {SpecialChars.WILDCARD_MULTI: "*", SpecialChars.WILDCARD_SINGLE: "?"}
    return "".join(special[part] if part in special else re.sub(r"([*?\[])", r"[\1]", part) for part in parts)


def _flattened(document: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Every field of a document with its values."""
    fields: dict[str, list[Any]] = {}

    def collect(prefix: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                collect(f"{prefix}.{key}" if prefix else key, inner)
        elif isinstance(value, list):
            for inner in value:
                collect(prefix, inner)
        elif value is not None:
            fields.setdefault(prefix, []).append(value)

    collect("", document)
    return fields


def _in_network(value: Any, network: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(network)
    except ValueError:
        return False


def matches(rule: str, documents: Sequence[Mapping[str, Any]]) -> set[int]:
    """The positions of the documents that a Sigma rule matches."""
    (condition,) = SqliteBackend().convert(SigmaCollection.from_yaml(rule))
    connection = sqlite3.connect(":memory:")
    try:
        connection.create_function("regexp", 2, lambda pattern, text: re.search(pattern, text) is not None)
        connection.create_function("in_network", 2, _in_network)
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, fields TEXT)")
        rows = ((number, json.dumps(_flattened(document))) for number, document in enumerate(documents))
        connection.executemany("INSERT INTO events VALUES (?, ?)", rows)
        return {id_ for (id_,) in connection.execute(f"SELECT id FROM events WHERE {condition}")}
    finally:
        connection.close()
