"""Short queries cut from long ones, and what accidents make of them: the same for the same seed.

Queries are taken apart by a lexer of its own, which shares no code with ours: it need not be right, only fruitful.
"""

import random
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence, Set
from pathlib import Path

__all__ = ["mutants", "pieces"]

MAX_WORDS = 60
"""Tokens of a piece: what a reader needs grows with the length of a query, what it shows hardly does."""

WHOLE = 0.02
"""The share of whole queries."""

_TOKEN = re.compile(
    r'"""[^\n]*?"""|"(?:[^"\\\n]|\\.)*"|`[^`]*`|//[^\n]*|/\*.*?\*/|[A-Za-z_@][A-Za-z0-9_]*|[0-9]+(?:\.[0-9]+)?'
    r"|==|!=|<=|>=|::|\s+|.",
    re.DOTALL,
)
_DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_BREAKS = frozenset({",", "and", "or"})
"""Between these, outside of parentheses, stand the parts of a command."""

Tokens = list[str]
Change = Callable[[random.Random, Tokens, Sequence[str]], Tokens]

_PIECES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("esql_pieces.toml").read_text(encoding="utf-8"))
SIGNS, WORDS, NUMBERS, TEXTS = (_PIECES[name] for name in ("signs", "words", "numbers", "texts"))
NAMES, PATTERNS, OPERATORS, OPTIONS = (_PIECES[name] for name in ("names", "patterns", "operators", "options"))
HEADS, TAILS, COMMENTS = (_PIECES[name] for name in ("heads", "tails", "comments"))


def pieces(queries: Sequence[str]) -> list[str]:
    """Commands of `queries`, long ones cut to some of their parts; each once."""
    found: dict[str, None] = {}
    for query in queries:
        for command in _split(_TOKEN.findall(query), {"|"}):
            found |= dict.fromkeys(_cut(command))
    return list(found)


def _cut(command: Tokens) -> Iterator[str]:
    """The whole of a short command; of a long one its name and every three parts that follow each other."""
    if len(command) < MAX_WORDS:
        yield "".join(command).strip()
        return
    name = next(token for token in command if token.strip())
    parts = _split(command[command.index(name) + 1 :], _BREAKS, keep=True)
    for start in range(0, len(parts), 3):
        few = [token for part in parts[start : start + 3] for token in part]
        if len(few) < MAX_WORDS:
            yield f"{name} {''.join(few[1:] if few[0].lower() in _BREAKS else few).strip()}"


def _split(tokens: Tokens, at: Set[str], *, keep: bool = False) -> list[Tokens]:
    """The groups of tokens between those of `at` outside of parentheses; with `keep`, each begins with its own."""
    groups: list[Tokens] = [[]]
    depth = 0
    for token in tokens:
        depth += _DEPTH.get(token, 0)
        if depth == 0 and token.lower() in at:
            groups.append([token] if keep else [])
        else:
            groups[-1].append(token)
    return [group for group in groups if "".join(group).strip()]


def mutants(queries: Sequence[str], count: int, *, seed: int) -> Iterator[str]:
    """`count` texts: one or two commands of `queries` behind a source, or a whole query, most with an accident."""
    chance = random.Random(seed)
    parts = pieces(queries)
    pool = sorted({token for part in parts for token in _TOKEN.findall(part) if token.strip() and len(token) < 40})
    for _ in range(count):
        commands = [chance.choice(parts) for _ in range(chance.choice((1, 1, 1, 2)))]
        if commands[0][:4].lower() != "from":
            commands.insert(0, "FROM logs-*")
        whole = chance.random() < WHOLE
        tokens = _TOKEN.findall(chance.choice(queries) if whole else "\n| ".join(commands))
        for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 1, 2))):
            tokens = chance.choice(CHANGES)(chance, tokens, pool)
        yield "".join(tokens)


def _place(chance: random.Random, tokens: Tokens) -> int:
    """Where a token stands that is no blank."""
    places = [at for at, token in enumerate(tokens) if token.strip()]
    return chance.choice(places) if places else 0


