"""Mutated queries over the parsers: none may raise, none may take over a second.

    python benchmarks/fuzz_parsers.py COUNT [SEED]

Mutates the queries of tests/data (characters and words swapped, repeated, dropped, spliced) and reads each as EQL, KQL
or Lucene, in turn. Prints how many were read, how many were accepted, and the slowest; exit code 1 on an exception or
on more than a second.
"""

import random
import sys
import time
import tomllib
import traceback
from pathlib import Path

from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import Language
from rulewright_engine.languages.parse import parse_query

DATA = Path(__file__).parent.parent / "tests" / "data"
LANGUAGES = {Language.EQL: "eql", Language.KQL: "kql", Language.LUCENE: "lucene"}
SIGNS = "()[]{}<>=!:,|*?~^&#@+-/\\\"'`.$%; \n\t\0\u00e9\u202e\U0001f600"
WORDS = (
    "and",
    "or",
    "not",
    "in",
    "where",
    "like",
    "regex~",
    "sequence by",
    "until",
    "with runs=",
    "NOT",
    "TO",
    "now-1d/d",
)
FIELDS = {"event.category": "keyword", "a": "keyword", "b": "wildcard", "n": "long", "f": "boolean", "ip": "ip"}
FIELDS |= {"t": "text", "d": "date", "@timestamp": "date", "p": "nested", "p.x": "keyword", "process.name": "keyword"}


def mutated(chance: random.Random, text: str, other: str) -> str:
    """`text` after one to four small accidents."""
    for _ in range(chance.randint(1, 4)):
        at, to = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
        to = min(to, at + 40)
        match chance.randrange(7):
            case 0:
                text = text[:at] + text[to:]
            case 1:
                text = text[:at] + text[at:to] * 3 + text[to:]
            case 2:
                text = text[:at] + chance.choice(SIGNS) + text[at:]
            case 3:
                text = text[:at] + f" {chance.choice(WORDS)} " + text[at:]
            case 4:
                cut = chance.randint(0, len(other))
                text = text[:at] + other[cut : cut + 60] + text[at:]
            case 5:
                text = text[:at] + chance.choice("([{\"'") * chance.choice((1, 2, 200)) + text[at:]
            case 6:
                text = (
                    text[:at] + chr(chance.choice((chance.randrange(128), chance.randrange(0x2000)))) + text[at + 1 :]
                )
    return text


def main(count: int, seed: int = 0) -> int:
    chance = random.Random(seed)
    fields = MappingFields(FIELDS)
    queries = {
        language: [case["query"] for case in tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))["cases"]]
        for language, name in LANGUAGES.items()
    }
    everything = [query for several in queries.values() for query in several]
    accepted, failed, slowest, slowest_text = 0, 0, 0.0, ""
    start = time.perf_counter()
    for number in range(count):
        language = list(LANGUAGES)[number % 3]
        text = mutated(chance, chance.choice(queries[language]), chance.choice(everything))
        began = time.process_time()
        try:
            accepted += parse_query(language, text, fields).query is not None
        except Exception:
            failed += 1
            print(f"{language}: {text!r}")
            traceback.print_exc(limit=-4)
        if (took := time.process_time() - began) > slowest:
            slowest, slowest_text = took, f"{language}: {text[:200]!r}"
    print(f"{count:,} queries in {time.perf_counter() - start:,.0f} s, {accepted:,} accepted, {failed} exceptions")
    print(f"slowest {slowest * 1000:,.0f} ms: {slowest_text}")
    return 1 if failed or slowest > 1 else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
