"""ES|QL queries as Elastic's package `detection-rules-esql-py` reads them, which shares no code with ours.

Its licence (Elastic-2.0) is not ours: it is installed for this test alone (`pip install .[witness]`, Python 3.12 or
newer). `RULEWRIGHT_LONG=50 python -m pytest tests/witness/test_esql_package.py -s` reads 100,000 mutated queries.
"""

import os
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.effort import times
from support.esql import esql_queries
from support.paths import DATA, ROOT, RULESET
from witness.esql_mutants import mutants

pytest.importorskip("esql", reason="detection-rules-esql-py is not installed; it needs Python 3.12")

from witness.esql_verdicts import Verdict, disagreement, known, mapping_of, ours, theirs

COUNT = times(2_000)
SHOWN = 20
SEED = 6


@pytest.fixture(scope="module")
def queries() -> list[str]:
    """The ES|QL queries of public rules where they are at hand, of our own rules, and of the test data."""
    corpus = Path(os.environ.get("RULEWRIGHT_SHARED", ROOT.parent / "shared")) / "corpus"
    cases = tomllib.loads((DATA / "esql-queries.toml").read_text(encoding="utf-8"))["case"]
    found = [
        *esql_queries(sorted(corpus.rglob("*.toml"))).values(),
        *esql_queries(sorted(RULESET.rglob("*.toml"))).values(),
    ]
    return found or [case["query"] for case in cases]


def differing(texts: Iterator[str], mapping: dict[str, str]) -> tuple[list[str], Counter[str]]:
    """Where the two disagree and the package is not known to be wrong, and how often what was said."""
    found: list[str] = []
    counts: Counter[str] = Counter()
    for text in texts:
        own, other = ours(text, mapping), theirs(text, mapping)
        counts[f"package: {min(other.kinds, default='accepted')}"] += 1
        difference = disagreement(own, other)
        listed = bool(difference) and known(text, own, other)
        counts["listed" if listed else difference or "agreed"] += 1
        if difference and not listed:
            found.append(f"{difference}\n{text}\n  ours: {own.messages}\n  package: {other.messages}")
    return found, counts


def test_queries_are_read_alike(queries: list[str]) -> None:
    found, _ = differing(iter(queries), mapping_of(queries))
    assert not found, "\n\n".join(found[:SHOWN])


def test_mutated_queries_are_read_alike(queries: list[str]) -> None:
    found, counts = differing(mutants(queries, COUNT, seed=SEED), mapping_of(queries))
    print(
        f"\n{COUNT:,} mutated queries of {len(queries)}",
        *(f"{n:>8,}  {what}" for what, n in counts.most_common()),
        sep="\n",
    )
    assert counts["package: accepted"] > COUNT // 10, "mutants that no reader accepts show little"
    assert not found, "\n\n".join(found[:SHOWN])


def test_a_difference_is_seen() -> None:
    accepted, refused = Verdict(), Verdict(frozenset({"syntax"}), ("RW580 expected a comparison",))
    assert disagreement(accepted, accepted) == ""
    assert disagreement(refused, accepted) == "syntax for us alone"
    assert disagreement(accepted, refused) == "syntax for the package alone"
    assert not known("FROM a", refused, accepted)
    assert not known("FROM a", accepted, Verdict(frozenset({"syntax"}), ("mismatched input",)))
