"""REGISTERED_DOMAIN: which part of a name is registered, by the list of public suffixes.

As Elasticsearch asks Apache's HTTP client (`PublicSuffixMatcher`): the first suffix of a registry that the name ends in
counts, and the registered domain has one label more. A suffix of a company (`s3.amazonaws.com`) is a registered domain
itself. The list here is of February 2023; that of a stack may differ in what came since.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from rulewright_engine.esql.functions.registry import Failure

__all__ = ["NAMES", "join", "split"]

NAMES = ("domain", "registered_domain", "top_level_domain", "subdomain")


def split(text: str) -> tuple[Any, ...]:
    root = _root_of(text) if not text.startswith(".") else None
    if root is None and text.strip() and _root_of(text.removeprefix(".")) is None:
        return text, None, text, None
    _, dot, suffix = (root or "").partition(".")
    if root is None or not text.strip() or not dot or not suffix:
        raise Failure(f"`{text}` is no domain that is registered below a known suffix")
    before = text.rfind(f".{root}")  # the case of the text counts here
    return text, root, suffix, text[:before] if before > 0 else None


def join(wanted: Mapping[str, str]) -> str:
    """A name that has these parts."""
    if "domain" in wanted:
        return wanted["domain"]
    registered = wanted.get("registered_domain", f"example.{wanted.get('top_level_domain', 'com')}")
    return f"{wanted['subdomain']}.{registered}" if "subdomain" in wanted else registered


def _root_of(text: str) -> str | None:
    """What is registered of a name; None of a public suffix."""
    rules, exceptions, private = _suffixes()
    name = "".join(char.lower() if char.isascii() else char for char in text)
    labels, keys = name.split("."), [_unicode(label) for label in name.split(".")]
    result = None
    for index in range(len(labels)):
        segment, key = ".".join(labels[index:]), ".".join(keys[index:])
        wildcard = ".".join(["*", *keys[index + 1 :]]) if index + 1 < len(keys) else ""
        if key in exceptions or key in private or wildcard in private:
            return segment
        if key in rules or wildcard in rules:
            return result
        result = segment
    return result


def _unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


@cache
def _suffixes() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The rules of registries, the exceptions from them, and the suffixes of companies."""
    rules: set[str] = set()
    private: frozenset[str] = frozenset()
    for line in (
        (files("rulewright_engine.esql.functions.capture") / "data" / "public_suffixes.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    ):
        first, *rest = line.split(" ")
        if first == "PRIVATE":
            private = frozenset(rest)
        elif first != "#":
            rules.update(first if each == "." else f"{each}.{first}" for each in rest)
    exceptions = frozenset(rule[1:] for rule in rules if rule.startswith("!"))
    return frozenset(rules), exceptions, private
