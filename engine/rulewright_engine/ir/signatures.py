"""The signatures of functions, written as text: `string, string, integer? -> keyword`.

A parameter is a type, a group of types, or several of them between `|`. `name:` in front names it for messages, `!`
asks for a constant, a trailing `?` makes it optional, `...` lets the last one repeat. Where `null` is one of the types
that are written, the function sees a null itself. The result behind `->` is a type, or a word that the registry
resolves from the arguments (`first`, `widest`, ...); `case` also lets conditions and values alternate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Parameter", "Signature", "parse_signature"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T]):
    """`types` are those that it takes, `text` is how the signature writes them."""

    types: frozenset[T]
    text: str
    name: str = ""
    constant: bool = False
    optional: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Signature(Generic[T]):
    """`required` parameters must be given; the last one repeats where `repeats`."""

    parameters: tuple[Parameter[T], ...]
    result: str
    repeats: bool = False

    @property
    def required(self) -> int:
        return sum(not parameter.optional for parameter in self.parameters)

    def accepts_count(self, count: int) -> bool:
        return self.required <= count and (self.repeats or count <= len(self.parameters))

    def parameter(self, position: int, count: int) -> Parameter[T]:
        """What stands at `position` of `count` arguments."""
        if self.result == "case":
            return self.parameters[0 if position % 2 == 0 and position + 1 < count else 1]
        return self.parameters[min(position, len(self.parameters) - 1)]


def parse_signature(text: str, types: Mapping[str, frozenset[T]]) -> Signature[T]:
    """The signature that `text` writes; `types` are the names that may stand in it, of types and of their groups.

    >>> signature = parse_signature("!text: string, count: whole? -> first", {"string": {"s"}, "whole": {"i"}})
    >>> [parameter.name for parameter in signature.parameters], signature.required, signature.result
    (['text', 'count'], 1, 'first')
    """
    inputs, _, result = text.partition("->")
    parts = [part.strip() for part in inputs.split(",") if part.strip()]
    repeats = bool(parts) and parts[-1].endswith("...")
    return Signature(tuple(_parameter(part, types) for part in parts), result.strip(), repeats)


def _parameter(text: str, types: Mapping[str, frozenset[T]]) -> Parameter[T]:
    bare = text.strip("!?").removesuffix("...")
    name, _, written = bare.rpartition(":")
    names = written.strip().split("|")
    return Parameter(
        types=frozenset().union(*(types[each] for each in names)),
        text=" or ".join(each for each in names if each != "null"),
        name=name,
        constant=text.startswith("!"),
        optional=text.endswith("?"),
        nullable="null" in names,
    )
