"""What our reader and Elastic's package say of an ES|QL query, in the same few words.

syntax   not of the language         name    an unknown function      count   too many or too few arguments
column   an unknown column           type    a value of a wrong type
ours alone: place, constant, what the package does not check; offline, told as not executable here, and not read
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import esql

from rulewright_engine.esql import analyze
from rulewright_engine.ir.fields import MappingFields
from rulewright_schema.catalogue import default_catalogue
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["Verdict", "disagreement", "known", "mapping_of", "ours", "theirs"]

_CODES = {
    "RW580": "syntax",
    "RW581": "syntax",
    "RW582": "offline",
    "RW583": "column",
    "RW584": "name",
    "RW585": "count",
    "RW586": "type",
    "RW587": "place",
    "RW588": "constant",
}


_NAME = re.compile(r"[A-Za-z_@][A-Za-z0-9_@]*(?:\.[A-Za-z_@][A-Za-z0-9_@]*)*")
_KNOWN = tomllib.loads((Path(__file__).parent / "esql_known.toml").read_text(encoding="utf-8"))["class"]
_CONTAINERS = frozenset({"object", "group", "nested", "flattened"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which kinds of mistake a reader finds, and in which words; none: it accepts the query."""

    kinds: frozenset[str] = frozenset()
    messages: tuple[str, ...] = field(default=(), compare=False)


def ours(text: str, mapping: Mapping[str, str]) -> Verdict:
    found = [each for each in analyze(text, _fields(tuple(mapping.items()))).diagnostics if each.code in _CODES]
    told = [each for each in found if each.level is Level.ERROR or each.code == "RW582"]
    return Verdict(
        frozenset(kind for each in told for kind in _own_kinds(each)),
        tuple(f"{each.code} {each.message}" for each in told),
    )


def _own_kinds(problem: Diagnostic) -> tuple[str, ...]:
    """An escape that the language lacks is no token of its grammar; an operator may be no name of a function either."""
    if problem.message.endswith("is no escape"):
        return ("syntax",)
    if problem.message.endswith("is an operator, not a function"):
        return "syntax", "name"
    return (_CODES[problem.code],)


class _Fields(MappingFields):
    """A mapping that proposes no other name for one that it lacks: of thousands that takes most of the time."""

    def nearest(self, name: str) -> str | None:
        return None


@cache
def _fields(items: tuple[tuple[str, str], ...]) -> _Fields:
    return _Fields(dict(items))


def mapping_of(queries: Iterable[str]) -> dict[str, str]:
    """A type for each name in the queries: that of the catalogue, else one by the look of the name."""
    catalogue = default_catalogue()
    names = sorted({name for query in queries for name in _NAME.findall(query) if not name.startswith("_")})
    found: dict[str, str] = {}
    for name in names:
        entry = catalogue.lookup(name)
        found[name] = entry.type if entry else "long" if "count" in name else "date" if "time" in name else "keyword"
    parents = {name[:at] for name in names for at, char in enumerate(name) if char == "."}
    return {name: type_ for name, type_ in found.items() if name not in parents and type_ not in _CONTAINERS}


@cache
def _schema(items: tuple[tuple[str, str], ...]) -> esql.Schema:
    return esql.Schema(dict(items))


def theirs(text: str, mapping: Mapping[str, str]) -> Verdict:
    """The first mistake that the package finds: in the text, then in its names, then in columns and types."""
    try:
        tree = esql.parse_query(text)
        esql.analyze(tree, _schema(tuple(mapping.items())))
    except esql.EsqlError as error:
        return Verdict(frozenset({_kind(error)}), (str(getattr(error, "error_msg", error)),))
    except Exception as error:  # a reader that breaks down gives no verdict
        kind = "syntax" if str(error) == "Empty Stack" else "broken"  # its lexer, on a parenthesis that closes none
        return Verdict(frozenset({kind}), (f"{type(error).__name__}: {error}",))
    return Verdict()


def _kind(error: esql.EsqlError) -> str:
    message = str(getattr(error, "error_msg", error))
    match error:
        case esql.EsqlSyntaxError():
            return "syntax"
        case esql.EsqlSchemaError():
            return "column"
        case esql.EsqlTypeMismatchError() if "argument(s)" in message:
            return "count"
        case esql.EsqlTypeMismatchError():
            return "type"
    return "name" if "Unknown function" in message else "other"


_SAME = {
    "syntax": frozenset({"syntax", "constant"}),
    "name": frozenset({"name", "syntax"}),
    "count": frozenset({"count", "name", "place", "syntax"}),
}
"""What the package finds first -> what we may say instead, having read the same; of columns and types anything."""


def disagreement(own: Verdict, other: Verdict) -> str:
    """What the two differ in, in few words; empty where they agree, or where we tell that we do not read all."""
    errors = own.kinds - {"offline"}
    if not other.kinds:
        return f"{min(errors)} for us alone" if errors else ""
    (kind,) = other.kinds
    if kind == "broken":  # behind its grammar, which has accepted the text
        return "syntax for us, read by the package" if "syntax" in errors else ""
    if not errors:
        return "" if own.kinds else f"{kind} for the package alone"
    if errors & _SAME.get(kind, errors) or own.kinds != errors:
        return ""
    return f"{kind} for the package, {', '.join(sorted(errors))} for us"


def known(text: str, own: Verdict, other: Verdict) -> bool:
    """Whether the package is known to be wrong there: each of our messages, or its own, belongs to a listed class."""
    side, messages = ("ours", own.messages) if own.messages else ("theirs", other.messages)
    return all(
        any(
            any(re.search(each, message) for each in listed.get(side, ()))
            and re.search(listed.get("text", ""), text) is not None
            for listed in _KNOWN
        )
        for message in messages
        if not message.startswith("RW582")
    )
