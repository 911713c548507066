"""Problems about one field: literals of public rules, and generated ones where rules give few of a kind."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Exists,
    Field,
    Leaf,
    Not,
)
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import EsqlQuery, Language, Query, Sample
from rulewright_engine.ir.query import Sequence as EventSequence
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.rules.rule_query import rule_query
from rulewright_schema.config import Config
from support.rules import loaded

__all__ = ["Problem", "corpus_problems", "generated_problems"]


@dataclass(frozen=True)
class Problem:
    """The field has a value (one, or with `multi_valued` any number), and each condition is as true as asked."""

    origin: str
    field: Field
    literals: tuple[tuple[Leaf, bool], ...]
    multi_valued: bool

    @property
    def condition(self) -> Condition:
        there = Leaf(self.field, Exists(), f"{self.field.name} != null")
        return And((there, *(leaf if wanted else Not(leaf) for leaf, wanted in self.literals)))

    def __str__(self) -> str:
        literals = " and ".join(leaf.text if wanted else f"not ({leaf.text})" for leaf, wanted in self.literals)
        return f"{self.origin}: {literals}{' (several values)' if self.multi_valued else ''}"


# Of rules


def corpus_problems(paths: Sequence[Path], seed: int = 1) -> Iterator[Problem]:
    """For each field of each rule a few draws of its conditions."""
    for path in paths:
        rule = loaded(path).rule
        read = rule and rule_query(rule, Config())
        if read is None or read.parsed.query is None or isinstance(read.parsed.query, EsqlQuery):
            continue
        for field, leaves in conditions_by_field(read.parsed.query):
            yield from draws(random.Random(f"{seed} {path.name} {field.name}"), path.stem, field, leaves)


def conditions_by_field(query: Query) -> Iterator[tuple[Field, list[Leaf]]]:
    """The distinct conditions that read one field alone, by field."""
    stages = query.stages if isinstance(query, EventSequence | Sample) else (query,)
    found: dict[Field, dict[Leaf, None]] = {}
    for stage in stages:
        for leaf in stage.condition.leaves():
            read = set(leaf.value.fields())
            if len(read) == 1 and leaf.test != Exists():
                found.setdefault(read.pop(), {})[leaf] = None
    return ((field, list(leaves)) for field, leaves in found.items() if len(leaves) > 1)


def draws(chance: random.Random, origin: str, field: Field, leaves: list[Leaf]) -> Iterator[Problem]:
    """One condition in spite of the others, two at once, and a handful of any signs."""
    one, *others = chance.sample(leaves, min(len(leaves), 12))
    yield Problem(origin, field, ((one, True), *((other, False) for other in others)), False)
    pair = chance.sample(leaves, 2)
    yield Problem(origin, field, tuple((leaf, True) for leaf in pair), chance.random() < 0.3)
    handful = chance.sample(leaves, min(len(leaves), chance.randint(2, 6)))
    yield Problem(origin, field, tuple((leaf, chance.random() < 0.5) for leaf in handful), chance.random() < 0.3)


# Made up: values close to each other, so that many conjunctions are empty

MAPPING = {"s": "keyword", "n": "long", "d": "double", "at": "date", "ip": "ip"}
STRINGS = ("", "a", "b", "ab", "ba", "aB", "abab", "C:\\\\a", "é", "K", "ſ", "İ")
PIECES = ("a", "b", "A", "ab", "*", "*", "?", "\\\\", "é", "k", "s")
REGEXES = ("[a-c]+", "a.*", "(a|b)?b", "~(a.*)", ".{2,3}", "[^a]*", "a*b*", "(ab)+", "@b&a@", "\\\\w+\\\\s?", "[A-Z].*")
ADDRESSES = ("10.0.0.0", "10.0.0.1", "10.0.0.255", "10.0.1.0", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1")
IPV4 = ("10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/31", "10.0.0.1/32", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1")
IPV6 = ("::/0", "::/1", "8000::/1", "::/80", "::1/128", "2001:db8::/32", "::ffff:0:0/96", "::ffff:10.0.0.0/104")


def generated_problems(count: int, seed: int = 1) -> Iterator[Problem]:
    """Conjunctions of two to six made-up EQL conditions on a field."""
    chance = random.Random(seed)
    fields = MappingFields(MAPPING)
    while count:
        kind = chance.choice(("s", "s", "s", "n", "d", "at", "ip"))
        text = "any where " + " or ".join(ATOMS[kind](chance) for _ in range(chance.randint(2, 6)))
        query = parse_query(Language.EQL, text, fields).query
        if query is None:
            raise ValueError(text)
        leaves = [leaf for leaf in dict.fromkeys(query.condition.leaves()) if leaf.test != Exists()]
        if not leaves:
            continue
        field = next(leaves[0].value.fields())
        signs = tuple((leaf, chance.random() < 0.5) for leaf in leaves)
        yield Problem(f"made up, {kind}", field, signs, multi_valued=chance.random() < 0.2)
        count -= 1


def text_atom(chance: random.Random) -> str:
    word, glob = chance.choice(STRINGS), "".join(chance.choices(PIECES, k=chance.randint(1, 4)))
    return chance.choice(
        (
            f's == "{word}"',
            f's in~ ("{word}", "{chance.choice(STRINGS)}")',
            f's : "{glob}"',
            f's like "{glob}"',
            f's like "{glob}"',
            f's regex{chance.choice(("", "~"))} "{chance.choice(REGEXES)}"',
            f"length(s) {order(chance)} {chance.randint(0, 4)}",
            f'{chance.choice(("startsWith", "endsWith~", "stringContains", "endsWith", "startsWith~"))}(s, "{word}")',
            f'substring(s, {chance.randint(0, 2)}, {chance.randint(2, 4)}) == "{word}"',
        )
    )


def number_atom(field: str) -> Callable[[random.Random], str]:
    def atom(chance: random.Random) -> str:
        bound = chance.choice(("0", "1", "2", "3", "-1", "1.5", "2.5", "0.25"))
        return f"{field} {order(chance)} {bound}"

    return atom


def date_atom(chance: random.Random) -> str:
    moment = chance.choice(
        ("2024-01-01", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.001Z", "2024-01-02", "2023-12-31")
    )
    return f'at {order(chance)} "{moment}"'


def address_atom(chance: random.Random) -> str:
    if chance.random() < 0.6:
        return f'cidrMatch(ip, "{chance.choice(IPV4 + IPV6)}")'
    return f'ip {order(chance)} "{chance.choice(ADDRESSES)}"'


def order(chance: random.Random) -> str:
    return chance.choice(("==", "<", "<=", ">", ">="))


ATOMS = {
    "s": text_atom, "n": number_atom("n"), "d": number_atom("d"), "at": date_atom, "ip": address_atom
}  # fmt: skip
