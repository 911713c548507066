"""A rule that is as hostile as a rule file can be, and an entry made of it."""

from dataclasses import replace
from typing import Any

import pytest

from rulewright_engine.ir.expression import And, Equals, Field, FieldType, Leaf, MatchesGlob, Not, Or
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.values.patterns.glob import Wild
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.guides import Entry
from rulewright_schema.rule import (
    EqlRule,
    Metadata,
    Tactic,
    Technique,
    Threat,
    Transform,
)
from rulewright_schema.source import Source

QUERY = """process where process.name in ("nc", "ncat") and process.args : "-e*" /* a shell */ and
  not user.name == "svc<script>"
"""
NOTE = """## Triage

- Look at `process.args`
    - $osquery_0
    - $investigate_0

<script>alert(1)</script>

[click](javascript:alert(1)), see https://example.org/guide.
"""


def leaf(name: str, test: Any, text: str) -> Leaf:
    return Leaf(Field(name, FieldType.KEYWORD), test, text)


CONDITION = And(
    (
        leaf("event.category", Equals("process"), 'event.category == "process"'),
        Or(
            (
                leaf("process.name", Equals("nc"), 'process.name in ("nc")'),
                leaf("process.name", Equals("ncat"), 'process.name in ("ncat")'),
            ),
            listed=True,
        ),
        leaf("process.args", MatchesGlob(("-e", Wild.ANY), insensitive=True), 'process.args : "-e*"'),
        Not(leaf("user.name", Equals("svc<script>"), 'user.name == "svc<script>"')),
    )
)


def event(name: str, args: str) -> dict[str, Any]:
    return {"event": {"category": ["process"]}, "process": {"name": name, "args": [name, args]}}


CASES = (
    Case(
        name="positive-0",
        events=(event("nc", "-e/bin/sh"),),
        alerts=((0,),),
        why="meets every condition",
        covers=('event.category == "process"', 'process.name in ("nc")', 'process.args : "-e*"'),
    ),
    Case(
        name="near-miss-0",
        events=(event("socat", "-e/bin/sh"),),
        alerts=(),
        why="process.name is <b>neither</b>",
        flips='process.name in ("nc")',
    ),
)


@pytest.fixture
def rule() -> EqlRule:
    return EqlRule(
        metadata=Metadata(creation_date="2026/01/02", updated_date="2026/02/03", integration=("endpoint",)),
        name='../../<script>alert("name")</script>',
        description="Finds a <b>shell</b> behind a socket.",
        author=("Rulewright <x@example.org>",),
        rule_id="0d4ac8fb-6c1e-4f0a-9f9e-0a7a4ad6a111",
        risk_score=47,
        severity="medium",
        type="eql",
        license="Apache-2.0",
        tags=("Data Source: Elastic Defend", "Tactic: Execution", "<script>tag</script>"),
        index=("logs-endpoint.events.process-*",),
        from_="now-9m",
        threat=(
            Threat(
                framework="MITRE ATT&CK",
                tactic=Tactic(id="TA0002", name="Execution", reference="https://attack.mitre.org/tactics/TA0002/"),
                technique=(Technique(id="T1059", name="<Interpreter>", reference="javascript:alert(1)"),),
            ),
        ),
        note=NOTE,
        setup="Install the agent.",
        references=("https://example.org/a?b=<c>", "javascript:alert(2)"),
        false_positives=("    Administrators who debug.\n    Rare.",),
        transform=Transform(
            osquery=({"label": "Sockets <i>", "query": "SELECT * FROM sockets WHERE a || b"},),
            investigate=(
                {
                    "label": "Alerts of the host",
                    "relativeFrom": "now-48h/h",
                    "relativeTo": "now",
                    "providers": [[{"field": "host.id", "value": "{{host.id}}", "excluded": False}]],
                },
            ),
        ),
        query=QUERY,
        raw={},
    )


@pytest.fixture
def entry(rule: EqlRule) -> Entry:
    return Entry(
        rule=rule,
        source=Source("rules/<x>.toml", "[rule]\nname = '<script>'\n"),
        query=EventQuery(CONDITION),
        cases=CASES,
        unproven={'process.name in ("ncat")': "<i>another</i> element matches as well"},
    )


@pytest.fixture
def plain_entry(entry: Entry) -> Entry:
    """The same rule where its query could not be read."""
    return replace(entry, query=None, cases=(), unproven=None)
