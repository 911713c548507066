"""What the fields of a document hold, the slow and simple way. Shares no code with the engine."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

MAPPING: Mapping[str, str] = {
    "k": "keyword",
    "c.k": "keyword",
    "w": "wildcard",
    "t": "text",
    "n": "long",
    "c.n": "long",
    "d": "double",
    "b": "boolean",
    "at": "date",
    "ip": "ip",
    "event.category": "keyword",
    "p": "nested",
    "p.k": "keyword",
    "p.n": "long",
}


def raw(document: Any, name: str) -> list[Any]:
    """The values at a dotted name, wherever dots and nesting put it."""
    if isinstance(document, list):
        return [value for item in document for value in raw(item, name)]
    if not isinstance(document, dict):
        return []
    found = []
    for key, value in document.items():
        if key == name:
            found += leaves(value)
        elif name.startswith(key + "."):
            found += raw(value, name[len(key) + 1 :])
    return found


def leaves(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [] if value is None or isinstance(value, dict) else [value]


def names(document: Any, prefix: str = "") -> set[str]:
    """The dotted names of all fields that hold something."""
    if isinstance(document, list):
        return {name for item in document for name in names(item, prefix)}
    if not isinstance(document, dict):
        return set() if document is None else {prefix}
    return {name for key, value in document.items() for name in names(value, f"{prefix}.{key}" if prefix else key)}


def values(document: Any, name: str) -> list[Any]:
    """The values as the field's type stores them."""
    stored = (store(value, MAPPING[name]) for value in raw(document, name)) if name in MAPPING else ()
    return [value for value in stored if value is not None]


def store(value: Any, kind: str) -> Any:
    match kind:
        case "keyword" | "wildcard" | "text":
            return str(value).lower() if isinstance(value, bool) else str(value)
        case "long" | "double":
            if isinstance(value, bool) or not re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
                return None
            return int(float(value)) if kind == "long" else float(value)
        case "boolean":
            return {True: True, False: False, "true": True, "false": False, "": False}.get(value)
        case "date":
            return value if isinstance(value, int) else moment(value)
        case "ip":
            return address(value)
        case _:
            return None


def moment(text: Any) -> int | None:
    """Epoch milliseconds of a complete date."""
    try:
        delta = datetime.fromisoformat(text) - datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    except (TypeError, ValueError):
        return None
    return round(delta.total_seconds() * 1000)


def address(text: Any) -> Any:
    """An address object; an IPv4-mapped address is its IPv4 address."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def within(where: Any, network: str) -> bool:
    return where in ipaddress.ip_network(network, strict=False)


def folded(text: str) -> str:
    """Simple case folding: each character stays one character."""
    return "".join(map(folded_one, text))


@cache
def folded_one(char: str) -> str:
    return next((one for one in (char.casefold(), char.lower()) if len(one) == 1), char)


def glob(pattern: list[str | None], text: str) -> bool:
    """`pattern` is a list of characters; `"*"` stands as None, `?` as the empty text."""
    places = {0}
    for piece in pattern:
        if piece is None:
            places = set(range(min(places, default=len(text) + 1), len(text) + 1))
        else:
            places = {place + 1 for place in places if place < len(text) and piece in ("", text[place])}
    return len(text) in places


WORD = re.compile(r"\w+(?:(?:(?<=[^\W\d_])[.:'\u2019](?=[^\W\d_])|(?<=\d)[.,;'\u2019](?=\d))\w+)*")


def words(text: str) -> list[str]:
    """The tokens of a text in letters, as Unicode breaks words: `a.b` and `1,5` are one, `_` is a letter."""
    return [word for word in WORD.findall(text.lower()) if word.strip("_")]


def in_a_row(wanted: list[str], tokens: list[str]) -> bool:
    return bool(wanted) and any(tokens[i : i + len(wanted)] == wanted for i in range(len(tokens)))


def objects(document: Any, path: str) -> list[Any]:
    """The objects at a dotted path."""
    if isinstance(document, list):
        return [found for item in document for found in objects(item, path)]
    if not isinstance(document, dict):
        return []
    found = []
    for key, value in document.items():
        if key == path:
            found += items(value)
        elif path.startswith(key + "."):
            found += objects(value, path[len(key) + 1 :])
    return found


def items(value: Any) -> list[Any]:
    """The objects that a value is or holds, also those in lists of lists."""
    if isinstance(value, list):
        return [found for item in value for found in items(item)]
    return [value] if isinstance(value, dict) else []


def start_of(text: str) -> int:
    """A date without a time starts at midnight."""
    start = moment(text if "T" in text else text + "T00:00:00Z")
    assert start is not None
    return start


def end_of(text: str) -> int:
    return start_of(text) + (0 if "T" in text else 86_400_000 - 1)


def number_of(where: Any) -> int:
    """Addresses of both families in one order: IPv4 as IPv4-mapped."""
    return int(ipaddress.ip_address("::ffff:0:0")) + int(where) if where.version == 4 else int(where)


def in_range(stored: Any, name: str, operator: str, bound: str) -> bool:
    """KQL and Lucene. A date without a time is a whole day, which lies wholly on the right side."""
    limit: Any = bound
    match MAPPING[name]:
        case "long" | "double":
            limit = float(bound)
        case "date":
            limit = end_of(bound) if operator in ("<=", ">") else start_of(bound)
        case "ip":
            limit, stored = number_of(address(bound)), number_of(stored)
    return {"<": stored < limit, "<=": stored <= limit, ">": stored > limit, ">=": stored >= limit}[operator]
