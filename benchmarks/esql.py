"""ES|QL rules: how long parsing, typing and running take; and five of them over many events, compared with DuckDB.

    python benchmarks/esql.py CORPUS [EVENTS]

CORPUS is a folder of public rules, from which the queries are read by the names of their files. DuckDB runs SQL of the
same five, written by hand, over the same file of events (NDJSON, made from a fixed seed), if it is installed
(`pip install duckdb`). Each engine runs in a process of its own and reads the file; the answers of both must be equal.
Seconds are processor time, of all threads.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from rulewright_engine.esql import Table, analyze, run
from rulewright_engine.esql.execution.alerts import rule_alerts
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import CatalogueFields, MappingFields
from rulewright_engine.values.dates import REFERENCE_TIME, parse_date

START = parse_date("2025-12-31T00:00:00.000Z") or 0
STEP_MS = 20
SMALL = 200
"""Events that every rule is run over."""

OTHER_TYPES = {
    "@timestamp": "date",
    "source.ip": "ip",
    "destination.ip": "ip",
    "process.pid": "long",
    "http.response.status_code": "long",
    "source.as.number": "long",
    "host.ip": "ip",
}
"""The fields that are not keywords."""


@dataclass(frozen=True)
class Comparison:
    """One rule of the corpus, the columns of its result to compare, and what gives them in SQL."""

    file: str
    what: str
    columns: tuple[str, ...]
    sql: str


COMPARISONS = (
    Comparison(
        "command_and_control_fin7_c2_behavior.toml",
        "filter with RLIKE",
        ("@timestamp", "destination.domain", "source.ip", "destination.ip", "data_stream.dataset"),
        r"""
SELECT iso("@timestamp"), "destination.domain", "source.ip", "destination.ip", "data_stream.dataset" FROM events
WHERE ("data_stream.dataset" IN ('network_traffic.tls', 'network_traffic.http')
       OR ("event.category" IN ('network', 'network_traffic') AND "network.protocol" IN ('tls', 'http')
           AND "network.transport" = 'tcp'))
  AND regexp_full_match("destination.domain", '[a-zA-Z]{4,5}\.(pw|us|club|info|site|top)')
  AND "destination.domain" <> 'zoom.us'""",
    ),
    Comparison(
        "impact_high_freq_file_renames_by_kernel.toml",
        "COUNT_DISTINCT by minute",
        ("host.id", "user.id", "file.name", "Esql.time_window_date_trunc", "Esql.file_path_count_distinct",
         "Esql.file_path_values"),
        r"""
SELECT "host.id", "user.id", "file.name", iso(date_trunc('minute', "@timestamp")) AS minute,
       count(DISTINCT "file.path") AS paths, list(DISTINCT "file.path") FROM events
WHERE "event.category" = 'file' AND "host.os.type" = 'windows' AND "event.action" = 'creation' AND "process.pid" = 4
  AND "user.id" <> 'S-1-5-18' AND "file.extension" IN ('txt', 'htm', 'html', 'hta', 'pdf', 'jpg', 'bmp', 'png')
  AND lower("file.path") LIKE 'c:\%' AND lower("file.path") NOT LIKE 'c:\temp\%'
GROUP BY "host.id", "host.name", "user.name", "user.id", "process.entity_id", "file.name", minute
HAVING paths >= 3""",
    ),
    Comparison(
        "discovery_aad_graph_high_4xx_ratio_by_user.toml",
        "CASE, ratio by 2 minutes",
        ("user.id", "source.as.number", "Esql.time_window", "Esql.total_calls", "Esql.errors", "Esql.url_path_count",
         "Esql.error_rate", "Esql.source_ips", "Esql.first_seen", "Esql.last_seen"),
        r"""
SELECT "user.id", "source.as.number", iso(time_bucket(INTERVAL 2 minutes, "@timestamp")) AS bucket, count(*) AS calls,
       sum(CASE WHEN "http.response.status_code" >= 400 AND "http.response.status_code" < 500 THEN 1 ELSE 0 END)::BIGINT
         AS errors, count(DISTINCT "url.path") AS paths, round(errors * 1.0::DOUBLE / calls, 2) AS rate,
       list(DISTINCT "source.ip"), iso(min("@timestamp")), iso(max("@timestamp")) FROM events
