"""Fixtures shared by all tests: where the reference material lies, and how it is skipped where it is absent."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from support.effort import times
from support.paths import ROOT

settings.register_profile("rulewright", max_examples=times(100), deadline=None)  # no test is about time
settings.load_profile("rulewright")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published cases and public rules (`RULEWRIGHT_SHARED`, default `../shared`)."""
    path = Path(os.environ.get("RULEWRIGHT_SHARED", ROOT.parent / "shared"))
    if not path.is_dir():
        pytest.skip(f"no reference material at {path}; set RULEWRIGHT_SHARED")
    return path


@pytest.fixture(scope="session")
def corpus(shared: Path) -> list[Path]:
    """Every rule file of the public corpus, sorted."""
    return sorted((shared / "corpus").rglob("*.toml"))
