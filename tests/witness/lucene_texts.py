"""Lucene query strings: parts of given ones, put together and damaged; the same for the same seed."""

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["texts"]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|/(?:[^/\\\s]|\\.)*/|[\[{][^\]}]*[\]}]|[\w.@-]+|\\.|\s+|.', re.DOTALL)
_PIECES: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("lucene_pieces.toml").read_text(encoding="utf-8")
)
PIECES, JOINTS, SIGNS = (_PIECES[name] for name in ("pieces", "joints", "signs"))


def texts(queries: Sequence[str], count: int, *, seed: int) -> Iterator[str]:
    """`count` texts: one to three parts joined, most with an accident; now and then one of `queries`, damaged."""
    chance = random.Random(seed)
    for _ in range(count):
        if queries and chance.random() < 0.25:
            tokens = _TOKEN.findall(chance.choice(queries))
            start = chance.randrange(len(tokens) or 1)
            tokens = tokens[start : start + 30] if chance.random() < 0.7 else tokens[:200]
        else:
            tokens = _TOKEN.findall(_joined(chance))
        for _ in range(chance.choice((0, 0, 1, 1, 1, 2))):
            tokens = _damaged(chance, tokens)
        yield "".join(tokens)


def _joined(chance: random.Random) -> str:
    text = chance.choice(PIECES)
    for _ in range(chance.choice((0, 1, 1, 2))):
        text += chance.choice(JOINTS) + chance.choice(PIECES)
    return f"({text})" if chance.random() < 0.2 else text


def _damaged(chance: random.Random, tokens: list[str]) -> list[str]:
    at = chance.randint(0, len(tokens))
    match chance.randrange(6):
        case 0:
            return tokens[:at] + tokens[at + 1 :]
        case 1:
            return [*tokens[:at], *tokens[max(0, at - 1) :]]
        case 2:
            return [*tokens[:at], chance.choice(SIGNS), *tokens[at:]]
        case 3:
            return [*tokens[:at], chance.choice(SIGNS), *tokens[at + 1 :]]
        case 4:
            return [*tokens[:at], f" {chance.choice(SIGNS)} ", *tokens[at:]]
        case _:
            text = "".join(tokens)
            cut = chance.randint(0, len(text))
            return [text[:cut], chance.choice(SIGNS) if chance.random() < 0.5 else "", text[cut + 1 :]]
