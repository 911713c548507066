"""KQL, read from section B2 of the facts on semantics. Shares no code with the engine."""

import fnmatch
import ipaddress
import re
from typing import Any

from reference import naive_documents as documents

Node = tuple[Any, ...]
SPECIAL = set('\\():<>"*{}')


class Parser:
    """Tight to loose: primary, not, and, or. Keywords ignore case; `and` and `or` have blanks on both sides."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def take(self, pattern: str) -> str | None:
        match = re.compile(pattern, re.IGNORECASE).match(self.text, self.at)
        if match:
            self.at = match.end()
            return match[0]
        return None

    def blanks(self) -> None:
        self.take(r"[\s\u00a0]*")

    def query(self) -> Node:
        self.blanks()
        found = self.disjunction("") if self.at < len(self.text) else ("all",)
        self.blanks()
        assert self.at == len(self.text), self.text[self.at :]
        return found

    def disjunction(self, prefix: str, field: Any = None) -> Node:
        left = self.conjunction(prefix, field)
        while self.take(r"\s+or\s+"):
            left = ("or", left, self.conjunction(prefix, field))
        return left

    def conjunction(self, prefix: str, field: Any) -> Node:
        left = self.negation(prefix, field)
        while self.take(r"\s+and\s+"):
            left = ("and", left, self.negation(prefix, field))
        return left

    def negation(self, prefix: str, field: Any) -> Node:
        if self.take(r"not\s+"):
            return ("not", self.primary(prefix, field))
        return self.primary(prefix, field)

    def primary(self, prefix: str, field: Any) -> Node:
        self.blanks()
        if self.take(r"\("):
            inner = self.disjunction(prefix, field)
            self.blanks()
            assert self.take(r"\)"), self.text[self.at :]
            return inner
        literal = self.literal()
        if field is not None:
            return ("is", field, literal)
        self.blanks()
        if operator := self.take("<=|>=|<|>"):
            self.blanks()
            return ("range", prefix + spelled(literal), operator, spelled(self.literal()))
        assert self.take(":")
        return self.value(prefix, literal)

    def value(self, prefix: str, name: Any) -> Node:
        self.blanks()
        if self.take(r"\{"):
            path = prefix + spelled(name)
            self.blanks()
            inner = self.disjunction(path + ".")
            self.blanks()
            assert self.take(r"\}")
            return ("nested", path, inner)
        field = (prefix, *name)
        if self.take(r"\("):
            self.blanks()
            inner = self.disjunction(prefix, field)
            self.blanks()
            assert self.take(r"\)")
            return inner
        return ("is", field, self.literal())

    def literal(self) -> tuple[list[str | None], bool]:
        """Characters, None for a wildcard, and whether it was quoted."""
        if self.take('"'):
            quoted = self.take(r'(?:\\[\\"]|[^"])*') or ""
            self.at += 1
            return list(re.sub(r'\\(u[0-9a-fA-F]{4}|[\\"trn])', escaped, quoted)), True
        found: list[str | None] = []
        while self.at < len(self.text) and not re.compile(r"\s+(and|or)\s", re.IGNORECASE).match(self.text, self.at):
            char = self.text[self.at]
            if char == "\\":
                found.append(self.text[self.at + 1])
                self.at += 1
            elif char == "*":
                found.append(None)
            elif char in SPECIAL:
                break
            else:
                found.append(char)
            self.at += 1
        while found and (found[-1] or "x").isspace():
            found.pop()
        return found, False


def escaped(match: re.Match[str]) -> str:
    """What a backslash in quotes makes of what follows; before anything else it is an ordinary character."""
    return (
        chr(int(match[1][1:], 16)) if match[1][0] == "u" else {"t": "\t", "r": "\r", "n": "\n"}.get(match[1], match[1])
    )


def spelled(literal: Any) -> str:
    return "".join("*" if char is None else char for char in literal[0])


def matches(query: str, document: Any) -> bool:
    return holds(Parser(query).query(), document)


def holds(node: Node, document: Any) -> bool:
    match node:
        case ("all",):
            return True
        case ("and", left, right):
            return holds(left, document) and holds(right, document)
        case ("or", left, right):
            return holds(left, document) or holds(right, document)
        case ("not", child):
            return not holds(child, document)
        case ("nested", path, child):
            return any(holds(child, {path: item}) for item in documents.objects(document, path))
        case ("range", name, operator, bound):
            return any(documents.in_range(each, name, operator, bound) for each in documents.values(document, name))
        case ("is", (prefix, name, quoted), value):
            names = [prefix + spelled((name, quoted))]
            if None in name:
                there = documents.names(document)
                names = [
                    known
                    for known in dict.fromkeys((*documents.MAPPING, *there))
                    if fnmatch.fnmatchcase(known, names[0])
                ]
                if names and len(names) == len(documents.MAPPING) and value == ([None], False):
                    return True
            return any(fits(each, known, *value) for known in names for each in documents.values(document, known))
    raise ValueError(node)


def fits(stored: Any, name: str, value: list[str | None], quoted: bool) -> bool:
    """Whether one stored value is what `field:value` asks for."""
    text = "".join("*" if char is None else char for char in value)
    if not quoted and value == [None]:
        return True
    match documents.MAPPING[name]:
        case "keyword" | "wildcard":
            return documents.glob(value, stored)
        case "text":
            tokens = documents.words(stored)
            if quoted:
                return documents.in_a_row(documents.words(text), tokens)
            if None in value:
                return any(documents.glob([char and char.lower() for char in value], token) for token in tokens)
            return any(token in tokens for token in documents.words(text))
        case "long" | "double":
            return bool(stored == float(text))
        case "boolean":
            return bool(stored == (text == "true"))
        case "date":
            return documents.start_of(text) <= stored <= documents.end_of(text)
        case "ip":
            return stored in ipaddress.ip_network(text, strict=False)
    raise ValueError(name)
