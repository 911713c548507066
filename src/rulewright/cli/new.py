"""Write a new rule that passes `check`, and its first cases.

What no option says is asked for on a terminal, and has a default elsewhere. The
query must be EQL.

  rulewright new "Netcat runs a shell" --technique T1059.004

Exit codes: 0 written, 1 written, and `check` has findings, 2 misuse.
"""

import argparse
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rulewright._project.atomic_files import write_atomically
from rulewright._project.outputs import update_of_cases
from rulewright._project.project import open_project
from rulewright._report import show
from rulewright.cli._shared import CLEAN, FINDINGS
from rulewright_generators.writing.output import slug
from rulewright_schema.attack import attack
from rulewright_schema.errors import UsageError

RISK_SCORES = {"low": 21, "medium": 47, "high": 73, "critical": 99}
DEFAULT_QUERY = 'process where host.os.type == "linux" and event.type == "start" and process.name == "nc"'


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the name of the rule, as analysts will read it")
    parser.add_argument("--folder", default="ruleset", metavar="DIR", help="where to write it (default: ruleset)")
    parser.add_argument("--description", metavar="TEXT", help="what the rule detects")
    parser.add_argument("--query", metavar="EQL", help="the query")
    parser.add_argument("--severity", choices=RISK_SCORES, help="how bad an alert is")
    parser.add_argument("--index", metavar="PATTERN", help="comma-separated index patterns")
    parser.add_argument("--technique", metavar="ID", help="the ATT&CK technique it detects, such as T1105")
    parser.add_argument("--author", metavar="NAME", help="who answers for the rule")


def run(arguments: argparse.Namespace) -> int:
    import tomli_w

    path = Path(arguments.folder) / f"{slug(arguments.name, separator='_')}.toml"
    if path.exists():
        raise UsageError(f"`{path}` exists; choose another name, or remove it first")
    text = tomli_w.dumps(_rule(arguments), multiline_strings=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)
    project = open_project([str(path)])
    show(project.problems, project.sources)
    print(path)
    for rule in project.rules:
        if rule.compiled is not None and (update := update_of_cases(rule)).is_change:
            update.write()
            print(update.path)
    return FINDINGS if project.problems else CLEAN


def _rule(arguments: argparse.Namespace) -> dict[str, Any]:
    ask = _asker()
    severity = arguments.severity or ask("severity", "medium", lambda text: text in RISK_SCORES)
    index = arguments.index or ask("index patterns", "logs-endpoint.events.process-*", bool)
    technique = arguments.technique or ask("ATT&CK technique (empty for none)", "", lambda text: True)
    today = datetime.now(UTC).strftime("%Y/%m/%d")
    rule: dict[str, Any] = {
        "author": [arguments.author or ask("author", "Detection team", bool)],
        "description": arguments.description or ask("what it detects", f"Detects: {arguments.name}.", bool),
        "from": "now-9m",
        "index": [pattern.strip() for pattern in index.split(",")],
        "interval": "5m",
        "language": "eql",
        "name": arguments.name,
        "query": arguments.query or ask("EQL query", DEFAULT_QUERY, bool),
        "risk_score": RISK_SCORES[severity],
        "rule_id": str(uuid.uuid4()),
        "severity": severity,
        "timestamp_override": "event.ingested",
        "type": "eql",
    }
    if technique:
        rule["threat"] = _threat(technique)
    return {"metadata": {"creation_date": today, "updated_date": today, "maturity": "development"}, "rule": rule}


def _asker() -> Callable[[str, str, Callable[[str], object]], str]:
    """Asks on a terminal until the answer is right; elsewhere gives the default."""

    def ask(question: str, default: str, is_right: Callable[[str], object]) -> str:
        if not sys.stdin.isatty():
            return default
        while True:
            answer = input(f"{question} [{default}]: ").strip() or default
            if is_right(answer):
                return answer

    return ask


def _threat(technique_id: str) -> list[dict[str, Any]]:
    """The `threat` entries of a technique, one for each tactic that it serves."""
    matrix = attack()
    technique = matrix.techniques.get(technique_id)
    if technique is None:
        raise UsageError(f"ATT&CK {matrix.version} has no technique `{technique_id}`")
    own = {"id": technique.id, "name": technique.name, "reference": technique.url}
    parent = matrix.techniques.get(technique.parent) if technique.parent else None
    entry = own
    if parent is not None:
        entry = {"id": parent.id, "name": parent.name, "reference": parent.url, "subtechnique": [own]}  # type: ignore[dict-item]
    tactics = [tactic for tactic in matrix.tactics.values() if tactic.shortname in technique.tactics]
    return [
        {
            "framework": "MITRE ATT&CK",
            "tactic": {
                "id": tactic.id,
                "name": tactic.name,
                "reference": tactic.url,
            },
            "technique": [entry],
        }
        for tactic in tactics
    ]
