"""EQL for single events, read from section B1 of the facts on semantics. Shares no code with the engine."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from reference import naive_documents as documents

TOKEN = re.compile(
    r'\s+|//[^\n]*|/\*.*?\*/|(?P<raw>"""(?:.*?)"""+)|(?P<text>"(?:\\.|[^"\\])*")|(?P<number>\d+(?:\.\d+)?)'
    r"|(?P<name>\??(?:`[^`]+`|[A-Za-z_@][\w@]*)(?:\.(?:`[^`]+`|[\w@]+))*~?)|(?P<symbol>==|!=|<=|>=|[<>():,+\-*/%=!|\[\]])",
    re.DOTALL,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

Node = tuple[Any, ...]


def tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        assert match, text[at:]
        at = match.end()
        if match.lastgroup:
            found.append((match.lastgroup, match[match.lastgroup]))
    return [*found, ("end", "")]


class Parser:
    """Precedence, tight to loose: primary, predicate, sign, `* / %`, `+ -`, one comparison, not, and, or."""

    def __init__(self, text: str, category_field: str = "event.category") -> None:
        self.tokens = tokens(text)
        self.category_field = category_field

    def take(self, *words: str) -> str | None:
        kind, word = self.tokens[0]
        if kind in ("symbol", "name") and word in words:
            self.tokens.pop(0)
            return word
        return None

    def query(self) -> Node:
        found = self.joined() if self.tokens[0][1] in ("sequence", "sample") else ("events", self.event())
        pipes = []
        while self.take("|"):
            pipes.append((self.tokens.pop(0)[1], int(self.tokens.pop(0)[1])))
        assert self.tokens[0][0] == "end", self.tokens
        return ("pipes", found, pipes) if pipes else found

    def event(self) -> Node:
        category = self.tokens.pop(0)[1]
        assert self.take("where")
        condition = self.disjunction()
        if category == "any":
            return condition
        return ("and", ("compare", "==", ("field", self.category_field), ("literal", string(category))), condition)

    def joined(self) -> Node:
        """A sequence or a sample: (kind, stages, maxspan in milliseconds, until); a stage is a `Stage`."""
        kind = self.tokens.pop(0)[1]
        shared: list[str] = []
        maxspan = None
        while word := self.take("by", "with"):
            if word == "by":
                shared = self.names()
            else:
                assert self.take("maxspan") and self.take("=")
                maxspan = int(self.tokens.pop(0)[1]) * UNITS[self.tokens.pop(0)[1]]
        stages = []
        while self.tokens[0][1] in ("[", "!"):
            stages += self.stages(shared)
        until = self.stages(shared)[0] if self.take("until") else None
        return (kind, stages, maxspan, until)

    def stages(self, shared: list[str]) -> list[Node]:
        missing = bool(self.take("!"))
        assert self.take("[")
        condition = self.event()
        assert self.take("]")
        keys = shared + (self.names() if self.take("by") else [])
        runs = 1
        if self.take("with"):
            assert self.take("runs") and self.take("=")
            runs = int(self.tokens.pop(0)[1])
        return [("stage", condition, keys, missing)] * runs

    def names(self) -> list[str]:
        found = [self.tokens.pop(0)[1].replace("`", "")]
        while self.take(","):
            found.append(self.tokens.pop(0)[1].replace("`", ""))
        return found

    def disjunction(self) -> Node:
        left = self.conjunction()
        while self.take("or"):
            left = ("or", left, self.conjunction())
        return left

    def conjunction(self) -> Node:
        left = self.negation()
        while self.take("and"):
            left = ("and", left, self.negation())
        return left

    def negation(self) -> Node:
        return ("not", self.negation()) if self.take("not") else self.comparison()

    def comparison(self) -> Node:
        left = self.sum()
        operator = self.take("==", "!=", "<", "<=", ">", ">=")
        return ("compare", operator, left, self.sum()) if operator else left

    def sum(self) -> Node:
        left = self.product()
        while operator := self.take("+", "-"):
            left = ("call", operator, False, [left, self.product()])
        return left

    def product(self) -> Node:
        left = self.sign()
        while operator := self.take("*", "/", "%"):
            left = ("call", operator, False, [left, self.sign()])
        return left

    def sign(self) -> Node:
        if self.take("-"):
            return ("call", "negate", False, [self.sign()])
        return self.predicate()

    def predicate(self) -> Node:
        left = self.primary()
        negated = self.tokens[0][1] == "not" and self.tokens[1][1] in ("in", "in~")
        if negated:
            self.take("not")
        word = self.take("in", "in~", ":", "like", "like~", "regex", "regex~")
        if word is None:
            return left
        literals = self.arguments() if self.take("(") else [self.sign()]
        ignore = word.endswith("~") or word == ":"
        kind = {"in": "equal", ":": "glob", "like": "glob", "regex": "regex"}[word.removesuffix("~")]
        found: Node = (kind, ignore, left, [literal[1] for literal in literals])
        return ("not", found) if negated else found

    def primary(self) -> Node:
        kind, word = self.tokens.pop(0)
        match kind:
            case "text" | "raw":
                return ("literal", string(word))
            case "number":
                return ("literal", float(word) if "." in word else int(word))
            case "symbol":
                assert word == "(", word
                inner = self.disjunction()
                assert self.take(")")
                return inner
        if word in ("true", "false", "null"):
            return ("literal", {"true": True, "false": False, "null": None}[word])
        if self.take("("):
            return ("call", word.removesuffix("~").lower(), word.endswith("~"), self.arguments())
        return ("field", word.removeprefix("?").replace("`", ""))

    def arguments(self) -> list[Node]:
        found = [self.disjunction()]
        while self.take(","):
            found.append(self.disjunction())
        assert self.take(")")
        return found


def string(token: str) -> str:
    if token.startswith('"""'):
        return token[3:-3]
    if token.startswith('"'):
        return re.sub(r"\\(u\{\w+\}|.)", lambda match: escaped(match[1]), token[1:-1])
    return token


