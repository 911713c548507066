"""The cases of public rules and variations of them: what the engine says they alert, and what naive evaluators say.

Every twelfth rule is compared; `RULEWRIGHT_LONG=12 python -m pytest tests/reference/test_corpus.py -s` compares all.
"""

import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from reference import naive_documents, naive_rules
from reference.variations import varied
from rulewright_generators.cases import Case
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_schema.catalogue import default_catalogue
from support.cases import public_cases
from support.effort import every

VARIATIONS = 20
EVERY = every(12)

KINDS = {
    "constant_keyword": "keyword", "flattened": "keyword", "match_only_text": "text", "integer": "long",
    "short": "long", "byte": "long", "unsigned_long": "long", "float": "double", "half_float": "double",
    "scaled_float": "double", "date_nanos": "date", "version": "keyword", "alias": "keyword",
}  # fmt: skip

REFUTED = {"network_traffic.nfs.rpc.auth_flavor", "network_traffic.memcached.response.type"}
"""Fields that no schema defines and the list of rules' fields calls numbers; public rules compare them with words."""


class CatalogueTypes(Mapping[str, str]):
    """Elasticsearch's types of the fields of the catalogue, in the words of `naive_documents`."""

    def __getitem__(self, name: str) -> str:
        found = default_catalogue().lookup(name)
        if found is None:
            raise KeyError(name)
        if name in REFUTED:
            return "keyword"
        return KINDS.get(found.type, found.type)

    def __iter__(self) -> Iterator[str]:
        return iter(default_catalogue().matching("*"))

    def __len__(self) -> int:
        return len(default_catalogue().matching("*"))


def test_the_cases_of_public_rules(corpus: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naive_documents, "MAPPING", CatalogueTypes())
    compared: Counter[str] = Counter()
    wrong: list[str] = []
    for path in corpus[::EVERY]:
        for compiled, fixtures in public_cases([path]):
            if compiled.esql is not None:
                continue
            text = tomllib.loads(path.read_text("utf-8"))["rule"]
            naive = naive_rules.Rule(text)
            runner = CaseRunner(compiled)
            for case in with_variations(fixtures.cases, text["query"]):
                found = runner.alerts(case)
                choices = naive.alerts(case.events, case.history, case.indicators)
                compared[f"{compiled.rule.type} rules: {type(compiled.query).__name__}"] += 1
                if not agree(found, choices):
                    wrong.append(f"{path}: {case.name}: {found}, naively {choices}")
    print(f"\n{sum(compared.values())} cases compared: {dict(compared)}; {len(wrong)} disagreements")
    assert compared
    assert not wrong, "\n".join(wrong[:20])


def with_variations(cases: Sequence[Case], query: str) -> Iterator[Case]:
    yield from cases
    chance = random.Random(query)
    for case in chance.choices(cases, k=VARIATIONS) if cases else ():
        yield replace(case, events=tuple(varied(chance, event, query) for event in case.events))


def agree(found: Sequence[tuple[int, ...]], choices: Sequence[set[tuple[int, ...]]]) -> bool:
    """Whether each alert is one of the choices that are left for one."""
    left = list(choices)
    for alert in found:
        fitting = next((choice for choice in left if alert in choice), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return not left
