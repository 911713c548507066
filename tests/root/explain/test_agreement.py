"""What goes with a change to an event: fields that say the same keep saying the same."""

from collections.abc import Mapping
from typing import Any

import pytest

from rulewright._explain.conditions import change_of
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import compile_rule
from rulewright_engine.solver.nearest import Change
from rulewright_generators.cases.events.event_writer import EventWriter, identity_of, setting_of
from rulewright_schema.checks.examples import examples_of
from rulewright_schema.config import Config
from rulewright_schema.files.load import load_text

AGREEMENTS = [
    (  # a program of another name
        'process where event.type == "start" and process.name == "nc" and process.args == "-l"',
        {
            "event": {"category": "process", "type": "start"},
            "process": {
                "name": "ls",
                "executable": "/bin/ls",
                "args": ["ls", "-a"],
                "args_count": 2,
                "command_line": "ls -a",
            },
        },
        {
            "event": {"category": "process", "type": "start"},
            "process": {
                "name": "nc",
                "executable": "/bin/nc",
                "args": ["nc", "-a", "-l"],
                "args_count": 3,
                "command_line": "nc -a -l",
            },
        },
    ),
    (  # an event of another kind; what the event does not hold stays away
        'file where file.name == "a"',
        {"event": {"category": ["process"], "type": ["start"], "action": "exec"}, "file": {"name": "a"}},
        {"event": {"category": ["file"], "type": ["creation"], "action": "creation"}, "file": {"name": "a"}},
    ),
    (  # a kind that the rule demands has no other kind's action
        'file where event.type == "deletion"',
        {"event": {"category": "process", "type": "start", "action": "exec"}},
        {"event": {"category": "file", "type": "deletion", "action": "exec"}},
    ),
    (  # a command line that spells the program otherwise
        'process where process.name == "nc"',
        {"event": {"category": "process"}, "process": {"name": "ls", "command_line": "LS -a", "args": ["ls"]}},
        {"event": {"category": "process"}, "process": {"name": "nc", "command_line": "nc -a", "args": ["nc"]}},
    ),
    (  # fields of another source say no longer what they said
        'any where data_stream.dataset == "aws.cloudtrail" and event.action == "a"',
        {
            "event": {"action": "b", "module": "okta", "dataset": "okta.system"},
            "data_stream": {"dataset": "okta.system"},
            "okta": {"event_type": "b"},
        },
        {
            "event": {"action": "a", "module": "aws", "dataset": "aws.cloudtrail"},
            "data_stream": {"dataset": "aws.cloudtrail"},
            "okta": {"event_type": "b"},
        },
    ),
    (  # a host of another system
        'process where host.os.type == "linux" and process.name == "ash"',
        {
            "event": {"category": "process"},
            "host": {"os": {"type": "windows", "platform": "windows"}},
            "process": {"name": "a.exe", "executable": "C:\\b\\a.exe", "args": ["C:\\b\\a.exe"]},
        },
        {
            "event": {"category": "process"},
            "host": {"os": {"type": "linux", "platform": "ubuntu"}},
            "process": {"name": "ash", "executable": "/usr/bin/ash", "args": ["/usr/bin/ash"]},
        },
    ),
    (  # what did not agree before stays as it was
        'process where user.name == "root"',
        {"event": {"category": "process"}, "user": {"name": "a"}, "process": {"name": "x", "executable": "/bin/y"}},
        {"event": {"category": "process"}, "user": {"name": "root"}, "process": {"name": "x", "executable": "/bin/y"}},
    ),
    (  # a name without an extension
        'file where file.name == "a"',
        {"event": {"category": "file"}, "file": {"name": "b.txt", "extension": "txt"}},
        {"event": {"category": "file"}, "file": {"name": "a"}},
    ),
    (  # nothing follows that the rule does not allow
        'process where process.name == "nc" and process.executable == "/bin/ls"',
        {"event": {"category": "process"}, "process": {"name": "ls", "executable": "/bin/ls"}},
        {"event": {"category": "process"}, "process": {"name": "nc", "executable": "/bin/ls"}},
    ),
]


@pytest.mark.parametrize(("query", "event", "expected"), AGREEMENTS, ids=[each[0] for each in AGREEMENTS])
def test_what_goes_with_a_change_makes_the_event_agree(
    query: str, event: dict[str, Any], expected: dict[str, Any]
) -> None:
    (example,) = examples_of(f"[rule]\nquery = '''{query}'''\n")
    rule = load_text(example.text).rule
    assert rule is not None
    compiled = compile_rule(rule, Config()).compiled
    assert compiled is not None
    assert isinstance(compiled.query, EventQuery)
    condition = compiled.query.condition
    writer = EventWriter(condition, compiled.fields, setting_of(rule, condition), identity_of(rule))
    change = change_of(Event(event), writer, compiled.fields)
    assert isinstance(change, Change)
    assert flat(change.document) == flat(expected)
    assert compile_condition(condition)(Event(change.document))


def flat(document: Mapping[str, Any]) -> dict[str, list[Any]]:
    event = Event(document)
    return {name: event.raw(name) for name in event.names()}
