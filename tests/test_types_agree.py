"""Every place that names rule types names the same ones, and says of each what the others rely on."""

import inspect
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any, get_args

import pytest
import tomli

from rulewright_engine.ir.query import Language
from rulewright_engine.rules.types import RULE_TYPES, RuleType
from rulewright_generators.cases.types import BUILDERS
from rulewright_schema.codes import Code
from rulewright_schema.files.build import BUILT_APART, RULE_CLASSES
from rulewright_schema.files.structure import rule_schema
from rulewright_schema.rule import Rule
from support.paths import data_of

DEFINITIONS = rule_schema()["definitions"]
BRANCHES = {branch["if"]["properties"]["type"]["const"]: branch for branch in DEFINITIONS["rule"]["then"]["allOf"]}
"""What `rule.schema.json` says of the rules of each type (`then`), and of all others (`else`)."""

CONDITIONS = {Language.EQL, Language.KQL, Language.LUCENE}


def types_in(name: str, key: str) -> Collection[str]:
    return {tomli.loads(entry["rule"])["rule"].get("type", "eql") for entry in data_of(name)[key]}


PLACES: Mapping[str, Collection[str]] = {
    "`ruleType` of rule.schema.json": DEFINITIONS["ruleType"]["enum"],
    "the branches of `rule` in rule.schema.json": BRANCHES,
    "RULE_CLASSES of files/build.py": RULE_CLASSES,
    "RULE_TYPES of rules/types/registry.py": RULE_TYPES,
}
TYPES = sorted({name for place in PLACES.values() for name in place} | BUILDERS.keys())


def complaints(name: str) -> Iterator[str]:
    """What is missing, or said otherwise elsewhere, of a type."""
    missing = [place for place, names in PLACES.items() if name not in names]
    yield from (f"it is not in {place}" for place in missing)
    if not missing:
        yield from _of_schema(name, RULE_CLASSES[name])
        yield from _of_type(RULE_TYPES[name], RULE_CLASSES[name])
        yield from _of_cases(name, RULE_TYPES[name], RULE_CLASSES[name])


def _of_schema(name: str, model: type[Rule]) -> Iterator[str]:
    common, then = DEFINITIONS["rule"], DEFINITIONS[name]
    demanded = {*common["required"], *then["required"]}
    yield from (
        f"its class needs `{each.name}`, which its definition in rule.schema.json does not require"
        for each in fields(model)
        if each.default is MISSING and each.default_factory is MISSING and each.name not in BUILT_APART | demanded
    )
    others = DEFINITIONS[BRANCHES[name]["else"]["$ref"].rpartition("/")[2]] if "else" in BRANCHES[name] else {}
    for key in set(model.keys_of_type()) - {"query", "language"}:
        if key not in common["properties"]:
            yield f"`{key}` is a field of its class and no key of `rule` in rule.schema.json"
        if key not in others.get("properties", {}):
            yield f"rule.schema.json lets other types have `{key}`: its branch needs an `else` that calls it foreign"


def _of_type(its: RuleType[Any], model: type[Rule]) -> Iterator[str]:
    bases = getattr(type(its), "__orig_bases__", ())
    if type(its) is not RuleType and get_args(bases[0]) != (model,):
        yield f"{type(its).__name__} is not a RuleType[{model.__name__}]"
    if [each.title for each in RULE_TYPES.values()].count(its.title) > 1:
        yield f"its `title`, {its.title!r}, is that of another type"
    if (type(its).finder is not RuleType.finder) and its.family == "query":
        yield "it finds alerts in a way of its own, and its `family` says that it is a query like others"
    module = sys.modules[type(its).__module__]
    defined = {value.code for value in vars(module).values() if isinstance(value, Code)}
    if defined != {code.code for code in its.codes}:
        yield f"its module defines {sorted(defined)}, and its `codes` are {[code.code for code in its.codes]}"


def _of_cases(name: str, its: RuleType[Any], model: type[Rule]) -> Iterator[str]:
    language = inspect.signature(model).parameters.get("language")
    if language is None or language.default not in CONDITIONS:
        return
    if not its.judges_single_events and name not in BUILDERS:
        yield "it has no line in BUILDERS of cases/types"
    if name not in types_in("rule-types.toml", "cases"):
        yield "no rule of it is run in tests/data/rule-types.toml"
    if name in BUILDERS and name not in types_in("type-cases.toml", "rules"):
        yield "its cases are not told in tests/data/type-cases.toml"


@pytest.mark.parametrize("name", TYPES)
def test_every_place_names_the_type_and_says_the_same_of_it(name: str) -> None:
    assert list(complaints(name)) == []


LACKS: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    "`ruleType`": lambda patch: patch.setitem(PLACES, "`ruleType` of rule.schema.json", ()),
    "RULE_CLASSES": lambda patch: patch.delitem(RULE_CLASSES, "threshold"),
    "RULE_TYPES": lambda patch: patch.delitem(RULE_TYPES, "threshold"),
    "an `else`": lambda patch: patch.delitem(BRANCHES["threshold"], "else"),
    "does not require": lambda patch: patch.setitem(DEFINITIONS["threshold"], "required", ["query"]),
    "is not a RuleType[": lambda patch: patch.setitem(RULE_CLASSES, "threshold", RULE_CLASSES["new_terms"]),
    "`title`": lambda patch: patch.setattr(type(RULE_TYPES["threshold"]), "title", "query"),
    "`family`": lambda patch: patch.setattr(type(RULE_TYPES["threshold"]), "family", "query"),
    "`codes`": lambda patch: patch.setattr(type(RULE_TYPES["threshold"]), "codes", ()),
    "BUILDERS": lambda patch: patch.delitem(BUILDERS, "threshold"),
}
"""What a threshold rule may lack, by a word of the complaint."""


@pytest.mark.parametrize("word", LACKS)
def test_a_place_that_disagrees_is_named(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    LACKS[word](monkeypatch)
    assert [complaint for complaint in complaints("threshold") if word in complaint]
