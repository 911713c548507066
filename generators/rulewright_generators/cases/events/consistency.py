"""What the fields of one event say of each other: `process.name` is the last part of `process.executable`, and so on.

`proposals` looks at the fields that are known and says what others would have to be. Nothing is imposed here: whoever
asks keeps a proposal only where it does not change what the event means to the rule.
"""

import re
from collections.abc import Iterator, Mapping

from rulewright_generators.cases.events.facts import (
    DIRECTORIES,
    Facts,
    Proposal,
    basename,
    named,
    text_of,
)
from rulewright_generators.cases.events.processes import processes

__all__ = ["EXPECTED_TYPES", "lacking", "proposals"]

FILE_DIRECTORIES = {"windows": "C:\\Users\\alice\\Documents\\", "linux": "/home/alice/", "macos": "/Users/alice/"}
TWINS = (
    ("event.dataset", "data_stream.dataset"),
    ("host.name", "host.hostname"),
    ("event.action", "okta.event_type"),
    ("event.action", "azure.activitylogs.operation_name"),
    ("event.action", "azure.auditlogs.operation_name"),
    ("event.action", "azure.signinlogs.operation_name"),
    ("event.action", "o365.audit.Operation"),
    ("event.provider", "o365.audit.Workload"),
    ("user.id", "o365.audit.UserId"),
    ("source.ip", "client.ip"),
)
"""Fields that say the same; the first two of every event, the others where a source shows both."""

ACCOUNTS: Mapping[str, Mapping[str, tuple[str, str | None]]] = {
    "linux": {"0": ("root", None)},
    "macos": {"0": ("root", None)},
    "windows": {
        "S-1-5-18": ("SYSTEM", "NT AUTHORITY"),
        "S-1-5-19": ("LOCAL SERVICE", "NT AUTHORITY"),
        "S-1-5-20": ("NETWORK SERVICE", "NT AUTHORITY"),
    },
}
"""Accounts that every system of a kind has: the id, and the name and the domain that belong to it."""

EXPECTED_TYPES = {
    "process": ("start", "end", "info", "change", "access"),
    "network": ("start", "end", "info", "connection", "protocol", "access", "allowed", "denied"),
    "file": ("change", "creation", "deletion", "info", "access"),
    "registry": ("change", "creation", "deletion", "access"),
    "configuration": ("change", "creation", "deletion", "info", "access"),
    "authentication": ("start", "end", "info"),
    "session": ("start", "end", "info"),
    "iam": ("change", "creation", "deletion", "user", "group", "admin", "info"),
    "web": ("access", "info", "error"),
    "api": ("access", "admin", "allowed", "change", "creation", "deletion", "denied", "end", "info", "start", "user"),
    "database": ("access", "change", "info", "error"),
    "driver": ("start", "end", "change", "info"),
    "email": ("info",),
    "host": ("start", "end", "info", "change", "access"),
    "intrusion_detection": ("info", "allowed", "denied"),
    "library": ("start",),
    "malware": ("info",),
    "package": ("installation", "change", "deletion", "start", "info", "access"),
    "threat": ("indicator",),
    "vulnerability": ("info",),
}
"""Event category -> the event types that ECS expects of it (ECS 9.5, allowed values of `event.category`); the most
usual first, categories too."""

HIVES = {
    "HKEY_LOCAL_MACHINE": "HKLM",
    "HKLM": "HKLM",
    "HKEY_USERS": "HKEY_USERS",
    "HKU": "HKU",
    "HKEY_CURRENT_USER": "HKCU",
    "HKCU": "HKCU",
    "MACHINE": "HKLM",
    "USER": "HKEY_USERS",
}
_HIVE = re.compile(r"\\?(?:REGISTRY\\)?(?P<hive>[A-Z_]+)\\(?P<rest>.+)", re.IGNORECASE | re.DOTALL)


def proposals(facts: Facts, os: str, wanted: set[str], programs: Mapping[str, str]) -> Iterator[Proposal]:
    """What follows from `facts`, the more telling first. `wanted` holds the fields that the event shows or lacks,
    `programs` the executables of processes of which nothing else is known, by the field.

    `facts` may be changed between two proposals; later ones follow from what then holds.
    """
    yield from processes(facts, os, wanted, programs)
    for prefix in ("file", "file.Ext.original"):
        if any(name.startswith(f"{prefix}.") for name in facts):
            yield from _file(facts, prefix, FILE_DIRECTORIES[os])
    yield from named(facts, "dll.path", "dll.name", DIRECTORIES[os])
    yield from _registry(facts)
    if wanted & {"host.id", "host.os.type"}:
        yield from _account(facts, ACCOUNTS[os])
    yield from _categorized(facts, os)
    yield from _twins(facts, wanted)


def lacking(facts: Facts) -> set[str]:
    """The fields that an event lacks because it lacks others that say the same."""
    pairs = [*TWINS, *((other, one) for one, other in TWINS)]
    return {other for one, other in pairs if one in facts and not facts[one] and other not in facts}


