"""The structure of a Lucene query, as our parser and as Lucene's has it, in one form for comparison.

What Elasticsearch's `query_string` does with what the parser hands to it is done here, as its reference says:
comparisons such as `>=5` are ranges, `*` as an end of a range leaves it open, and boosts decide no match.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rulewright_engine.ir.search_options import Fuzziness
from rulewright_engine.languages.lucene import ast
from rulewright_engine.languages.lucene.parser import parse
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.diagnostics import Level

__all__ = ["Shape", "class_path", "ours", "theirs"]

Shape = Any
"""Nested tuples: `("bool", ((occur, shape), ...))`, or a kind, a field and what is asked of it; None: rejected."""

SOURCE = Path(__file__).with_name("LuceneWitness.java")
JARS = Path("/usr/share/java")
COMPARISONS = (">=", "<=", ">", "<")
OCCURS = {ast.Occur.MUST: "+", ast.Occur.SHOULD: "", ast.Occur.MUST_NOT: "-"}


def class_path() -> str | None:
    """Lucene's jars: `RULEWRIGHT_LUCENE` (paths as `java -cp` takes them), else those of Debian; None without."""
    given = os.environ.get("RULEWRIGHT_LUCENE")
    found = [str(path) for name in ("core", "queryparser") for path in sorted(JARS.glob(f"lucene-{name}-8*.jar"))]
    paths = given or os.pathsep.join(found)
    return paths if shutil.which("java") and (given or len(found) > 1) else None


def theirs(texts: Iterable[tuple[bool, str]], jars: str) -> list[Shape]:
    """How Lucene reads each text, with or without all words required."""
    lines = "\n".join(
        ("A" if all_words else "O") + base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
        for all_words, text in texts
    )
    command = ("java", "-cp", jars, str(SOURCE))
    run = subprocess.run(command, input=lines, capture_output=True, text=True, encoding="utf-8", check=True)
    return [_of_json(json.loads(line)) for line in run.stdout.splitlines()]


def _of_json(found: Any) -> Shape:
    match found:
        case ["bool", clauses]:
            return _boolean([(occur.replace("#", "+"), _of_json(each)) for occur, each in clauses])
        case ["term", field, text]:
            return _compared(field, text) or ("term", field, text)
        case ["range", field, low, from_low, high, to_high]:
            below = None if low in (None, "*") else (low, from_low)
            return ("range", field, below, None if high in (None, "*") else (high, to_high))
        case ["wildcard", field, raw]:
            return ("wildcard", field, _pattern(raw))
        case ["regex", field, pattern]:
            return ("regex", field, pattern.replace("\\/", "/"))  # what an expression makes of an escaped slash
        case ["prefix", field, text]:
            return ("wildcard", field, (*((text,) if text else ()), Wild.ANY))
        case [*parts]:
            return tuple(parts)
    return None


def _pattern(raw: str) -> tuple[str | Wild, ...]:
    """A pattern as the parser hands it on: a backslash still stands before what it escapes."""
    parts: list[str | Wild] = []
    at = 0
    while at < len(raw):
        char = raw[at]
        at += 1
        if char in "*?":
            parts.append(Wild(char))
            continue
        if char == "\\" and at < len(raw):
            char = raw[at]
            at += 1
        if parts and not isinstance(parts[-1], Wild):
            parts[-1] += char
        else:
            parts.append(char)
    return tuple(parts)


def _compared(field: str, text: str) -> Shape:
    operator = next((each for each in COMPARISONS if text.startswith(each)), "")
    rest = text[len(operator) :]
    if not operator or not rest:
        return None
    bound = None if rest == "*" else (rest, "in" if operator.endswith("=") else "out")
    return ("range", field, bound, None) if operator[0] == ">" else ("range", field, None, bound)


def _boolean(clauses: Sequence[tuple[str, Shape]]) -> Shape:
    """One clause in brackets is that clause, unless it is negated."""
    return clauses[0][1] if len(clauses) == 1 and clauses[0][0] != "-" else ("bool", tuple(clauses))


def ours(text: str, *, all_words: bool) -> tuple[Shape, list[str]]:
    """How our parser reads the text, None where it does not; and its mistakes."""
    found = Problems()
    node = parse(text, found, all_words=all_words)
    errors = [f"{each.code} {each.message}" for each in found if each.level is Level.ERROR]
    return (None if errors or node is None else _of_node(node)), errors


def _of_node(node: ast.Node) -> Shape:
    match node:
        case ast.Boolean(clauses):
            shapes = [(OCCURS[clause.occur], _of_node(clause.node)) for clause in clauses]
            return None if any(shape is None for _, shape in shapes) else _boolean(shapes)
        case ast.Match(name, value):
            return _of_value(name.text if name else "", value)
    return ("all",)


def _of_value(field: str, value: ast.Value) -> Shape:
    match value:
        case ast.Phrase(text):
            return ("phrase", field, text)
        case ast.Regex(pattern):
            return ("regex", field, pattern)
        case ast.Range(low, high):
            return ("range", field, _end(low), _end(high))
        case ast.Term(parts) if value.has_wildcard:
            return ("wildcard", field, parts)
        case ast.Term(fuzziness=str(edits)):
            return None if edits and Fuzziness.parse(edits) is None else ("fuzzy", field, value.text)
    return ("term", field, value.text)


def _end(bound: tuple[Any, str] | None) -> tuple[str, str] | None:
    return None if bound is None else (bound[1], "in" if bound[0].value.endswith("=") else "out")