def escaped(text: str) -> str:
    return chr(int(text[2:-1], 16)) if text.startswith("u{") else ESCAPES[text]


# Conditions of a document: two-valued, `not` is the complement


def matches(query: str, document: Any) -> bool:
    kind, condition = Parser(query).query()
    assert kind == "events"
    return holds(condition, document)


def holds(node: Node, document: Any) -> bool:
    match node:
        case ("and", left, right):
            return holds(left, document) and holds(right, document)
        case ("or", left, right):
            return holds(left, document) or holds(right, document)
        case ("not", child):
            return not holds(child, document)
        case ("compare", "!=", left, right):
            return not holds(("compare", "==", left, right), document)
        case _:
            return any(value(node, choice) is True for choice in choices(node, document))


def choices(node: Node, document: Any) -> Iterator[dict[str, Any]]:
    names = sorted(set(fields(node)))
    for chosen in product(*(documents.values(document, name) or [None] for name in names)):
        yield dict(zip(names, chosen, strict=True))


def fields(node: Any) -> Iterator[str]:
    if isinstance(node, tuple) and node[0] == "field":
        yield node[1]
    elif isinstance(node, tuple | list):
        for part in node:
            yield from fields(part)


# Values: three-valued


def value(node: Node, choice: dict[str, Any]) -> Any:
    match node:
        case ("literal", constant):
            return constant
        case ("field", name):
            return choice[name]
        case ("and", left, right):
            sides = [value(left, choice), value(right, choice)]
            return False if False in sides else None if None in sides else True
        case ("or", left, right):
            sides = [value(left, choice), value(right, choice)]
            return True if True in sides else None if None in sides else False
        case ("not", child):
            inner = value(child, choice)
            return None if inner is None else not inner
        case ("compare", operator, left, right):
            return compared(operator, left, right, choice)
        case ("call", name, ignore, arguments):
            return call(name, ignore, [value(argument, choice) for argument in arguments])
        case (kind, ignore, left, wanted):
            inner = value(left, choice)
            return None if inner is None else any(is_like(kind, ignore, inner, each) for each in wanted)
    raise ValueError(node)


def compared(operator: str, left: Node, right: Node, choice: dict[str, Any]) -> bool | None:
    if ("literal", None) in (left, right) and operator in ("==", "!="):
        same = value(left, choice) is None and value(right, choice) is None
        return same if operator == "==" else not same
    one, other = value(left, choice), value(right, choice)
    if one is None or other is None:
        return None
    if left[0] == "literal":
        one = alike(one, other)
    if right[0] == "literal":
        other = alike(other, one)
    match operator:
        case "==":
            return bool(one == other)
        case "!=":
            return bool(one != other)
        case "<":
            return bool(one < other)
        case "<=":
            return bool(one <= other)
        case ">":
            return bool(one > other)
    return bool(one >= other)


def alike(literal: Any, stored: Any) -> Any:
    """A literal as it is compared: a text beside a date or an address is one, a number beside a text is one."""
    if isinstance(literal, str) and not isinstance(stored, str):
        return documents.moment(literal) if isinstance(stored, int) else documents.address(literal)
    return text_of(literal) if isinstance(stored, str) else literal


