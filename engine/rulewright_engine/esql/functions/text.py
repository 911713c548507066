"""Functions of text."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from rulewright_engine.esql.functions.registry import (
    FUNCTIONS,
    BadConstant,
    Binding,
    Failure,
    FunctionKind,
    declare,
    elementwise,
    scalar,
)
from rulewright_engine.esql.functions.traits import Given, Related, Traits, Wish, the_same
from rulewright_engine.evaluate.functions.preimages import PlainTest
from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.ir.expression import Compare, Comparison, Equals, MatchesGlob, Test
from rulewright_engine.values.patterns.glob import Wild
from rulewright_engine.values.regex.java import JavaRegex, compile_java
from rulewright_engine.values.regex.syntax import RegexSyntaxError

__all__ = ["LOWER_CASE"]

MAX_TEXT_LENGTH = 1 << 20
"""Characters of a text that a function makes; Elasticsearch's bound."""


def _between_constants(call: Given, wanted: Any) -> Iterator[Wish]:
    """Literals take the text apart; what stands between two is an argument, of two without a literal the first."""
    text, waiting = string(wanted), -1
    for position, constant in enumerate(call.constants):
        if not isinstance(constant, str):
            if waiting >= 0:
                break
            waiting = position
        elif waiting < 0:
            text = text.removeprefix(constant)
        elif constant in text:
            before, _, text = text.partition(constant)
            yield Wish(waiting, before)
            waiting = -1
        else:
            break
    if waiting >= 0:
        yield Wish(waiting, text)


@scalar("concat", "string, string... -> keyword", traits=Traits(inverse=_between_constants))
def concat(*texts: str) -> str:
    return _bounded("".join(texts))


def _text_test(glob: Callable[[str], tuple[str | Wild, ...]], since: str = "") -> Traits:
    """Whether a text holds another one somewhere, as a glob says it."""
    return Traits(
        inverse=lambda call, wanted: (Related(bool(wanted)),),
        as_test=lambda part, _: MatchesGlob(glob(part)),
        minds_case=True,
        since=since,
    )


@scalar("contains", "string, string -> boolean", traits=_text_test(lambda part: (Wild.ANY, part, Wild.ANY), "9.2"))
def contains(text: str, part: str) -> bool:
    return part in text


@scalar("starts_with", "string, string -> boolean", traits=_text_test(lambda part: (part, Wild.ANY)))
def starts_with(text: str, prefix: str) -> bool:
    return text.startswith(prefix)


@scalar("ends_with", "string, string -> boolean", traits=_text_test(lambda part: (Wild.ANY, part)))
def ends_with(text: str, suffix: str) -> bool:
    return text.endswith(suffix)


def _of_length(call: Given, wanted: Any) -> tuple[Wish, ...]:
    return (Wish(0, "x" * min(int(wanted), 100_000)),)


@scalar("length", "string -> integer", traits=Traits(inverse=_of_length, common_form="length"))
def length(text: str) -> int:
    return len(text)


@scalar("byte_length", "string -> integer")
def byte_length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


@scalar("bit_length", "string -> integer")
def bit_length(text: str) -> int:
    return 8 * byte_length(text)


_PART = Traits(inverse=the_same, keeps_case=True)


@scalar("left", "string, integer -> keyword", traits=_PART)
def left(text: str, count: int) -> str:
    return text[: max(count, 0)]


@scalar("right", "string, integer -> keyword", traits=_PART)
def right(text: str, count: int) -> str:
    return text[-count:] if count > 0 else ""


@scalar("substring", "string, integer, integer? -> keyword", traits=_PART)
def substring(text: str, start: int, count: int | None = None) -> str:
    """1-based; 0 is 1, and a negative start counts from the end."""
    if count is not None and count < 0:
        raise Failure("the length of a substring is negative")
    first = start - 1 if start > 0 else max(len(text) + start, 0) if start < 0 else 0
    return text[first:] if count is None else text[first : first + count]


def _with_part(call: Given, wanted: Any) -> tuple[Wish | Related, ...]:
    if not call.is_constant(1):
        return (Related(wanted > 0),)
    return (Wish(0, call.text(1, "") if wanted > 0 else "sample"),)


