"""One-field conditions in the words of z3. Shares no code with the solver, the patterns or the folding of the engine.

The field is one value or a few: a text, an integer (numbers, dates, addresses), a real or a boolean. Whoever asks has
made sure that the field is there.
"""

import ipaddress
from collections.abc import Callable, Sequence
from functools import cache, reduce
from typing import Any

import z3

from rulewright_engine.ir.expression import (
    Between,
    Call,
    Compare,
    Equals,
    Exists,
    Field,
    FieldType,
    InNetwork,
    IsTrue,
    Leaf,
    Literal,
    MatchesGlob,
    MatchesRegex,
    Scalar,
    Test,
)
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["Untranslated", "constant", "holds", "variable"]

TEXTS = frozenset({FieldType.KEYWORD, FieldType.WILDCARD})
LONGS = frozenset({FieldType.LONG, FieldType.DATE})
MAPPED = int(ipaddress.ip_address("::ffff:0:0"))


class Untranslated(Exception):
    """z3 is not asked about such a condition."""


def variable(type_: FieldType, name: str) -> tuple[Any, list[Any]]:
    """An unknown value of a field of the type, and what bounds it."""
    if type_ in TEXTS:
        return z3.String(name), []
    if type_ in LONGS:
        value = z3.Int(name)
        return value, [value >= -(2**63), value < 2**63]
    if type_ is FieldType.IP:
        value = z3.Int(name)
        return value, [value >= 0, value < 2**128]
    if type_ is FieldType.DOUBLE:
        return z3.Real(name), []
    if type_ is FieldType.BOOLEAN:
        return z3.Bool(name), []
    raise Untranslated(type_)


def constant(type_: FieldType, value: Any) -> Any:
    """A value of a field of the type."""
    if type_ in TEXTS:
        return text(value)
    if type_ in LONGS:
        return z3.IntVal(value)
    if type_ is FieldType.IP:
        return z3.IntVal(number_of(value))
    return z3.RealVal(repr(value)) if type_ is FieldType.DOUBLE else z3.BoolVal(value)


def holds(leaf: Leaf, value: Any) -> Any:
    """That the condition is true of the value of its only field."""
    type_ = next(leaf.value.fields()).type
    match leaf.value:
        case Field():
            return passes(leaf.test, type_, value)
        case Call("string", (Field(),)) if type_ in TEXTS:
            return passes(leaf.test, type_, value)
        case Call(name, (Field(), *rest), insensitive) if type_ in TEXTS:
            return of_function(name, [constant_of(part) for part in rest], insensitive, leaf.test, value)
        case _:
            raise Untranslated(leaf.text)


def constant_of(value: Any) -> Scalar:
    if isinstance(value, Literal):
        return value.value
    raise Untranslated(value)


def of_function(name: str, rest: list[Any], insensitive: bool, test: Test, value: Any) -> Any:
    match name, rest, test:
        case "startswith", [str(part)], IsTrue():
            return z3.InRe(value, row(canonical_form(part, insensitive), ANY_TEXT))
        case "endswith", [str(part)], IsTrue():
            return z3.InRe(value, row(ANY_TEXT, canonical_form(part, insensitive)))
        case "stringcontains", [str(part)], IsTrue() if part:
            return z3.InRe(value, row(ANY_TEXT, canonical_form(part, insensitive), ANY_TEXT))
        case "indexof", [str(part)], Exists():
            return z3.InRe(value, row(ANY_TEXT, canonical_form(part, insensitive), ANY_TEXT))
        case "length", [], Equals() | Compare():
            return passes(test, FieldType.LONG, z3.Length(value))
        case "substring", [int(start)], Equals(str(), False) if start >= 0:
            return passes(test, FieldType.KEYWORD, z3.SubString(value, start, z3.Length(value)))
        case "substring", [int(start), int(end)], Equals(str(), False) if 0 <= start <= end:
            return passes(test, FieldType.KEYWORD, z3.SubString(value, start, end - start))
        case _:
            raise Untranslated(name)