WHERE "data_stream.dataset" = 'azure.aadgraphactivitylogs'
GROUP BY "user.id", "source.as.number", bucket
HAVING calls > 20 AND errors >= 10 AND rate >= 0.4 AND paths >= 15""",
    ),
    Comparison(
        "execution_lambda_function_invoked_cross_account.toml",
        "two GROKs",
        ("aws.cloudtrail.user_identity.arn", "Esql.caller_account", "Esql.function_account", "Esql.invocation_count",
         "Esql.source_ips"),
        r"""
SELECT "aws.cloudtrail.user_identity.arn", caller, callee, count(*), list(DISTINCT "source.ip") FROM (
  SELECT *, nullif(regexp_extract("aws.cloudtrail.user_identity.arn", ':([0-9]{12}):', 1), '') AS caller,
    nullif(regexp_extract("aws.cloudtrail.request_parameters",
      'functionName=arn:aws:lambda:[a-z0-9-]*:([0-9]{12}):', 1), '') AS callee FROM events
  WHERE "event.provider" = 'lambda.amazonaws.com' AND "event.action" LIKE 'Invoke%' AND "event.outcome" = 'success'
    AND "aws.cloudtrail.user_identity.arn" IS NOT NULL AND "aws.cloudtrail.user_identity.invoked_by" IS NULL
    AND "aws.cloudtrail.request_parameters" IS NOT NULL)
WHERE caller <> callee GROUP BY "aws.cloudtrail.user_identity.arn", caller, callee""",
    ),
    Comparison(
        "defense_evasion_audit_policy_disabled_winlog.toml",
        "INLINE STATS, MV_CONTAINS",
        ("@timestamp", "host.id", "winlog.event_data.SubCategory", "Esql.winlog_AuditPolicyChangesDescription_values"),
        r"""
SELECT iso("@timestamp"), "host.id", "winlog.event_data.SubCategory", seen FROM (
  SELECT *, list(DISTINCT "winlog.event_data.AuditPolicyChangesDescription") OVER
    (PARTITION BY "host.id", "winlog.event_data.SubCategory", time_bucket(INTERVAL 5 minutes, "@timestamp")) AS seen
  FROM events
  WHERE "host.os.type" = 'windows' AND "event.code" = '4719'
    AND "winlog.event_data.AuditPolicyChangesDescription" IN ('Success removed', 'Success Added')
    AND "winlog.event_data.SubCategory" IN ('Logon', 'Audit Policy Change', 'Process Creation', 'Other System Events',
      'Security Group Management', 'User Account Management'))
