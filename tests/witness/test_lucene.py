"""Query strings as Lucene's own query parser reads them: what is rejected, and the structure of what is not.

Needs `java` 11 or newer and Lucene's jars: `apt-get install default-jdk-headless liblucene8-java`, or in
`RULEWRIGHT_LUCENE` the paths of lucene-core and lucene-queryparser.
`RULEWRIGHT_LONG=5 python -m pytest tests/witness/test_lucene.py -s` compares 100,000 texts.
"""

import os
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from support.effort import times
from support.paths import ROOT, data_of
from witness.lucene_shapes import class_path, ours, theirs
from witness.lucene_texts import texts

COUNT = times(20_000)
SHOWN = 20
SEED = 4
KNOWN = tomllib.loads((Path(__file__).parent / "lucene_known.toml").read_text(encoding="utf-8"))["class"]


@pytest.fixture(scope="module")
def jars() -> str:
    found = class_path()
    if found is None:
        pytest.skip("no java, or no Lucene: install liblucene8-java, or set RULEWRIGHT_LUCENE")
    return found


@pytest.fixture(scope="module")
def queries() -> list[str]:
    """The query strings of public rules where they are at hand, and of the test data."""
    corpus = Path(os.environ.get("RULEWRIGHT_SHARED", ROOT.parent / "shared")) / "corpus"
    rules = (tomllib.loads(path.read_text(encoding="utf-8")).get("rule", {}) for path in sorted(corpus.rglob("*.toml")))
    cases = [*data_of("lucene.toml")["cases"], *data_of("lucene-errors.toml")["cases"]]
    return [*(rule["query"] for rule in rules if rule.get("language") == "lucene"), *(case["query"] for case in cases)]


def known(text: str) -> str:
    """The listed class of differences that the text may belong to, if any."""
    return next((each["what"] for each in KNOWN if re.search(each["text"], text)), "")


def test_texts_are_read_alike(jars: str, queries: list[str]) -> None:
    made = ((number % 5 == 0, text) for number, text in enumerate(texts(queries, COUNT, seed=SEED)))
    asked = [*((False, query) for query in queries), *made]
    different: list[str] = []
    counts: Counter[str] = Counter()
    for (all_words, text), other in zip(asked, theirs(asked, jars), strict=True):
        own, messages = ours(text, all_words=all_words)
        counts["Lucene: rejected" if other is None else "Lucene: read"] += 1
        listed = known(text) if own != other else ""
        counts["agreed" if own == other else f"listed: {listed}"] += 1
        if own != other and not listed:
            different.append(f"{text!r}\n  ours: {messages or own}\n  Lucene: {other}")
    print(f"\n{len(asked):,} texts", *(f"{n:>8,}  {what}" for what, n in counts.most_common()), sep="\n")
    assert counts["Lucene: read"] > COUNT // 4, "texts that no reader accepts show little"
    assert not different, "\n\n".join(different[:SHOWN])


def test_a_structure_is_told_from_another(jars: str) -> None:
    one, other, neither = theirs([(False, "a:b OR c:d"), (True, "a:b c:d"), (False, "a:(b")], jars)
    assert one != other
    assert neither is None
    assert one == ours("a:b OR c:d", all_words=False)[0]