def passes(test: Test, type_: FieldType, value: Any) -> Any:
    match test:
        case Exists():
            return z3.BoolVal(True)
        case IsTrue():
            return value if type_ is FieldType.BOOLEAN else z3.BoolVal(False)
        case Between(low, high):
            return z3.And(passes(low, type_, value), passes(high, type_, value))
        case Equals(str(same), True):
            return z3.InRe(value, canonical_form(same, True))
        case Equals(same):
            return value == bound_of(same, type_)
        case Compare(operator, limit):
            return compared(operator, value, bound_of(limit, type_))
        case InNetwork(network):
            return within(network, value)
        case MatchesGlob(parts, insensitive):
            wild = {Wild.ANY: ANY_TEXT, Wild.ONE: ANY_CHARACTER}
            pieces = (wild[part] if isinstance(part, Wild) else canonical_form(part, insensitive) for part in parts)
            return z3.InRe(value, row(*pieces))
        case MatchesRegex(pattern, insensitive):
            return z3.InRe(value, Regex(pattern, insensitive).whole())
        case _:
            raise Untranslated(test)


def bound_of(bound: Any, type_: FieldType) -> Any:
    """The bound of a comparison; an integer may be compared with a fraction."""
    if type_ in TEXTS or type_ is FieldType.IP or type_ is FieldType.BOOLEAN:
        return constant(type_, bound)
    return z3.RealVal(repr(bound)) if isinstance(bound, float) else z3.IntVal(bound)


def compared(operator: str, value: Any, limit: Any) -> Any:
    orders: dict[str, Callable[[], Any]] = {
        "<": lambda: value < limit,
        "<=": lambda: value <= limit,
        ">": lambda: limit < value,
        ">=": lambda: limit <= value,
    }
    return orders[operator]()


def number_of(address: str) -> int:
    found = ipaddress.ip_address(address)
    return int(found) + (MAPPED if found.version == 4 else 0)


def within(network: str, value: Any) -> Any:
    """An IPv6 network holds no IPv4 address, unless it is a network of IPv4-mapped addresses."""
    net = ipaddress.ip_network(network, strict=False)
    base = MAPPED if net.version == 4 else 0
    inside = [value >= base + int(net[0]), value <= base + int(net[-1])]
    if net.version == 6 and net.prefixlen < 96:
        inside.append(z3.Or(value < MAPPED, value >= MAPPED + 2**32))
    return z3.And(inside)


# Texts and regular expressions


def text(value: str) -> Any:
    """z3 reads `\\u{...}` in a text, so a backslash is written so itself."""
    return z3.StringVal(
        "".join(char if " " <= char <= "~" and char != "\\" else f"\\u{{{ord(char):x}}}" for char in value)
    )


TEXT_SORT = z3.ReSort(z3.StringSort())
ANY_CHARACTER = z3.AllChar(TEXT_SORT)
ANY_TEXT = z3.Full(TEXT_SORT)
NO_TEXT = z3.Empty(TEXT_SORT)
EMPTY_TEXT = z3.Re("")


def row(*parts: Any) -> Any:
    return z3.Concat(*parts) if len(parts) > 1 else (parts[0] if parts else EMPTY_TEXT)


def any_of(parts: Sequence[Any]) -> Any:
    return z3.Union(*parts) if len(parts) > 1 else (parts[0] if parts else NO_TEXT)


def canonical_form(literal: str, insensitive: bool) -> Any:
    if not insensitive:
        return z3.Re(text(literal))
    return row(*(one_of(variants(char)) for char in literal))


@cache
def one_of(chars: str) -> Any:
    return any_of([z3.Re(text(char)) for char in chars])


@cache
def variants(char: str) -> str:
    """Every character that folds as this one does: Unicode's simple folding, looked up the slow way."""
    return "".join(sorted(folds()[folded(char)]))


@cache
def folds() -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for code in (*range(0xD800), *range(0xE000, 0x20000)):
        groups.setdefault(folded(chr(code)), set()).add(chr(code))
    return groups


