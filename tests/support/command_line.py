"""The command line in the process of the test, and rules for it to read."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rulewright.cli import main

__all__ = ["RULE", "Run", "process", "run", "write_events", "write_rule"]

Run = Callable[..., tuple[int, str, str]]

RULE = """
[metadata]
creation_date = "2026/01/01"
maturity = "production"
updated_date = "2026/01/01"

[rule]
author = ["Somebody"]
description = "A test."
from = "now-9m"
index = ["logs-endpoint.events.process-*"]
interval = "5m"
language = "eql"
name = "{name}"
query = '''
{query}
'''
risk_score = 47
rule_id = "0d69150b-96f8-467c-a86d-a67a3378ce77"
severity = "medium"
type = "eql"
"""
QUERY = 'process where process.name in ("nc", "ncat") and process.args : "-e"'


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        try:
            code = main(words)
        except SystemExit as stop:  # argparse's own way out
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def write_rule(path: Path, *, name: str = "Netcat runs a program", query: str = QUERY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(RULE.format(name=name, query=query), encoding="utf-8")
    return path


def write_events(path: Path, *events: dict[str, object]) -> str:
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")
    return str(path)


def process(name: str, **more: object) -> dict[str, object]:
    return {"event": {"category": "process"}, "process": {"name": name, **more}}
