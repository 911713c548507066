"""How fast the conditions of queries compile and run, by processor time: `python benchmarks/evaluate.py [FOLDER]`.

FOLDER holds rule files (default: `ruleset/`); every EQL and KQL event query in it is compiled, then run over one event.
"""

import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.values.patterns import compile_glob
from rulewright_engine.values.patterns.glob import compile_folded_glob

EVENT = {
    "@timestamp": "2026-01-01T12:00:00.000Z",
    "event": {"category": ["process"], "type": ["start"], "action": "start"},
    "host": {"id": "h-1", "os": {"type": "windows"}},
    "process": {
        "name": "powershell.exe",
        "executable": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
        "args": ["powershell.exe", "-NoProfile", "-Command", "Get-Date"],
        "command_line": "powershell.exe -NoProfile -Command Get-Date",
        "parent": {"name": "explorer.exe", "executable": "C:\\Windows\\explorer.exe"},
    },
    "user": {"id": "S-1-5-21-1-2-3-1001", "name": "alice"},
}
RUNS = 200


def conditions(folder: Path) -> list[Condition]:
    fields, found = CatalogueFields(), []
    for path in sorted(folder.rglob("*.toml")):
        rule = tomllib.loads(path.read_text(encoding="utf-8")).get("rule", {})
        if rule.get("language") in (Language.EQL, Language.KQL):
            query = parse_query(Language(rule["language"]), rule["query"], fields).query
            if isinstance(query, EventQuery):
                found.append(query.condition)
    return found


def seconds(work: Callable[[], object], times: int = 1) -> float:
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "ruleset")
    found = conditions(folder)
    if not found:
        sys.exit(f"no EQL or KQL event query below {folder}")
    sizes = [sum(1 for _ in condition.leaves()) for condition in found]
    compiling = []
    for condition in found:
        compile_glob.cache_clear()
        compile_folded_glob.cache_clear()
        compiling.append(seconds(lambda condition=condition: compile_condition(condition)))
    event = Event(EVENT)
    checks = [compile_condition(condition) for condition in found]
    running = [seconds(lambda check=check: check(event), RUNS) for check in checks]
    print(f"{len(found)} queries, {sum(sizes)} conditions, at most {max(sizes)}")
    each = sum(compiling) / sum(sizes)
    print(f"compile: {each * 1e6:.1f} µs a condition, median {median(compiling) * 1e6:.0f} µs a query")
    print(f"run, event flattened: median {median(running) * 1e6:.2f} µs, at most {max(running) * 1e6:.1f} µs")
    print(f"flatten: {seconds(lambda: Event(EVENT).names(), RUNS) * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
