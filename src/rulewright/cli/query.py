"""Run one query over events, and print the results.

  rulewright query -l eql -e events.ndjson 'process where process.name == "nc"'

Exit codes: 0 the query ran, also without a result, 2 a query, mapping or file
cannot be used.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rulewright._report import print_json, show
from rulewright.cli._shared import CLEAN, UNUSABLE
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.event_types import types_of_events
from rulewright_engine.evaluate.run import Result, newest
from rulewright_engine.evaluate.run import run as run_query
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import Language, QueryOptions
from rulewright_engine.languages.parse import parse_query
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.errors import UsageError
from rulewright_schema.jsonlines import parse_json_lines, read_text
from rulewright_schema.source import Source
from rulewright_schema.wording import counted

LANGUAGES = {"eql": Language.EQL, "kql": Language.KQL, "lucene": Language.LUCENE, "esql": Language.ESQL}
LANGUAGES |= {"kuery": Language.KQL}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-l", "--language", choices=LANGUAGES, required=True, help="(kuery: kql)")
    parser.add_argument("-e", "--events", metavar="FILE", help="events, one JSON object a line")
    parser.add_argument("--mapping", metavar="FILE", help="JSON object: field name to Elasticsearch type or parameters")
    parser.add_argument("--timestamp-field", default="@timestamp", metavar="FIELD", help="(default: %(default)s)")
    parser.add_argument("--tiebreaker-field", metavar="FIELD", help="orders events of the same time")
    parser.add_argument(
        "--event-category-field", default="event.category", metavar="FIELD", help="(default: %(default)s)"
    )
    parser.add_argument("--size", type=_size, metavar="N", help="at most N results; in EQL the newest (default: all)")
    parser.add_argument("--format", choices=("json", "table"), default="table", help="(default: table)")
    parser.add_argument("--query-file", metavar="FILE", help="read the query from FILE")
    parser.add_argument("query", nargs="?", metavar="QUERY", help="`-` reads it from standard input")


def run(arguments: argparse.Namespace) -> int:
    query = _query_source(arguments)
    events = _events(arguments)
    types: dict[str, str | dict[str, Any]] = {**types_of_events(events, timestamp_field=arguments.timestamp_field)}
    if arguments.mapping:
        types |= _mapping(arguments)
    if LANGUAGES[arguments.language] is Language.ESQL:
        return _run_esql(query, events, types, arguments)
    fields = MappingFields(types)
    options = QueryOptions(arguments.event_category_field, arguments.timestamp_field, arguments.tiebreaker_field)
    parsed = parse_query(LANGUAGES[arguments.language], query.text, fields, options)
    _complain(parsed.diagnostics, query)
    if parsed.query is None:
        return UNUSABLE
    found, size = parsed.query, arguments.size
    if size is not None and LANGUAGES[arguments.language] is Language.EQL:
        found, size = newest(found, size), None
    _print(run_query(found, events, fields=fields, options=options, size=size), arguments.format)
    return CLEAN


def _run_esql(query: Source, events: Sequence[Event], types: Mapping[str, Any], arguments: argparse.Namespace) -> int:
    from rulewright_engine.esql import Table
    from rulewright_engine.esql import run as run_esql

    result = run_esql(query.text, events, MappingFields(types))
    if not isinstance(result, Table):
        _complain(result, query)
        return UNUSABLE
    _complain(result.warnings, query)
    if arguments.format == "json":
        columns = [{"name": column.name, "type": column.type.value} for column in result.columns]
        print_json({"columns": columns})
        for row in result.rows:
            print_json(row)
    else:
        _print_table([column.name for column in result.columns], result.rows)
    return CLEAN


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise argparse.ArgumentTypeError(f"`{text}` is no number of results")
    return int(text)


def _query_source(arguments: argparse.Namespace) -> Source:
    if (arguments.query is None) == (arguments.query_file is None):
        raise UsageError("give the query once: as QUERY, as `-` for standard input, or with --query-file")
    if arguments.query_file:
        return _text(arguments.query_file)
    if arguments.query != "-":
        return Source("<query>", arguments.query)
    try:
        return Source("<query>", sys.stdin.buffer.read().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError("the query on standard input is not UTF-8") from error


def _events(arguments: argparse.Namespace) -> list[Event]:
    if not arguments.events:
        if LANGUAGES[arguments.language] is Language.ESQL:
            return []
        raise UsageError("name a file of events with --events")
    source = _text(arguments.events)
    lines, problems = parse_json_lines(source)
    if problems:
        _complain(problems, source)
        raise UsageError(f"`{arguments.events}` cannot be used as events")
    return [Event(line.value) for line in lines]


def _mapping(arguments: argparse.Namespace) -> dict[str, str | dict[str, Any]]:
    source = _text(arguments.mapping)
    try:
        mapping = json.loads(source.text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"`{arguments.mapping}` is not JSON: {error}") from error
    if not isinstance(mapping, dict) or not all(map(_describes_a_field, mapping.values())):
        raise UsageError(f"`{arguments.mapping}` must be one JSON object: field name to type or parameters")
    return mapping


def _describes_a_field(given: object) -> bool:
    """Whether it is the name of a type, or parameters of the right kinds."""
    if not isinstance(given, dict):
        return isinstance(given, str)
    fields = given.get("fields", {})
    has_parameters = isinstance(given.get("type", ""), str) and type(given.get("ignore_above", 0)) is int
    return has_parameters and isinstance(fields, dict) and all(map(_describes_a_field, fields.values()))


def _text(name: str) -> Source:
    source, problems = read_text(Path(name), name)
    if problems:
        raise UsageError(problems[0].message)
    return source


def _complain(problems: Iterable[Diagnostic], source: Source) -> None:
    for problem in problems:
        show([problem], {problem.path: source}, stream=sys.stderr)


def _print(results: Sequence[Result], form: str) -> None:
    if form == "json":
        for result in results:
            keys = {"keys": list(result.keys)} if result.keys else {}
            print_json({"events": list(result.events), **keys})
        return
    rows = [(", ".join(map(str, result.events)), ", ".join(map(str, result.keys))) for result in results]
    _print_table(["events", "keys"] if any(keys for _, keys in rows) else ["events"], rows)
    print(counted(len(results), "result"), file=sys.stderr)


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    cells = [list(columns), *([_cell(value) for value in row[: len(columns)]] for row in rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(columns))]
    for number, row in enumerate(cells):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else text.encode("unicode_escape").decode()
