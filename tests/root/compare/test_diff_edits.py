"""Public rules of all types, one edit or rewrite each: what `benchmarks/diff_edits.py` asks, of a few."""

import importlib.util
import sys
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from rulewright import Relation
from support.effort import FACTOR
from support.paths import ROOT

SEED = 4
EDITS = 14 * FACTOR
REWRITES = 18 * FACTOR
UNDECIDED = 0.15
"""The share of edits that may be named without a run that shows them."""


@pytest.fixture(scope="module")
def edits() -> ModuleType:
    spec = importlib.util.spec_from_file_location("diff_edits", ROOT / "benchmarks/diff_edits.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look for their module
    spec.loader.exec_module(module)
    return module


def test_every_edit_is_named_and_shown(corpus: list[Path], edits: ModuleType) -> None:
    random = Random(SEED)
    found = list(edits.sources(random.sample(corpus, min(len(corpus), 240))))
    faults = [pair.fault(edit) for _, edit, pair, _ in edits.drawn(found, edits.EDITS, EDITS, random)]
    missed = [fault for fault in faults if fault and not fault.startswith("neither shown nor proven (undecided)")]
    assert missed == []
    assert sum(map(bool, faults)) <= UNDECIDED * EDITS, faults


def test_a_rewrite_is_no_change(corpus: list[Path], edits: ModuleType) -> None:
    random = Random(SEED)
    found = list(edits.sources(random.sample(corpus, min(len(corpus), 240))))
    for source, edit, pair, _ in edits.drawn(found, edits.REWRITES, REWRITES, random):
        assert pair.found.relation is Relation.EQUAL, (source.path, edit.kind)