def _is_found(call: Given, test: Test) -> PlainTest | None:
    """`locate(x, "part") > 0`: the text has the part somewhere."""
    if len(call.constants) != 2 or not isinstance(part := call.constants[1], str):
        return None
    holds = MatchesGlob((Wild.ANY, part, Wild.ANY))
    match test:
        case Compare(Comparison.GREATER, 0) | Compare(Comparison.GREATER_EQUAL, 1):
            return PlainTest(holds)
        case Equals(0) | Compare(Comparison.LESS, 1):
            return PlainTest(holds, holds=False)
        case _:
            return None


@scalar("locate", "string, string, integer? -> integer", traits=Traits(inverse=_with_part, preimage=_is_found))
def locate(text: str, part: str, start: int = 1) -> int:
    """The 1-based position of `part`, 0 where it is not found."""
    return text.find(part, max(start - 1, 0)) + 1


@elementwise("to_lower", "string -> keyword", traits=Traits(inverse=the_same, changes_case=str.lower))
def to_lower(text: str) -> str:
    return text.lower()


LOWER_CASE = FUNCTIONS["to_lower"]
"""What a query writes to ignore case."""


@elementwise("to_upper", "string -> keyword", traits=Traits(inverse=the_same, changes_case=str.upper))
def to_upper(text: str) -> str:
    return text.upper()


@scalar("trim", "string -> keyword", traits=_PART)
def trim(text: str) -> str:
    return text.strip()


@scalar("ltrim", "string -> keyword", traits=_PART)
def ltrim(text: str) -> str:
    return text.lstrip()


@scalar("rtrim", "string -> keyword", traits=_PART)
def rtrim(text: str) -> str:
    return text.rstrip()


@scalar("reverse", "string -> keyword")
def reverse(text: str) -> str:
    """By characters as a reader sees them: marks stay behind the letter they belong to."""
    clusters: list[str] = []
    for char in text:
        joins = unicodedata.combining(char) or unicodedata.category(char) in ("Me", "Mn", "Cf")
        if clusters and (joins or clusters[-1].endswith("\u200d")):
            clusters[-1] += char
        else:
            clusters.append(char)
    return "".join(reversed(clusters))


@scalar("repeat", "string, integer -> keyword")
def repeat(text: str, count: int) -> str:
    if count < 0:
        raise Failure("the count of repeat is negative")
    if len(text) * count > MAX_TEXT_LENGTH:
        raise Failure(f"the text is longer than {MAX_TEXT_LENGTH} characters")
    return text * count


@scalar("space", "integer -> keyword")
def space(count: int) -> str:
    return repeat(" ", count)


@declare("split", FunctionKind.SCALAR, "string, string -> keyword", traits=Traits(inverse=the_same))
def split(binding: Binding) -> Callable[[str, str], str | list[str]]:
    """The parts between delimiters of one byte, as Elasticsearch takes them."""
    delimiter = binding.constants[1]
    if isinstance(delimiter, str) and not _is_one_byte(delimiter):
        raise BadConstant(1, "a delimiter is one character of ASCII", help="bring texts into that form with `replace`")
    return _split


def _split(text: str, delimiter: str) -> str | list[str]:
    if not _is_one_byte(delimiter):
        raise Failure("the delimiter is not one character of ASCII")
    parts = text.split(delimiter)
    return parts if len(parts) > 1 else parts[0]


def _is_one_byte(text: str) -> bool:
    return len(text) == 1 and text.isascii()


@declare(
    "replace", FunctionKind.SCALAR, "string, string, string -> keyword", traits=Traits(inverse=the_same, replaces=True)
)
def replace(binding: Binding) -> Callable[[str, str, str], str]:
    """Java's regular expressions; `$1` and `${name}` in the replacement stand for groups."""
    pattern = binding.constants[1]
    if isinstance(pattern, str):
        try:
            regex = compile_java(pattern)
        except RegexSyntaxError as error:
            raise BadConstant(1, f"the pattern is no regular expression: {error}") from error
        return lambda text, _, replacement: _replace(text, regex, replacement)
    return lambda text, pattern, replacement: _replace(text, _compiled(pattern), replacement)


def _compiled(pattern: str) -> JavaRegex:
    try:
        return compile_java(pattern)
    except RegexSyntaxError as error:
        raise Failure(f"the pattern is no regular expression: {error}") from error


def _replace(text: str, regex: JavaRegex, replacement: str) -> str:
    return _bounded(regex.replace_all(text, replacement))


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT_LENGTH:
        raise Failure(f"the text is longer than {MAX_TEXT_LENGTH} characters")
    return text
