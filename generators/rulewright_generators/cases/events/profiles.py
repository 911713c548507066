"""What ordinary documents look like: `data/profiles.toml` in memory, and which of its layers an event is made of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field, FieldType, Scalar
from rulewright_engine.solver import ValueHints

__all__ = ["Profile", "Setting", "adjacent_profile", "profile_of"]

DEFAULT_OS = "linux"
OS_FIELD = "host.os.type"
DATASETS = ("event.dataset", "data_stream.dataset")

_INDEX = re.compile(r"(?:logs|metrics|traces)-(?P<dataset>[a-z0-9_.]+)")
_OS_BY_INDEX = {"winlogbeat": "windows", "windows": "windows", "system.security": "windows", "auditbeat": "linux"}
_OS_BY_TAG = {"OS: Windows": "windows", "OS: Linux": "linux", "OS: macOS": "macos"}
_CATEGORY_BY_ROOT = {
    "registry": "registry",
    "dll": "library",
    "file": "file",
    "process": "process",
    "dns": "network",
    "destination": "network",
    "threat": "threat",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What tells how a document looks before its fields are known: the rule's index patterns and tags, the query's
    fields in their order, and the field that holds the event category. `given` are the values of fields that documents
    have unless the query says otherwise."""

    index: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    category_field: str = "event.category"
    given: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """`document`: field -> value of every document; `ordinary`: field -> values where nothing is wrong."""

    os: str
    document: Mapping[str, Any]
    ordinary: Mapping[str, Sequence[Scalar]] = field(default_factory=dict)

    @property
    def programs(self) -> Mapping[str, str]:
        """The executables of the processes that every document shows."""
        return {name: value for name, value in self.document.items() if name.endswith(".executable")}

    def as_of(self, other: "Profile") -> "Profile":
        """The same, on a host that runs the system of another."""
        if self.os == other.os:
            return self
        host = {name: value for name, value in other.document.items() if name.startswith("host.os.")}
        return replace(self, document={**self.document, **host})

    def hints(self) -> ValueHints:
        return ValueHints(self.values, _fill)

    def values(self, field: Field) -> tuple[Scalar, ...]:
        """Ordinary values of a field in the form of its type, the best first."""
        known = self.ordinary.get(field.name) or self.document.get(field.name)
        if known is None and field.type in (FieldType.KEYWORD, FieldType.WILDCARD):
            known = _named(field.name)
        values: tuple[Scalar, ...] = () if known is None else Event({field.name: known}).values(field)
        return (*values, *_data()["addresses"]) if field.type is FieldType.IP else values


def profile_of(setting: Setting, known: Mapping[str, Sequence[Scalar]]) -> Profile:
    """The profile of an event; `known` holds values of its fields, as far as they are decided."""
    category = _category(setting, known)
    dataset = _dataset(setting, known, category)
    source = _source(dataset)
    os = _os(setting, known, source)
    profile = _profile(os, category, dataset, source["dataset"] if source else "")
    if not setting.given:
        return profile
    ordinary = {name: (value, *profile.ordinary.get(name, ())) for name, value in setting.given.items()}
    return Profile(os, {**profile.document, **setting.given}, {**profile.ordinary, **ordinary})


def adjacent_profile(
    setting: Setting, known: Mapping[str, Sequence[Scalar]], other: Mapping[str, Sequence[Scalar]]
) -> Profile:
    """The profile of an event adjacent to another: that of the other, unless the event is of another category."""
    own = profile_of(setting, known)
    category = _category(setting, known)
    if category in known.get(setting.category_field, ()) and category != _category(setting, other):
        return own
    return profile_of(setting, other).as_of(own)


@cache
def _profile(os: str, category: str, dataset: str, source_name: str) -> Profile:
    data = _data()
    source: Mapping[str, Any] = next((source for source in data["source"] if source["dataset"] == source_name), {})
    shown = data["category"].get(category, {})
    roots = shown.get("roots", ("host", "user"))
    document = dict(data["common"]["document"])
    if source.get("host", True):
        layer = data["os"][os]["document"]
        document |= {name: value for name, value in layer.items() if name.partition(".")[0] in roots}
    document |= shown.get("document", {}) if source.get("host", True) else {}
    document |= source.get("document", {})
    if category:
        document.setdefault("event.category", category)
    if dataset:
        document |= dict.fromkeys(DATASETS, dataset)
    shared = data["common"]["ordinary"]
    own = {name: [document[name], *shared[name]] for name in ("event.action", "event.type") if name in document}
    ordinary = {**shared, **own, **data["os"][os]["ordinary"], **source.get("ordinary", {})}
    return Profile(os, document, ordinary)


def _category(setting: Setting, known: Mapping[str, Sequence[Scalar]]) -> str:
    for value in known.get(setting.category_field, ()) or known.get("event.category", ()):
        if value in _data()["category"]:
            return str(value)
    roots = [name.partition(".")[0] for name in setting.fields]
    return next((category for root, category in _CATEGORY_BY_ROOT.items() if root in roots), "")


def _dataset(setting: Setting, known: Mapping[str, Sequence[Scalar]], category: str) -> str:
    for name in DATASETS:
        if known.get(name):
            return str(known[name][0])
    stems = [match["dataset"].rstrip(".") for pattern in setting.index if (match := _INDEX.match(pattern))]
    for stem in stems:
        source = _source(stem) or _source(f"{stem}.")
        if source is None:
            continue
        by_category = source.get("categories", {})
        if not by_category:
            return stem
        if category in by_category and by_category[category].startswith(stem):
            return str(by_category[category])
    return stems[0] if stems and "." in stems[0] else ""


def _source(dataset: str) -> Mapping[str, Any] | None:
    if not dataset:
        return None
    sources: Iterable[Mapping[str, Any]] = _data()["source"]
    return next((source for source in sources if dataset.startswith(source["dataset"])), None)


def _os(setting: Setting, known: Mapping[str, Sequence[Scalar]], source: Mapping[str, Any] | None) -> str:
    for value in known.get(OS_FIELD, ()):
        if value in _data()["os"]:
            return str(value)
    if source and "os" in source:
        return str(source["os"])
    by_tag = [_OS_BY_TAG[tag] for tag in setting.tags if tag in _OS_BY_TAG]
    by_index = [os for pattern in setting.index for part, os in _OS_BY_INDEX.items() if part in pattern]
    return next(iter([*by_tag, *by_index]), DEFAULT_OS)


def _fill(asked: Field, before: str, after: str) -> str:
    for fields, start, end, text in _fills():
        if fields.search(asked.name) and start.search(before) and end.search(after):
            return text
    return ""


@cache
def _named(name: str) -> str | None:
    """The value of a field that no layer knows."""
    return next((line["value"] for line in _data()["named"] if re.search(line["fields"], name)), None)


@cache
def _fills() -> list[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], str]]:
    return [
        (re.compile(line.get("fields", "")), re.compile(line["before"]), re.compile(line["after"]), line["text"])
        for line in _data()["fill"]
    ]


@cache
def _data() -> Mapping[str, Any]:
    return tomli.loads(files("rulewright_generators.cases.events").joinpath("data", "profiles.toml").read_text("utf-8"))
