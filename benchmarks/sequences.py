"""A sequence over many events on many hosts: events a second and peak memory, and those of PyPI's `eql` if installed.

    python benchmarks/sequences.py [EVENTS] [HOSTS]

Each engine runs in a process of its own over the same events, made from a fixed seed. Both are given the query
`sequence by host.id with maxspan=1m`, a download and then a shell.
"""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

QUERY = """sequence by host.id with maxspan=1m
  [process where process.name == "curl"]
  [process where process.name == "sh" and process.parent.name == "cron"]"""
NAMES = ("curl", "sh", "ls", "cat", "python", "sshd", "nginx", "java")
STEP_MS = 20
TYPES = {"@timestamp": "date", "event.category": "keyword", "host.id": "keyword"}
TYPES |= {"process.name": "keyword", "process.parent.name": "keyword"}


def documents(count: int, hosts: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    for number in range(count):
        yield {
            "@timestamp": 1_700_000_000_000 + number * STEP_MS,
            "event": {"category": "process"},
            "host": {"id": f"h{chance.randrange(hosts)}"},
            "process": {"name": chance.choice(NAMES), "parent": {"name": chance.choice(("cron", "bash"))}},
        }


def ours(count: int, hosts: int) -> int:
    from rulewright_engine.evaluate.event import Event
    from rulewright_engine.evaluate.sequences import match_sequence
    from rulewright_engine.ir.expression import Field, FieldType
    from rulewright_engine.ir.fields import MappingFields
    from rulewright_engine.ir.query import Language, Sequence
    from rulewright_engine.languages.parse import parse_query

    query = parse_query(Language.EQL, QUERY, MappingFields(TYPES)).query
    assert isinstance(query, Sequence)
    timestamp = Field("@timestamp", FieldType.DATE)
    events = (Event(document) for document in documents(count, hosts))
    return sum(1 for _ in match_sequence(query, ((i, e.values(timestamp)[0], e) for i, e in enumerate(events))))


def pypi(count: int, hosts: int) -> int:
    import eql

    found = []
    engine = eql.PythonEngine()
    with eql.parser.elasticsearch_syntax:
        engine.add_query(eql.parse_query(QUERY, implied_any=True))
    engine.add_output_hook(found.append)
    ticks = 10_000  # its clock counts 100 nanoseconds
    engine.stream_events(eql.Event("process", d["@timestamp"] * ticks, d) for d in documents(count, hosts))
    return len(found)


def measure(engine: str, count: int, hosts: int) -> None:
    """Run one engine here and print what it took; making the events is not counted."""
    began = time.process_time()
    for _ in documents(count, hosts):
        pass
    making = time.process_time() - began
    began = time.process_time()
    found = {"ours": ours, "pypi": pypi}[engine](count, hosts)
    took = time.process_time() - began - making
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{engine:<6}{count / took:>12,.0f} events/s{peak:>10,.0f} MiB{found:>12,} sequences")


def main(count: int = 1_000_000, hosts: int = 1_000) -> None:
    engines = ["ours", *(["pypi"] if find_spec("eql") else [])]
    for engine in engines:
        subprocess.run([sys.executable, __file__, engine, str(count), str(hosts)], check=True)
    if len(engines) == 1:
        print("PyPI's `eql` is not installed: `pip install eql` to compare")


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["pypi"]):
        measure(sys.argv[1], *map(int, sys.argv[2:]))
    else:
        main(*map(int, sys.argv[1:]))
