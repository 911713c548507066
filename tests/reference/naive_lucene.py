"""Lucene query strings, read from section B3 of the facts on semantics. Shares no code with the engine."""

import fnmatch
import ipaddress
import re
from typing import Any

from reference import naive_documents as documents

Node = tuple[Any, ...]
TOKEN = re.compile(
    r'\s+|(?P<range>[\[{]\s*(?:"[^"]*"|[^\s\]}]+)\s+TO\s+(?:"[^"]*"|[^\s\]}]+)\s*[\]}])|(?P<regex>/(?:\\.|[^/\\])*/)'
    r'|(?P<phrase>"(?:\\.|[^"\\])*")|(?P<symbol>&&|\|\||[()+!:-]|\^\d+|[<>]=?)'
    r"|(?P<word>(?:\\.|[^\s()\[\]{}:\"~^\\/<>+!-])(?:\\.|[^\s()\[\]{}:\"~^\\/<>!])*)"
)


class Parser:
    """A query is a row of clauses; `AND` makes both its neighbours required, `OR` changes nothing."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = TOKEN.match(text, at)
            assert match, text[at:]
            at = match.end()
            if match.lastgroup:
                self.tokens.append((match.lastgroup, match[match.lastgroup]))
        self.tokens.append(("end", ""))

    def take(self, *texts: str) -> str | None:
        return self.tokens.pop(0)[1] if self.tokens[0][1] in texts else None

    def query(self, field: str | None = None) -> Node:
        clauses: list[list[Any]] = []
        while self.tokens[0] != ("end", "") and self.tokens[0][1] != ")":
            joins = self.take("AND", "&&")
            if joins and clauses[-1][0] != "must not":
                clauses[-1][0] = "must"
            if not joins:
                self.take("OR", "||")
            sign = self.take("+", "-", "!", "NOT")
            occurs = "must not" if sign and sign != "+" else "must" if sign or joins else "should"
            clauses.append([occurs, self.clause(field)])
        return ("group", clauses)

    def clause(self, field: str | None) -> Node:
        kind, text = self.tokens.pop(0)
        if (kind, text) == ("symbol", "("):
            found = self.query(field)
            assert self.take(")")
        elif self.take(":"):
            found = self.clause(unescaped(text))
        else:
            found = ("all",) if text == "*" and field in (None, "*") else self.value(field, kind, text)
        if self.tokens[0][1].startswith("^"):
            self.tokens.pop(0)
        return found

    def value(self, field: str | None, kind: str, text: str) -> Node:
        assert field is not None, text
        if kind == "symbol":
            return ("range", field, [(text, bare(self.tokens.pop(0)[1]))])
        if kind == "range":
            low, high = re.split(r"\s+TO\s+", text[1:-1].strip())
            sides = [(">=" if text[0] == "[" else ">", bare(low)), ("<=" if text[-1] == "]" else "<", bare(high))]
            return ("range", field, [(operator, bound) for operator, bound in sides if bound != "*"])
        if field == "_exists_":
            return ("exists", unescaped(text))
        if text == "*":
            return ("exists", field)
        return (kind, field, text)


def bare(text: str) -> str:
    return text[1:-1] if text.startswith('"') else unescaped(text)


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def matches(query: str, document: Any) -> bool:
    return holds(Parser(query).query(), document) if query.strip() else True


def holds(node: Node, document: Any) -> bool:
    match node:
        case ("all",):
            return True
        case ("group", clauses):
            truths = [(occurs, holds(child, document)) for occurs, child in clauses]
            wanted = [truth for occurs, truth in truths if occurs == "should"]
            if any(occurs == "must" for occurs, _ in truths):
                wanted = []  # optional clauses beside required ones decide nothing
            return (
                all(truth for occurs, truth in truths if occurs == "must")
                and not any(truth for occurs, truth in truths if occurs == "must not")
                and (any(wanted) or not wanted)
            )
        case ("exists", name):
            return any(documents.values(document, each) for each in names(name))
        case ("range", name, bounds):
            stored = [(each, known) for known in names(name) for each in documents.values(document, known)]
            return any(all(documents.in_range(each, known, *bound) for bound in bounds) for each, known in stored)
        case (kind, name, text):
            return any(
                fits(each, known, kind, text) for known in names(name) for each in documents.values(document, known)
            )
    raise ValueError(node)


def names(name: str) -> list[str]:
    """The fields that a name with `*` stands for."""
    return [known for known in documents.MAPPING if fnmatch.fnmatchcase(known, name)] if "*" in name else [name]


def pattern_of(text: str) -> list[str | None]:
    """Characters, None for `*`, the empty text for `?`; what a backslash precedes is ordinary."""
    parts = re.findall(r"\\.|.", text, re.DOTALL)
    return [part[1] if part[0] == "\\" and len(part) == 2 else {"*": None, "?": ""}.get(part, part) for part in parts]


def fits(stored: Any, name: str, kind: str, text: str) -> bool:
    pattern = list(unescaped(text[1:-1])) if kind == "phrase" else pattern_of(text)
    plain = "".join(char or "" for char in pattern)
    family = documents.MAPPING[name]
    if kind == "regex":
        return any(re.fullmatch(text[1:-1], each, re.DOTALL) for each in terms(stored, family))
    match family:
        case "keyword" | "wildcard":
            return documents.glob(pattern, stored)
        case "text":
            tokens = documents.words(stored)
            if kind == "phrase":
                return documents.in_a_row(documents.words(plain), tokens)
            if None in pattern or "" in pattern:
                return any(documents.glob([char and char.lower() for char in pattern], token) for token in tokens)
            return any(word in tokens for word in documents.words(plain))
        case "long" | "double":
            return bool(stored == float(plain))
        case "boolean":
            return bool(stored == (plain == "true"))
        case "date":
            return documents.start_of(plain) <= stored <= documents.end_of(plain)
        case "ip":
            return stored in ipaddress.ip_network(plain, strict=False)
    raise ValueError(name)


def terms(stored: Any, family: str) -> list[str]:
    return documents.words(stored) if family == "text" else [stored]