def _delete(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    at = _place(chance, tokens)
    return tokens[:at] + tokens[at + 1 :]


def _delete_several(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    at = _place(chance, tokens)
    return tokens[:at] + tokens[at + chance.randint(2, 6) :]


def _duplicate(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    at = _place(chance, tokens)
    return [*tokens[:at], tokens[at], chance.choice((" ", "")), *tokens[at:]] if tokens else tokens


def _swap(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    first, second = _place(chance, tokens), _place(chance, tokens)
    swapped = list(tokens)
    if tokens:
        swapped[first], swapped[second] = swapped[second], swapped[first]
    return swapped


def _putting(choices: Sequence[str]) -> Change:
    """One of `choices` in the place of a token, or before it."""

    def put(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
        at = _place(chance, tokens)
        blank = chance.choice((" ", " ", ""))
        return [*tokens[:at], blank, chance.choice(choices), blank, *tokens[at + chance.randint(0, 1) :]]

    return put


def _other(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    return _putting(pool)(chance, tokens, pool)


def _same_kind(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    """Another token of its kind in the place of one: often a sound query again."""
    at = _place(chance, tokens)
    others = [each for each in pool if tokens and _kind(each) == _kind(tokens[at])]
    return [*tokens[:at], chance.choice(others), *tokens[at + 1 :]] if others else tokens


def _kind(token: str) -> str:
    first = token[:1]
    return (
        "word"
        if first.isalpha() or first in "_@`"
        else "number"
        if first.isdigit()
        else "text"
        if first == '"'
        else "sign"
    )


def _replacing(kind: str, choices: Sequence[str]) -> Change:
    """One of `choices` in the place of a token of a kind."""

    def replace(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
        places = [at for at, token in enumerate(tokens) if _kind(token) == kind]
        if not places:
            return tokens
        at = chance.choice(places)
        return [*tokens[:at], chance.choice(choices), *tokens[at + 1 :]]

    return replace


def _operator_call(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    at = _place(chance, tokens)
    arguments = chance.choice(("()", "(a)", '("a")', "(a, b)", '("a", "b")', "(1, 2)", " (1)", "(*)"))
    return [*tokens[:at], chance.choice(OPERATORS), arguments, *tokens[at + chance.randint(0, 1) :]]


def _misspell(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    places = [at for at, token in enumerate(tokens) if _kind(token) == "word" and len(token) > 1]
    if not places:
        return tokens
    at = chance.choice(places)
    word = tokens[at]
    cut = chance.randrange(len(word))
    spelt = chance.choice(
        (word[:cut] + word[cut + 1 :], word[:cut] + word[cut] + word[cut:], word.swapcase(), f"{word}s")
    )
    return [*tokens[:at], spelt, *tokens[at + 1 :]]


def _arguments(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    """An argument more, or one less."""
    places = [at for at, token in enumerate(tokens) if token in ("(", ",")]
    if not places:
        return tokens
    at = chance.choice(places)
    following = chance.choice(
        ("a,", "1,", '"a",', "null,", "*,", ",", "a", "[1, 2],", "(a),", "a -> b,", ")", f"{chance.choice(OPTIONS)},")
    )
    if chance.random() < 0.4:
        end = next((each for each in range(at + 1, len(tokens)) if tokens[each] in (",", ")")), at)
        return tokens[: at + 1] + tokens[end:]
    return [*tokens[: at + 1], following, *tokens[at + 1 :]]


def _options(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    places = [at for at, token in enumerate(tokens) if token == ")"]
    at = chance.choice(places) if places else len(tokens)
    return [*tokens[:at], ", ", chance.choice(OPTIONS), *tokens[at:]]


def _wrap(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    start, end = sorted((_place(chance, tokens), _place(chance, tokens)))
    left, right = chance.choice(
        (("(", ")"), ("(", ")"), ("[", "]"), ("((", "))"), ("to_lower(", ")"), ("not (", ")"), ("{", "}"))
    )
    return [*tokens[:start], left, *tokens[start : end + 1], right, *tokens[end + 1 :]]


def _characters(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    text = "".join(tokens)
    at = chance.randint(0, len(text))
    added = chance.choice(
        ("", "", chance.choice(SIGNS), chr(chance.randrange(32, 127)), "\u00a0", "\u200b", "é", "\t", "\r")
    )
    return _TOKEN.findall(text[:at] + added + text[at + chance.randint(0, 1) :])


def _head_change(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    pipe = tokens.index("|") if "|" in tokens else len(tokens)
    return [chance.choice(HEADS), "\n", *tokens[pipe:]]


def _tail(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    return [*tokens, " ", chance.choice(TAILS)]


def _order(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    commands = _split(tokens, {"|"})
    chance.shuffle(commands)
    return [token for command in commands for token in ("|", *command)][1:]


def _columns(chance: random.Random, tokens: Tokens, pool: Sequence[str]) -> Tokens:
    names = ", ".join(chance.choice((*NAMES, *pool)) for _ in range(chance.randint(1, 3)))
    return [*tokens, "\n| ", chance.choice(PATTERNS), " ", names]


CHANGES: tuple[Change, ...] = (
    _delete, _delete_several, _same_kind, _same_kind, _same_kind, _duplicate, _swap, _other, _other, _operator_call,
    _misspell, _arguments, _options, _wrap, _characters, _characters, _head_change, _tail, _order, _columns,
    _putting(SIGNS), _putting(WORDS), _putting(COMMENTS), _putting(NAMES), _replacing("word", NAMES),
    _replacing("word", WORDS), _replacing("number", NUMBERS), _replacing("text", TEXTS), _putting(NUMBERS),
    _putting(TEXTS),
)  # fmt: skip