def is_like(kind: str, ignore: bool, one: Any, pattern: Any) -> bool:
    if not isinstance(pattern, str) or not isinstance(one, str):
        return bool(one == alike(pattern, one))
    if kind == "regex":
        return re.fullmatch(python_regex(pattern, ignore), one, re.DOTALL | re.ASCII) is not None
    if ignore:
        one, pattern = documents.folded(one), documents.folded(pattern)
    if kind == "equal":
        return one == pattern
    return documents.glob([{"*": None, "?": ""}.get(char, char) for char in pattern], one)


def python_regex(pattern: str, ignore: bool) -> str:
    """A pattern of Lucene in Python's dialect; ranges mind the case of letters in any case."""
    pieces = re.findall(r"\[(?:\\.|[^\]\\])*\]|\\.|.", pattern, re.DOTALL)
    return "".join(characters(piece, ignore) if len(piece) > 2 else literal(piece, ignore) for piece in pieces)


def literal(piece: str, ignore: bool) -> str:
    assert piece not in '"#@&<>~', piece
    if ignore and piece.isalpha():
        return f"[{piece.lower()}{piece.upper()}]"
    return "\\" + piece if piece in "^$" else piece


def characters(piece: str, ignore: bool) -> str:
    sign, inner = re.fullmatch(r"\[(\^?)(.*)\]", piece, re.DOTALL).groups()  # type: ignore[union-attr]
    members = re.findall(r"(?:\\.|[^\\])-(?:\\.|[^\\])|\\.|.", inner, re.DOTALL)
    both = [member.lower() + member.upper() if ignore and member.isalpha() else member for member in members]
    return f"[{sign}{''.join(both).replace('[', chr(92) + '[')}]"


def call(name: str, ignore: bool, given: list[Any]) -> Any:
    if name == "substring":
        return None if given[0] is None else given[0][given[1] : (given[2:] or [None])[0]]
    if name == "indexof" and given[2:] == [None]:
        given = given[:2]
    if None in given:
        return None
    if ignore and name != "between":
        given = [documents.folded(each) if isinstance(each, str) else each for each in given]
    return FUNCTIONS[name](*given, ignore) if name == "between" else FUNCTIONS[name](*given)


def text_of(each: Any) -> str:
    return str(each).lower() if isinstance(each, bool) else str(each)


def quotient(left: float, right: float) -> float | None:
    if right == 0:
        return None
    return int(left / right) if isinstance(left, int) and isinstance(right, int) else left / right


def remainder(left: float, right: float) -> float | None:
    if right == 0:
        return None
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def index_of(text: str, part: str, start: int = 0) -> int | None:
    places = [i for i in range(max(start, 0), len(text) + 1) if text[i : i + len(part)] == part]
    return places[0] if places else None


def between(text: str, left: str, right: str, *more: bool) -> str | None:
    *greedy, ignore = more
    if ignore:
        return between_in(documents.folded(text), documents.folded(left), documents.folded(right), any(greedy), text)
    return between_in(text, left, right, any(greedy), text)


def between_in(searched: str, left: str, right: str, greedy: bool, text: str) -> str | None:
    start = index_of(searched, left)
    if start is None:
        return None
    start += len(left)
    ends = [i for i in range(start, len(searched) + 1) if searched[i : i + len(right)] == right]
    return text[start : ends[-1 if greedy else 0]] if ends else None


def number(text: str, base: int = 10) -> float | None:
    try:
        return int(text, base)
    except ValueError:
        return None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": quotient,
    "%": remainder,
    "add": lambda left, right: left + right,
    "subtract": lambda left, right: left - right,
    "multiply": lambda left, right: left * right,
    "divide": quotient,
    "modulo": remainder,
    "negate": lambda number: -number,
    "between": between,
    "cidrmatch": lambda where, *nets: any(documents.within(documents.address(str(where)), net) for net in nets),
    "concat": lambda *parts: "".join(map(text_of, parts)),
    "endswith": lambda text, end: text[len(text) - len(end) :] == end if len(end) <= len(text) else False,
    "startswith": lambda text, start: text[: len(start)] == start,
    "stringcontains": lambda text, part: part != "" and index_of(text, part) is not None,
    "indexof": index_of,
    "length": lambda text: sum(1 + (ord(each) > 0xFFFF) for each in text),
    "number": number,
    "string": text_of,
}