def _file(facts: Facts, prefix: str, directory: str) -> Iterator[Proposal]:
    """A file's path, directory, name and extension."""
    extension, extension_field = text_of(facts, f"{prefix}.extension"), f"{prefix}.extension"
    folder = text_of(facts, f"{prefix}.directory")
    if not text_of(facts, f"{prefix}.path") and not text_of(facts, f"{prefix}.name") and (extension or folder):
        yield f"{prefix}.name", (f"sample.{extension or 'txt'}",)
    separator = "\\" if "\\" in (folder or directory) else "/"
    start = folder.rstrip("\\/") + separator if folder else directory
    yield from named(facts, f"{prefix}.path", f"{prefix}.name", start)
    path = text_of(facts, f"{prefix}.path")
    name = text_of(facts, f"{prefix}.name") or basename(path or "")
    stem, dot, end = name.rpartition(".") if "." in name.strip(".") else (name, "", "")
    if extension != end and (extension or end):
        yield extension_field, (end,) if dot else ()
        if extension and path and path.endswith(name) and text_of(facts, extension_field) == extension:
            yield f"{prefix}.path", (f"{path.removesuffix(name)}{stem}.{extension}",)
            yield from named(facts, f"{prefix}.path", f"{prefix}.name", start)
            path = text_of(facts, f"{prefix}.path")
    if path and re.search(r"[\\/]", path):
        yield f"{prefix}.directory", (path[: len(path) - len(basename(path)) - 1] or "/",)


def _registry(facts: Facts) -> Iterator[Proposal]:
    """A registry path holds its hive, key and value."""
    path, value = text_of(facts, "registry.path"), text_of(facts, "registry.value")
    if value and not path:
        key = text_of(facts, "registry.key") or "SOFTWARE\\Example\\Settings"
        yield "registry.path", (f"HKLM\\{key}\\{value}",)
        path = text_of(facts, "registry.path")
    found = _HIVE.fullmatch(path) if path else None
    if found is None:
        return
    key, _, last = found["rest"].rpartition("\\")
    yield "registry.hive", (HIVES.get(found["hive"].upper(), found["hive"]),)
    yield "registry.key", (key or last,)
    if last and key:
        yield "registry.value", (last,)


def _account(facts: Facts, accounts: Mapping[str, tuple[str, str | None]]) -> Iterator[Proposal]:
    """The name of an account that every system has, or its id."""
    by_name = {name.lower(): key for key, (name, _) in accounts.items()}
    name = text_of(facts, "user.name") or ""
    account = text_of(facts, "user.id") or ""
    account = account if account in accounts else by_name.get(name.lower(), "")
    if account:
        known_name, domain = accounts[account]
        yield "user.name", (known_name,)
        yield "user.id", (account,)
        if domain:
            yield "user.domain", (domain,)


def _categorized(facts: Facts, os: str) -> Iterator[Proposal]:
    """A category and a type that go together."""
    categories, types = facts.get("event.category") or (), facts.get("event.type") or ()
    expected = [kind for category in categories for kind in EXPECTED_TYPES.get(str(category), ())]
    if len(categories) != 1 or not types or not expected or set(types) <= set(expected):
        return
    for kind in expected:
        yield "event.type", (kind,)
        if facts.get("event.type") == (kind,):
            return
    for category, kinds in EXPECTED_TYPES.items():
        if set(types) <= set(kinds) and (category != "registry" or os == "windows"):
            yield "event.category", (category,)
            if facts.get("event.category") == (category,):
                return


def _twins(facts: Facts, wanted: set[str]) -> Iterator[Proposal]:
    """Fields that repeat another, or begin it."""
    for one, other in TWINS:
        for known, open_field in ((one, other), (other, one)):
            is_there = (one, other) in TWINS[:2] or open_field in wanted
            if is_there and text_of(facts, known) and facts.get(open_field) != facts[known]:
                yield open_field, tuple(facts[known])
    outcome, result = text_of(facts, "event.outcome"), text_of(facts, "okta.outcome.result")
    if outcome and "okta.outcome.result" in wanted:
        yield "okta.outcome.result", (outcome.upper(),)
    elif result in ("SUCCESS", "FAILURE"):
        yield "event.outcome", (result.lower(),)
    dataset = text_of(facts, "event.dataset")
    if dataset and "." in dataset:
        yield "event.module", (dataset.partition(".")[0],)
    for side in ("source", "destination"):
        address = text_of(facts, f"{side}.ip")
        if address and f"{side}.address" in facts:
            yield f"{side}.address", (address,)
    destination = text_of(facts, "destination.ip")
    if destination and "network.type" in facts:
        yield "network.type", ("ipv6" if ":" in destination else "ipv4",)
        source = text_of(facts, "source.ip")
        if source and (":" in source) != (":" in destination):
            yield "source.ip", ("2001:db8::25" if ":" in destination else "192.0.2.25",)
    code = text_of(facts, "event.code")
    if code and (text_of(facts, "winlog.channel") or "winlog.event_id" in facts):
        yield "winlog.event_id", (code,)
