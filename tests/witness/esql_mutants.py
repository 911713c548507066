"""Short queries cut from long ones, and what accidents make of them: the same for the same seed.

Queries are taken apart by a lexer of its own, which shares no code with ours: it need not be right, only fruitful.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence, Set

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

SIGNS = tuple("()[]{}<>=!:,|*?.+-/%\\\"'`&;~#@$") + ("==", "!=", "::", "||", '"""', "/*", "*/", "//", "=~", "\n")
WORDS = tuple(
    "and or not in like rlike is null true false by where as asc desc nulls first last metadata with on from row eval "
    "stats keep drop sort limit rename grok dissect mv_expand inline inlinestats enrich lookup join fork sample "
    "completion change_point show ts set eval match kql qstr count sum max values case".split()
)
NUMBERS = (
    "0",
    "1.",
    ".5",
    "1.2.3",
    "1e3",
    "1e",
    "1E-2",
    "0x1f",
    "99999999999999999999",
    "9223372036854775808",
    "1_000",
)
NUMBERS += ("-1", "+1", "--1", "5 minutes", "5minutes", "5 fortnights", "1 day", "2.5 hours", "-3 d", "007")
TEXTS = (
    '"a"',
    "'a'",
    '"""a"""',
    '"a\\"b"',
    '"\\q"',
    '"\\\\"',
    '"C:\\x"',
    '""',
    '""""""',
    '"a\nb"',
    '"""a"b"""',
    '"',
    '"""',
)
TEXTS += ('"a" "b"', '"\\u0041"', '""""a""""', "”a”", '"\t"', "r'a'")
NAMES = (
    "a.b",
    "a.*",
    "*.a",
    "a*b",
    ".a",
    "a.",
    "a..b",
    "*",
    "**",
    "a.*.b",
    ".*",
    "a.*.",
    "`a b`",
    "`a`.b",
    "a.`b*`",
    "``",
)
NAMES += ("a.1", "a.0.b", "1a", "_a", "__a", "@timestamp", "@@a", "a-b", "$a", "?", "?a", "??a", "?1", "É", "_", "a. b")
PATTERNS = ("keep", "drop", "rename", "mv_expand", "sort")
OPERATORS = (
    "and",
    "or",
    "not",
    "in",
    "like",
    "rlike",
    "is",
    "add",
    "sub",
    "mul",
    "div",
    "mod",
    "neg",
    "equals",
    "eq",
    "is_null",
)
OPTIONS = (
    '{"a": 1}',
    '{"fuzziness": 1}',
    '{"operator": "and"}',
    "{}",
    "{a: 1}",
    '{"a": 1,}',
    '{"a": {"b": [1, 2]}}',
    '{"a"}',
)
OPTIONS += ('{"a": x}', '{"a": -1}', '{"": 1}')
HEADS = (
    "FROM a",
    "FROM a, b-*",
    "FROM c:a",
    'FROM "a b"',
    "FROM a METADATA _id",
    "from a metadata _id, _index",
    "ROW a = 1",
)
HEADS += (
    "FROM a [METADATA _id]",
    "FROM a METADATA",
    "FROM a METADATA _id,",
    "FROM a METADATA (_id)",
    "FROM a, METADATA _id",
)
HEADS += (
    'FROM """a"""',
    "FROM a,",
    "FROM",
    "FROM a::data",
    "FROM a::failures",
    "FROM -a",
    "FROM a*,-b",
    "FROM <a-{now/d}>",
)
HEADS += (
    "FROM (FROM a)",
    "FROM a | ",
    "| FROM a",
    "ROW 1",
    "SET x = 1; FROM a",
    'SET a = "b", c = 2; FROM a',
    "FROM a b",
    "FROM 2",
)
TAILS = (
    "| LIMIT 10",
    "| LIMIT",
    "| LIMIT -1",
    "| LIMIT 1.5",
    '| LIMIT "1"',
    "| LIMIT 10 BY a",
    "|",
    "| |",
    ";",
    "| KEEP *",
)
TAILS += (
    "| KEEP",
    "| DROP a,",
    "| SORT a DESC NULLS LAST",
    "| SORT a NULLS",
    "| SORT",
    "| STATS",
    "| STATS BY a",
    "| WHERE",
)
TAILS += (
    "| RENAME a AS b",
    "| RENAME a = b",
    "| RENAME a AS b, c AS d",
    "| RENAME a, b",
    "| MV_EXPAND a, b",
    "| MV_EXPAND a",
)
TAILS += (
    '| GROK a "%{WORD:b}"',
    '| GROK a "%{WORD:b}", "%{IP:c}"',
    "| GROK a",
    '| DISSECT a "%{b}"',
    "| SAMPLE 0.1",
    "| SHOW INFO",
)
TAILS += (
    '| DISSECT a "%{b}" APPEND_SEPARATOR=","',
    '| DISSECT a "%{b}" APPEND_SEPARATOR ","',
    "| INLINE STATS c = count(*)",
)
TAILS += (
    "| INLINESTATS c = count(*) BY a",
    "| INLINE STATS",
    "| LOOKUP JOIN l ON a",
    "| ENRICH p ON a WITH b",
    "| ENRICH p",
)
TAILS += (
    "| FORK (WHERE a == 1) (WHERE a == 2)",
    "| CHANGE_POINT a ON b",
    "| EVAL",
    "| EVAL a",
    "| EVAL a = 1, ",
    "| EVAL = 1",
)
TAILS += (
    "| COMPLETION a WITH {}",
    '| COMPLETION b = a WITH { "inference_id": "m" }',
    "| COMPLETION a",
    "| WHERE a:1",
    "| where a",
)
TAILS += (
    "| STATS c = count(*) WHERE a > 1 BY b",
    "| STATS count(*) BY a, b = c",
    "| STATS c = count(*) BY",
    "| STATS count(*), BY a",
)
COMMENTS = ("// a\n", "//", "/* a */", "/*", "/* /* a */ */", "/* /* a */", "*/", "/**/", "//\n//\n", "# a\n", "-- a\n")


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
    """`count` texts: one or two commands of `queries` behind a source, or now and then a whole one, most with an accident."""
    chance = random.Random(seed)
    parts = pieces(queries)
    pool = sorted({token for part in parts for token in _TOKEN.findall(part) if token.strip() and len(token) < 40})
    for _ in range(count):
        commands = [chance.choice(parts) for _ in range(chance.choice((1, 1, 1, 2)))]
        if not commands[0][:4].lower() == "from":
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
    _delete, _delete_several, _same_kind, _same_kind, _same_kind, _duplicate, _swap, _other, _other, _operator_call, _misspell, _arguments, _options, _wrap,
    _characters, _characters, _head_change, _tail, _order, _columns, _putting(SIGNS), _putting(WORDS), _putting(COMMENTS),
    _putting(NAMES), _replacing("word", NAMES), _replacing("word", WORDS), _replacing("number", NUMBERS), _replacing("text", TEXTS),
    _putting(NUMBERS), _putting(TEXTS),
)  # fmt: skip