WHERE "winlog.event_data.AuditPolicyChangesDescription" = 'Success removed' AND NOT list_contains(seen, 'Success Added')
  AND "@timestamp" < TIMESTAMP '{now}' - INTERVAL 5 minutes""",
    ),
)  # fmt: skip


# Events: five kinds in turn, each looked for by one of the rules, which must also pass over the others


def documents(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    kinds = (connection, file_written, graph_call, invocation, audit_policy)
    for number in range(count):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime((START + number * STEP_MS) // 1000))
        own = kinds[number % len(kinds)](chance)
        yield {"@timestamp": f"{stamp}.{number * STEP_MS % 1000:03d}Z", **own}


def one_in(chance: random.Random, many: int) -> bool:
    return chance.randrange(many) == 0


def address(chance: random.Random) -> str:
    return f"10.{chance.randrange(4)}.{chance.randrange(256)}.{chance.randrange(256)}"


def connection(chance: random.Random) -> dict[str, Any]:
    domain = f"{chance.choice(('www', 'cdn', 'api'))}{chance.randrange(900)}.example.com"
    if one_in(chance, 2_000):
        domain = chance.choice(("zoom.us", "abcd.top", "qwert.pw", "abcdef.top"))
    return {
        "data_stream.dataset": chance.choice(("network_traffic.tls", "network_traffic.flow")),
        "event.category": "network", "network.protocol": "tls", "network.transport": "tcp",
        "source.ip": address(chance), "destination.ip": address(chance), "destination.domain": domain,
    }  # fmt: skip


def file_written(chance: random.Random) -> dict[str, Any]:
    host, name = chance.randrange(400), chance.choice(("report", "invoice", "photo", "notes", "readme"))
    extension, folder = chance.choice(("txt", "pdf", "docx", "xlsx", "png")), chance.randrange(1_000)
    if one_in(chance, 120):
        host, name, extension = 0, "readme", "txt"
    return {
        "event.category": "file", "event.action": chance.choice(("creation", "creation", "deletion")),
        "host.os.type": "windows", "host.id": f"host-{host}", "host.name": f"pc{host}", "host.ip": "10.9.0.7",
        "user.id": chance.choice(("S-1-5-18", "S-1-5-21-1-2-3-1001")), "user.name": "ada",
        "process.pid": chance.choice((4, 4, 812)), "process.entity_id": f"e-{host}", "file.extension": extension,
        "file.name": f"{name}.{extension}",
        "file.path": f"C:\\{chance.choice(('Users', 'Share', 'temp'))}\\{folder}\\{name}.{extension}",
    }  # fmt: skip


def graph_call(chance: random.Random) -> dict[str, Any]:
    user = 0 if one_in(chance, 30) else chance.randrange(1, 500)
    bad = chance.random() < (0.6 if user == 0 else 0.05)
    return {
        "data_stream.dataset": "azure.aadgraphactivitylogs", "http.response.status_code": 403 if bad else 200,
        "url.path": f"/v1/{chance.choice(('users', 'groups', 'devices'))}/{chance.randrange(80)}",
        "azure.tenant_id": "t-1", "azure.aadgraphactivitylogs.properties.api_version": "1.6",
        "azure.aadgraphactivitylogs.properties.app_id": f"app-{user % 7}", "source.ip": f"10.7.0.{user % 250}",
        "source.as.number": 64_500 + user % 3, "source.as.organization.name": "Example", "user.id": f"user-{user}",
        "user_agent.original": "Mozilla/5.0",
    }  # fmt: skip


def invocation(chance: random.Random) -> dict[str, Any]:
    account = 100_000_000_000 + chance.randrange(40)
    callee = account + 1 if one_in(chance, 1_500) else account
    return {
        "event.provider": chance.choice(("lambda.amazonaws.com", "s3.amazonaws.com")), "event.outcome": "success",
        "event.action": chance.choice(("Invoke20150331", "ListFunctions20150331")), "source.ip": address(chance),
        "aws.cloudtrail.user_identity.arn": f"arn:aws:sts::{account}:assumed-role/app/{account % 5}",
        "aws.cloudtrail.request_parameters": f"{{functionName=arn:aws:lambda:eu-west-1:{callee}:function:job}}",
        "aws.cloudtrail.resources.arn": f"arn:aws:lambda:eu-west-1:{callee}:function:job",
    }  # fmt: skip


def audit_policy(chance: random.Random) -> dict[str, Any]:
    return {
        "host.os.type": "windows", "host.id": f"host-{chance.randrange(60)}",
        "event.code": "4719" if one_in(chance, 300) else "4624",
        "winlog.event_data.AuditPolicyChangesDescription": chance.choice(("Success removed", "Success Added")),
        "winlog.event_data.SubCategory": chance.choice(("Logon", "Process Creation", "File System")),
    }  # fmt: skip


# The engines


def queries(corpus: Path) -> dict[str, str]:
    rules = (
        (path.name, tomllib.loads(path.read_text(encoding="utf-8")).get("rule", {})) for path in corpus.rglob("*.toml")
    )
    return {
        name: rule["query"] for name, rule in sorted(rules, key=lambda each: each[0]) if rule.get("language") == "esql"
    }


def mapping() -> MappingFields:
    names = {name for document in documents(5) for name in document} | {"aws.cloudtrail.user_identity.invoked_by"}
    return MappingFields(dict.fromkeys(sorted(names), "keyword") | OTHER_TYPES)


def ours(comparison: Comparison, corpus: Path, events: Path) -> list[list[Any]]:
    with events.open(encoding="utf-8") as lines:
        found = run(queries(corpus)[comparison.file], (Event(json.loads(line)) for line in lines), mapping())
    assert isinstance(found, Table), found
    places = [[column.name for column in found.columns].index(name) for name in comparison.columns]
    return [[row[place] for place in places] for row in found.rows]


def duckdb(comparison: Comparison, corpus: Path, events: Path) -> list[list[Any]]:
    import duckdb as engine

    types = {"date": "TIMESTAMP", "long": "BIGINT"}
    fields = mapping()
    columns = {name: types.get(fields.lookup(name).elasticsearch_type, "VARCHAR") for name in fields.matching("*")}  # type: ignore[union-attr]
    connection = engine.connect()
    connection.execute("CREATE MACRO iso(t) AS strftime(t, '%Y-%m-%dT%H:%M:%S.%gZ')")
    connection.execute(
        f"CREATE VIEW events AS SELECT * FROM read_json('{events}', format = 'newline_delimited', columns = {columns})"
    )
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(REFERENCE_TIME // 1000))
    return [list(row) for row in connection.execute(comparison.sql.replace("{now}", now)).fetchall()]


ENGINES: dict[str, Callable[[Comparison, Path, Path], list[list[Any]]]] = {"rulewright": ours, "duckdb": duckdb}


def measure(engine: str, index: int, corpus: Path, events: Path) -> None:
    """Run one engine here; print what it took and gave as JSON."""
    began = time.process_time()
    rows = ENGINES[engine](COMPARISONS[index], corpus, events)
    took = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer = sorted([[comparable(cell) for cell in row] for row in rows], key=repr)
    print(json.dumps({"seconds": took, "peak": peak, "rows": answer}))


def comparable(cell: Any) -> Any:
    """Values as sets; one value as itself, as ES|QL has it."""
    if isinstance(cell, list):
        return comparable(cell[0]) if len(cell) == 1 else sorted(map(comparable, cell))
    return round(cell, 6) if isinstance(cell, float) else cell


# What is printed


def show_rules(corpus: Path) -> None:
    """Parsing and typing of every rule, and its run over a few events, each the best of three."""
    fields, texts = CatalogueFields(), queries(corpus)
    typing, running = [], []
    made = list(documents(SMALL))
    for text in texts.values():
        typing.append(best(lambda text=text: analyze(text, fields)))
        running.append(best(lambda text=text: rule_alerts(text, [Event(each) for each in made], fields)))
    for what, taken in (("parsed and typed", typing), (f"run over {SMALL} events, read once", running)):
        print(f"{len(texts)} rules {what}: median {median(taken):.2f} ms, at most {max(taken):.2f} ms")


def read(events: Path) -> None:
    with events.open(encoding="utf-8") as lines:
        for line in lines:
            json.loads(line)


def best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times) * 1000


def main(corpus: str, count: str = "1000000") -> None:
    show_rules(Path(corpus))
    engines = [name for name in ENGINES if name == "rulewright" or find_spec(name)]
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events.ndjson"
        with events.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(document) + "\n" for document in documents(int(count)))
        size, reading = events.stat().st_size / 2**20, best(lambda: read(events)) / 1000
        print(f"{int(count):,} events, {size:,.0f} MiB; reading alone (`json.loads`): {reading:.1f} s")
        for index, comparison in enumerate(COMPARISONS):
            compare(index, comparison, engines, corpus, events)
    if "duckdb" not in engines:
        print("DuckDB is not installed: `pip install duckdb` to compare")


def compare(index: int, comparison: Comparison, engines: list[str], corpus: str, events: Path) -> None:
    found = {}
    for engine in engines:
        command = [sys.executable, __file__, "--measure", engine, str(index), corpus, str(events)]
        found[engine] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    figures = ", ".join(f"{name} {each['seconds']:.1f} s {each['peak']:,.0f} MiB" for name, each in found.items())
    print(f"{comparison.file} ({comparison.what}): {len(found[engines[0]]['rows'])} rows, {figures}")
    if any(each["rows"] != found[engines[0]]["rows"] for each in found.values()):
        sys.exit("the answers differ")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]), Path(sys.argv[5]))
    elif len(sys.argv) in (2, 3):
        main(*sys.argv[1:])
    else:
        sys.exit((__doc__ or "").split("\n\n")[1])