def folded(char: str) -> str:
    full = char.casefold()
    return full if len(full) == 1 else char.lower() if len(char.lower()) == 1 else char


CLASSES = {
    "d": [("0", "9")],
    "s": [(" ", " "), ("\t", "\t"), ("\n", "\n"), ("\r", "\r")],
    "w": [("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")],
}


class Regex:
    """Lucene's regular expressions, as far as rules use them: read character by character into z3's."""

    def __init__(self, pattern: str, insensitive: bool) -> None:
        self.rest = list(pattern)
        self.insensitive = insensitive

    def whole(self) -> Any:
        found = self.alternatives() if self.rest else EMPTY_TEXT
        if self.rest:
            raise Untranslated("".join(self.rest))
        return found

    def take(self, char: str) -> bool:
        if self.rest[:1] == [char]:
            self.rest.pop(0)
            return True
        return False

    def alternatives(self) -> Any:
        found = [self.both()]
        while self.take("|"):
            found.append(self.both())
        return any_of(found)

    def both(self) -> Any:
        found = [self.sequence()]
        while self.take("&"):
            found.append(self.sequence())
        return reduce(z3.Intersect, found)

    def sequence(self) -> Any:
        found = [self.repeated()]
        while self.rest and self.rest[0] not in "|&)":
            found.append(self.repeated())
        return row(*found)

    def repeated(self) -> Any:
        if self.take("~"):
            return z3.Complement(self.repeated_atom(nothing_behind=True))
        return self.repeated_atom()

    def repeated_atom(self, nothing_behind: bool = False) -> Any:
        found = self.atom()
        while self.rest and self.rest[0] in "*+?{":
            if nothing_behind:  # what is repeated then: rules do not need to know
                raise Untranslated("~")
            found = self.times(found, self.rest.pop(0))
        return found

    def times(self, found: Any, operator: str) -> Any:
        if operator != "{":
            return {"*": z3.Star, "+": z3.Plus, "?": z3.Option}[operator](found)
        inside = ""
        while not self.take("}"):
            inside += self.rest.pop(0)
        least, comma, most = inside.partition(",")
        if comma and not most:
            return row(z3.Loop(found, int(least), int(least)) if int(least) else EMPTY_TEXT, z3.Star(found))
        low, high = int(least), int(most or least)
        return z3.Loop(found, low, high) if high else EMPTY_TEXT

    def atom(self) -> Any:
        char = self.rest.pop(0)
        match char:
            case "(":
                found = EMPTY_TEXT if self.rest[:1] == [")"] else self.alternatives()
                if not self.take(")"):
                    raise Untranslated(char)
                return found
            case "[":
                return self.characters()
            case ".":
                return ANY_CHARACTER
            case "@":
                return ANY_TEXT
            case "#":
                return NO_TEXT
            case '"' | "<":
                raise Untranslated(char)
            case "\\":
                return self.escaped()
            case _:
                return self.literal(char)

    def escaped(self) -> Any:
        char = self.rest.pop(0)
        if char.lower() not in CLASSES:
            return self.literal(char)
        members = any_of([z3.Range(first, last) for first, last in CLASSES[char.lower()]])
        return members if char.islower() else other_than(members)

    def literal(self, char: str) -> Any:
        return one_of(variants(char) if self.insensitive else char)

    def characters(self) -> Any:
        negated = self.take("^")
        members: list[Any] = []
        while not self.take("]"):
            char = self.rest.pop(0)
            if char == "\\" and self.rest[0].lower() in CLASSES:
                members.append(self.escaped())
                continue
            char = self.rest.pop(0) if char == "\\" else char
            if self.take("-"):
                last = self.rest.pop(0)
                last = self.rest.pop(0) if last == "\\" else last
                members.append(z3.Range(text(char), text(last)))
            else:
                members.append(self.literal(char))
        return other_than(any_of(members)) if negated else any_of(members)


def other_than(members: Any) -> Any:
    """One character that is none of the members."""
    return z3.Intersect(ANY_CHARACTER, z3.Complement(members))
