"""The structural mistakes of a rule file, one diagnostic each."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from rulewright_schema.codes.code import Code
from rulewright_schema.codes.structure import (
    FOREIGN_KEY,
    MISSING_KEY,
    OUT_OF_BOUNDS,
    UNEXPECTED_VALUE,
    UNKNOWN_KEY,
    UNKNOWN_RULE_TYPE,
    WRONG_FORM,
    WRONG_TYPE,
)
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.files.structure.accept import accepts, rule_schema
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span
from rulewright_schema.wording import listed

__all__ = ["is_buildable", "structure_problems"]


class SpanOf(Protocol):
    """`RuleFile.span_of`."""

    def __call__(self, path: KeyPath, *, key: bool = False) -> Span: ...


BUILDABLE = {code.code for code in (UNKNOWN_KEY, OUT_OF_BOUNDS, WRONG_FORM, FOREIGN_KEY)}
"""Problems that leave every value of the type that the rule model expects."""

TYPE_WORDS = {
    "string": "a text",
    "array": "a list",
    "object": "a table",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
}


def structure_problems(data: Mapping[str, Any], span_of: SpanOf) -> tuple[Diagnostic, ...]:
    """What departs from the schema, in the order of the file; empty for nearly every rule."""
    if accepts(data):
        return ()
    problems = _Problems(data, span_of).found()
    return tuple(sorted(problems, key=lambda problem: (problem.span or Span(0, 0), problem.code, problem.message)))


def is_buildable(problems: Iterable[Diagnostic]) -> bool:
    """Whether a rule can be built from the data in spite of these problems."""
    return all(problem.code in BUILDABLE for problem in problems)


class _Problems:
    """Turns the errors of jsonschema into diagnostics, and keeps one mistake from being told twice."""

    def __init__(self, data: Mapping[str, Any], span_of: SpanOf) -> None:
        self.data = data
        self.span_of = span_of
        self.seen: set[tuple[KeyPath, str]] = set()
        # Keys that an unknown key is meant to be: the same mistake must not also be reported as a missing key.
        self.meant: set[KeyPath] = set()

    def found(self) -> Iterator[Diagnostic]:
        from jsonschema import Draft7Validator  # imported late: loading it costs more than checking a rule

        for error in sorted(Draft7Validator(rule_schema()).iter_errors(self.data), key=_rank):
            path = tuple(error.absolute_path)
            match error.validator:
                case "additionalProperties":
                    yield from self.unknown_keys(path, error.instance, error.schema["properties"])
                case "required":
                    yield from self.missing_keys(path, error.instance, error.validator_value)
                case _ if self.is_first(path, "value"):
                    yield self.bad_value(path, error)

    def is_first(self, path: KeyPath, kind: str) -> bool:
        is_first = (path, kind) not in self.seen
        self.seen.add((path, kind))
        return is_first

    def unknown_keys(self, path: KeyPath, table: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Diagnostic]:
        for key in table:
            if key not in known and self.is_first((*path, key), "unknown"):
                yield self.unknown_key(path, key, known)

    def unknown_key(self, path: KeyPath, key: str, known: Mapping[str, Any]) -> Diagnostic:
        span, help_, fix = self.span_of((*path, key), key=True), "remove it", None
        home, near = _home_of(key), nearest_of(key, known)
        if home:
            self.meant.add((*home, key))
            help_ = f"`{key}` belongs in {_shown(home)}: a key belongs to the header above it"
        elif near:
            self.meant.add((*path, near))
            help_ = f"did you mean `{near}`?"
            fix = None if near in self.table_at(path) else Fix((Edit(span, near),), safe=False)
        elif len(known) <= 12:
            help_ = f"use one of {_listed(known)}"
        return UNKNOWN_KEY.report(
            f"unknown key `{key}`", span, label=f"not a key of {_shown(path)}", help=help_, fix=fix
        )

    def table_at(self, path: KeyPath) -> Any:
        value: Any = self.data
        for key in path:
            value = value[key]
        return value

    def missing_keys(self, path: KeyPath, table: Mapping[str, Any], required: Iterable[str]) -> Iterator[Diagnostic]:
        for key in required:
            if key not in table and (*path, key) not in self.meant and self.is_first((*path, key), "missing"):
                yield self.missing_key(path, key)

    def missing_key(self, path: KeyPath, key: str) -> Diagnostic:
        span = self.span_of(path)
        if not path:
            return MISSING_KEY.report(f"missing table `[{key}]`", span, help=f"add a `[{key}]` header and its keys")
        depends_on_type = path == ("rule",) and key not in _keys_of_every_type()
        whose = f"of a rule of type `{self.rule_type}`" if depends_on_type else f"in {_shown(path)}"
        return MISSING_KEY.report(f"missing key `{key}` in {_shown(path)}", span, help=f"`{key}` is required {whose}")

    @property
    def rule_type(self) -> str:
        return str(self.data["rule"].get("type"))

    def foreign_key(self, path: KeyPath) -> Diagnostic:
        return FOREIGN_KEY.report(
            f"`{path[-1]}` does not belong in a rule of type `{self.rule_type}`",
            self.span_of(path, key=True),
            help="remove it, or change the type of the rule",
        )

    def bad_value(self, path: KeyPath, error: Any) -> Diagnostic:
        span, name, bound = self.span_of(path), _value_name(path), error.validator_value
        match error.validator:
            case "not":  # a key that belongs to another type of rule
                return self.foreign_key(path)
            case "type":
                return self.wrong_type(path, span, error.instance, [bound] if isinstance(bound, str) else bound)
            case "enum" if path == ("rule", "type"):
                return self.unexpected(UNKNOWN_RULE_TYPE, f"unknown rule type `{error.instance}`", span, error)
            case "enum":
                message = f"{name} cannot be {_quoted(error.instance)}"
                return self.unexpected(UNEXPECTED_VALUE, message, span, error)
            case "pattern":
                example = error.schema["examples"][0]
                return WRONG_FORM.report(
                    f"{name} cannot be {_quoted(error.instance)}", span, help=f"write it like `{example}`"
                )
            case _:
                limit = BOUNDS[error.validator].format(bound=bound)
                return OUT_OF_BOUNDS.report(f"{name} must {limit}", span, help=_bound_help(error.schema))

    def unexpected(self, code: Code, message: str, span: Span, error: Any) -> Diagnostic:
        allowed = error.validator_value
        if not isinstance(error.instance, str):
            return self.wrong_type(tuple(error.absolute_path), span, error.instance, ["string"])
        near = nearest_of(error.instance, allowed)
        if near is None:
            return code.report(message, span, help=f"use {'one of ' if len(allowed) > 1 else ''}{_listed(allowed)}")
        return code.report(
            message,
            span,
            help=f"did you mean `{near}`?",
            note=f"the values are {_listed(allowed)}" if len(allowed) > 1 else "",
            fix=Fix((Edit(span, f'"{near}"'),), safe=False),
        )

    def wrong_type(self, path: KeyPath, span: Span, value: Any, wanted: list[str]) -> Diagnostic:
        words = listed([TYPE_WORDS[name] for name in wanted], word="or")
        help_, fix = f"write {words}", None
        if wanted == ["array"] and isinstance(value, str):
            help_ = "put it in brackets: `[...]`"
            fix = Fix((Edit(Span(span.start, span.start), "["), Edit(Span(span.end, span.end), "]")), safe=True)
        elif "string" in wanted and not isinstance(value, list | dict):
            help_ = 'put it in quotes: `"..."`'
        return WRONG_TYPE.report(
            f"{_value_name(path)} must be {words}, not {_type_word(value)}", span, help=help_, fix=fix
        )


BOUNDS = {
    "minimum": "be at least {bound}",
    "maximum": "be at most {bound}",
    "minItems": "have at least {bound} elements",
    "maxItems": "have at most {bound} elements",
    "minLength": "not be empty",
}


def _bound_help(schema: Mapping[str, Any]) -> str:
    if "maximum" in schema:
        return f"use a number from {schema['minimum']} to {schema['maximum']}"
    if "maxItems" in schema:
        return f"use {schema.get('minItems', 0)} to {schema['maxItems']} elements"
    return "fill it in, or remove it"


def _rank(error: Any) -> tuple[Any, ...]:
    """Unknown keys go first: they may explain missing ones. A wrong type goes before all that follows from it."""
    order = {"additionalProperties": 0, "required": 1, "not": 2, "type": 3}
    return order.get(error.validator, 4), [str(part) for part in error.absolute_path], str(error.validator)


def _keys_of(definition: str) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = rule_schema()["definitions"][definition]["properties"]
    return properties


def _keys_of_every_type() -> list[str]:
    keys: list[str] = rule_schema()["definitions"]["rule"]["required"]
    return keys


def _home_of(key: str) -> KeyPath | None:
    """The table that has a key of this name: keys stray when a line lands below the next header."""
    return next(((name,) for name in ("metadata", "rule", "transform") if key in _keys_of(name)), None)


def _shown(path: KeyPath) -> str:
    """A table as its header names it: `[rule.threat.tactic]`."""
    names = ".".join(str(part) for part in path if isinstance(part, str))
    return f"`[{names}]`" if names else "the file"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _value_name(path: KeyPath) -> str:
    """A value by its key; an element of a list by the key of the list."""
    names = [part for part in path if isinstance(part, str)]
    element = "an element of " if isinstance(path[-1], int) else ""
    return f"{element}`{names[-1]}`"


def _quoted(value: Any) -> str:
    return f"`{value}`" if isinstance(value, str) and value else "empty"


def _type_word(value: Any) -> str:
    match value:
        case bool():
            return "`true` or `false`"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "a table"
        case datetime.date() | datetime.time():
            return "a date or time"
    raise AssertionError(f"TOML has no {type(value)}")
