"""Broken rules, events, cases, settings and templates: mutations that know the grammar of what they break.

Each function takes a text, or a document, and a source of randomness; the same source gives the same mutation.
"""

import json
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Seeds", "mutated_document", "mutated_line", "mutated_rule", "mutated_settings", "mutated_template"]

TOKENS = re.compile(r'"(?:[^"\\\n]|\\.)*"|\w+|\s+|.', re.DOTALL)
QUERY = re.compile(r"(^(?:threat_)?query = (?:'''|\"\"\"))(.*?)('''|\"\"\")", re.DOTALL | re.MULTILINE)
LANGUAGE = re.compile(r'^language = "(\w+)"', re.MULTILINE)
KEY = re.compile(r"^(\w+) = (.*)$", re.MULTILINE)
ODD = (
    *(
        "{{ x }}",
        "{% raw %}",
        "<script>",
        "*/",
        "/*",
        "\\",
        '"',
        "'''",
        "\u202e",
        "\x00",
        "*",
        "?",
        "**",
        "()",
        "[]",
        "{}",
    ),
    *(
        "not",
        "not not",
        "and",
        "null",
        "-1",
        "1e400",
        "99999999999999999999",
        "0.0.0.0/0",
        "::/0",
        "now-1y/d",
        ".*",
        "|",
    ),
)
VALUES = (
    "[]",
    "{}",
    "1",
    "-1",
    "true",
    '""',
    '"x"',
    '["x"]',
    "[[1]]",
    "1.5",
    "nan",
    "2024-01-01",
    '"{{ x }}"',
    "'''\n'''",
)
JSON_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        10**30,
        1.5,
        1e308,
        "",
        "x",
        "*",
        "\u0000",
        "\ud800",
        "null",
        "-1",
        "2026-01-01",
        "::1",
    ),
    *("2026-01-01T00:00:00.000Z", "10.0.0.1", [], {}, [[]], [{}], [None], {"": 1}, {"a.b": {"c": [1, {"d": 2}]}}),
)
SETTINGS = """paths = ["."]
profile = "core"
attack_version = "16.1"
ignore = ["RW2", "RW301"]
minimum_condition_coverage = 80
minimum_mutation_score = 95.5
[per-file-ignores]
"rules/*" = ["RW203"]
[fields]
"shop.order" = "keyword"
"shop.total" = "long"
"""


@dataclass(frozen=True, slots=True)
class Seeds:
    """What is mutated: texts of rules, the queries of each language, events and lines of cases, templates."""

    rules: list[str]
    queries: dict[str, list[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folders: Iterable[Path], templates: Path) -> "Seeds":
        texts = [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.toml"))]
        seeds = cls([text for text in texts if "[rule]" in text])
        for text in seeds.rules:
            found = [match[2] for match in QUERY.finditer(text)]
            seeds.queries.setdefault(_language(text), []).extend(found)
        for path in (path for folder in folders for path in sorted(folder.rglob("*.cases.jsonl"))):
            seeds.lines.extend(path.read_text(encoding="utf-8").splitlines())
        for path in sorted(templates.rglob("*.j2")):
            tool = "docs" if path.parents[1].name == "guides" else path.parents[1].name
            seeds.templates[f"{tool}/{path.name}"] = path.read_text(encoding="utf-8")
        return seeds


def _language(text: str) -> str:
    found = LANGUAGE.search(text)
    return found[1] if found else ""


# Rules


def mutated_rule(text: str, seeds: Seeds, rng: random.Random) -> str:
    """The text of a rule file with one to three mutations."""
    for _ in range(rng.randint(1, 3)):
        text = rng.choices((_query, _data, _bytes), (7, 4, 1))[0](text, seeds, rng)
    return text


def _query(text: str, seeds: Seeds, rng: random.Random) -> str:
    found = list(QUERY.finditer(text))
    if not found:
        return _data(text, seeds, rng)
    match = rng.choice(found)
    same = seeds.queries.get(_language(text)) or [match[2]]
    query = _broken(match[2], same, rng)
    return text[: match.start(2)] + query + text[match.end(2) :]


def _broken(text: str, donors: list[str], rng: random.Random) -> str:
    """Tokens dropped, doubled, turned, taken from elsewhere, or such as mean something in another place."""
    tokens = TOKENS.findall(text)
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(tokens) + 1)
        end = min(len(tokens), start + rng.choice((0, 1, 1, 2, 5, 20)))
        donor = TOKENS.findall(rng.choice(donors))
        at = rng.randrange(len(donor) + 1)
        new = rng.choice(
            ([], tokens[start:end] * 2, donor[at : at + rng.randint(1, 12)], [rng.choice(ODD)], tokens[start:end][::-1])
        )
        tokens[start:end] = new
    return "".join(tokens)


def _data(text: str, seeds: Seeds, rng: random.Random) -> str:
    keys = list(KEY.finditer(text))
    if not keys:
        return text
    match = rng.choice(keys)
    name, value = rng.choice(keys)[1], rng.choice(VALUES)
    line = rng.choice(
        (
            "",
            f"{match[1]} = {value}",
            f"{name} = {match[2]}",
            f"{match[0]}\n{name}_x = {value}",
            'maturity = "deprecated"',
        )
    )
    return text[: match.start()] + line + text[match.end() :]


def _bytes(text: str, seeds: Seeds, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(ODD) + text[at + rng.choice((0, 0, 1, 40)) :]


# Events and cases


def mutated_document(document: Any, rng: random.Random) -> Any:
    """A JSON value with one to three of its parts gone, of another type, wrapped, moved or deep."""
    for _ in range(rng.randint(1, 3)):
        document = _changed(document, rng)
    return document


def _changed(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        match rng.randrange(8):
            case 0:
                return {name: item for name, item in value.items() if name != key}
            case 1:
                return {f"{key}.{rng.choice(list(value))}" if name == key else name: value[name] for name in value}
            case 2:
                return {**value, rng.choice(("", "@timestamp", "a.b", "event", "alerts", "events")): _odd_value(rng)}
            case _:
                return {**value, key: _changed(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.7:
        at = rng.randrange(len(value))
        inner = rng.choice(([], [value[at]] * 2, [_changed(value[at], rng)]))
        return [*value[:at], *inner, *value[at + 1 :]]
    return rng.choice(([value], [value, value], {"": value}, {"a": value}, _odd_value(rng), _odd_value(rng)))


def _odd_value(rng: random.Random) -> Any:
    if rng.randrange(200) == 0:
        deep: Any = 1
        for _ in range(rng.choice((10, 150, 5_000))):
            deep = [deep] if rng.random() < 0.5 else {"a": deep}
        return deep
    return rng.choice((*JSON_VALUES, *ODD))


def mutated_line(line: str, rng: random.Random) -> str:
    """A line of JSON, mutated as a document or as text."""
    if rng.random() < 0.9:
        try:
            return json.dumps(mutated_document(json.loads(line), rng))
        except (RecursionError, ValueError):
            pass
    return _bytes(line, Seeds([]), rng).replace("\n", " ")


# Settings and templates


def mutated_settings(rng: random.Random) -> str:
    """The text of a settings file."""
    text = SETTINGS
    for _ in range(rng.randint(1, 3)):
        text = rng.choices((_data, _bytes), (3, 1))[0](text, Seeds([]), rng)
    return text


def mutated_template(text: str, seeds: Seeds, rng: random.Random) -> str:
    """The text of a template: its own tokens, or a small one that extends it."""
    return _broken(text, list(seeds.templates.values()), rng)
