"""Syntax to a pattern of Python's `re`, which backtracks in the same order, so that groups capture the same."""

from dataclasses import replace

from rulewright_engine.values.patterns.characters import (
    ANY,
    CharacterSet,
    complement,
    of,
)
from rulewright_engine.values.regex.syntax import (
    Alternation,
    Anchor,
    Assertion,
    Atomic,
    Backreference,
    Characters,
    Group,
    Mode,
    Node,
    RegexSyntaxError,
    Repeat,
    Sequence,
    Where,
)

__all__ = ["emit"]

_QUANTIFIERS = {(0, 1): "?", (0, None): "*", (1, None): "+"}
_MODES = {Mode.GREEDY: "", Mode.LAZY: "?", Mode.POSSESSIVE: "+"}


def emit(node: Node) -> str:
    """The pattern of `node`; it needs no flags. Raises `RegexSyntaxError` for what `re` cannot express."""
    match node:
        case Characters(characters):
            return _class(characters)
        case Sequence(items):
            return "".join(map(emit, items))
        case Alternation(branches):
            return "(?:" + "|".join(map(emit, branches)) + ")"
        case Repeat():
            return _repeat(node)
        case Group(child):
            return f"({emit(child)})"
        case Atomic(child):
            return f"(?>{emit(child)})"
        case Backreference(number, ignore_case):
            return f"(?i:(?:\\{number}))" if ignore_case else f"(?:\\{number})"
        case Assertion(child, ahead, negative):
            return f"(?{'' if ahead else '<'}{'!' if negative else '='}{emit(child)})"
        case Anchor():
            return _anchor(node)


def _repeat(node: Repeat) -> str:
    bounds = (node.least, node.most)
    count = _QUANTIFIERS.get(bounds) or (
        f"{{{node.least}}}" if node.least == node.most else f"{{{node.least},{'' if node.most is None else node.most}}}"
    )
    child = emit(node.child)
    if not isinstance(node.child, Characters | Group | Alternation):
        child = f"(?:{child})"
    return f"{child}{count}{_MODES[node.mode]}"


def _class(characters: CharacterSet) -> str:
    if not characters:
        return "(?!)"
    if characters == ANY:
        return "[\\s\\S]"
    if len(characters) == 1 and characters[0][0] == characters[0][1]:
        return _escaped(characters[0][0])
    inverse = complement(characters)
    if inverse and len(inverse) < len(characters):
        return "[^" + "".join(map(_range, inverse)) + "]"
    return "[" + "".join(map(_range, characters)) + "]"


def _range(bounds: tuple[int, int]) -> str:
    first, last = bounds
    if first == last:
        return _escaped(first)
    return f"{_escaped(first)}{'' if last == first + 1 else '-'}{_escaped(last)}"


def _escaped(code: int) -> str:
    char = chr(code)
    if char.isascii() and char.isalnum():
        return char
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _anchor(anchor: Anchor) -> str:
    newline = _class(anchor.newlines) if anchor.newlines else "(?!)"
    has_return = anchor.newlines != of("\n")
    match anchor.where:
        case Where.TEXT_START:
            return r"\A"
        case Where.TEXT_END:
            return r"\Z"
        case Where.LINE_START:
            # not behind a line end that ends the text, and not inside of \r\n
            inside = r"(?!(?<=\r)\n)" if has_return else ""
            return rf"(?:\A|(?<={newline})(?!\Z){inside})"
        case Where.LINE_START_IN_TEXT:
            return rf"(?!\Z){_anchor(replace(anchor, where=Where.LINE_START))}"
        case Where.LINE_END:
            inside = r"(?!(?<=\r)\n)" if has_return else ""
            return rf"(?:\Z|(?={newline}){inside})"
        case Where.LAST_LINE_END:
            pair = r"\r\n\Z|" if has_return else ""
            inside = r"(?!(?<=\r)\n)" if has_return else ""
            return rf"(?:\Z|(?={pair}{newline}\Z){inside})"
        case _:
            return _boundary(anchor)


def _boundary(anchor: Anchor) -> str:
    word = _class(anchor.word)
    if not anchor.word:
        raise RegexSyntaxError("a boundary between words needs word characters")
    at = rf"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
    return at if anchor.where is Where.WORD_BOUNDARY else rf"(?!{at})"
