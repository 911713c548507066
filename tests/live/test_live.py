"""All pinned cases of our rules on a real cluster: each must raise the alerts there that it raises here."""

from collections import Counter
from collections.abc import Iterator

import pytest

from live.cluster import Cluster, cluster_of
from live.replay import replay, unplayable
from rulewright._project.project import Rule
from rulewright_engine.rules import compile_rule
from rulewright_schema.config import Config
from support.ruleset import name_of, pinned_cases, ruleset


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "rule" in metafunc.fixturenames:
        metafunc.parametrize("rule", ruleset().rules, ids=map(name_of, ruleset().rules))


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    found = cluster_of()
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.fixture(scope="module")
def agreement() -> Iterator[Counter[tuple[str, str]]]:
    """How many cases agreed, differed and were not run, by type of rule; printed at the end."""
    counts: Counter[tuple[str, str]] = Counter()
    yield counts
    for type_ in sorted({type_ for type_, _ in counts}):
        shares = ", ".join(f"{counts[type_, what]:,} {what}" for what in ("agreed", "differed", "not run"))
        print(f"\n{type_}: {shares}", end="")


def test_a_cluster_raises_the_pinned_alerts(rule: Rule, cluster: Cluster, agreement: Counter[tuple[str, str]]) -> None:
    compilation = compile_rule(rule.rule, Config())
    assert compilation.compiled is not None
    type_ = str(rule.rule.raw["rule"]["type"])
    counts: Counter[str] = Counter()
    different: list[str] = []
    for number, case in enumerate(pinned_cases(rule)):
        if unplayable(compilation.compiled, case):
            counts["not run"] += 1
            continue
        outcome = replay(cluster, compilation, case, f"rulewright-{name_of(rule).replace('/', '-')}-{number}")
        counts["agreed" if outcome.agrees else "differed"] += 1
        if not outcome.agrees:
            different.append(f"{case.name}: pinned {outcome.expected}, on the cluster {outcome.found}")
    agreement.update({(type_, what): count for what, count in counts.items()})
    print(f"{name_of(rule)} ({type_}): {dict(counts)}")
    assert not different, "\n".join(different)
