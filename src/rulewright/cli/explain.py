"""Say why an event matches a rule or not: `rulewright explain RULE -e EVENT`.

Each condition is shown with its truth and, at the leaves, what the event holds; `<--` marks what decides.
With a code instead of a rule, `rulewright explain RW301`, print the page of that code.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from rulewright.cli.common import CLEAN, FINDINGS, counted, show, sources_of
from rulewright.codes import page_of
from rulewright.project import open_project
from rulewright.report import Style, style_for
from rulewright.report.style import printable
from rulewright_engine.evaluate import Trace, trace
from rulewright_engine.event import Event
from rulewright_engine.expression import And, Leaf, Nested, Not, Or
from rulewright_engine.query import EventQuery
from rulewright_generators.fixtures.results import deciding_leaf
from rulewright_schema.errors import UsageError
from rulewright_schema.jsonlines import parse_json_lines, read_text


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", metavar="RULE|CODE", help="a rule file, or a code such as RW301")
    parser.add_argument("-e", "--event", metavar="FILE", help="events, one JSON object a line; or cases of the rule")
    parser.add_argument("--case", metavar="NAME", help="of a file of cases, the case with this name")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> int:
    if arguments.subject.upper().startswith("RW") and arguments.subject[2:].isdigit():
        print(page_of(arguments.subject.upper()))
        return CLEAN
    if not arguments.event:
        raise UsageError("name a file with an event: `rulewright explain RULE -e EVENT`")
    project = open_project([arguments.subject])
    if len(project.files) != 1 or not project.rules:
        show(project.problems, sources_of(project))
        return FINDINGS
    query = project.rules[0].meaning
    if not isinstance(query, EventQuery):
        show(project.problems, sources_of(project))
        raise UsageError("only a rule with one condition on single events can be explained")
    events = _events(Path(arguments.event), arguments.case)
    for name, event in events:
        traced = trace(query.condition, event)
        if arguments.format == "json":
            print(json.dumps({"event": name, "match": traced.truth, "trace": traced.to_json()}, ensure_ascii=False))
        else:
            print("\n".join(_explained(name, traced, style_for(sys.stdout))))
    return CLEAN


def _events(path: Path, case: str | None) -> list[tuple[str, Event]]:
    """The events of a file, named by line or by case."""
    source, problems = read_text(path, str(path))
    lines, wrong = parse_json_lines(source)
    if problems or wrong:
        raise UsageError((problems or wrong)[0].message + f" (in `{path}`)")
    found: list[tuple[str, Event]] = []
    for number, line in enumerate(lines, 1):
        if "case" in line.value and isinstance(line.value.get("events"), list):
            name = str(line.value["case"])
            if case in (None, name):
                found += [(name, Event(event)) for event in line.value["events"] if isinstance(event, dict)]
        elif case is None:
            found.append((f"event {number}", Event(line.value)))
    if not found:
        raise UsageError(f"no case named `{case}` in `{path}`" if case else f"no event in `{path}`")
    return found


def _explained(name: str, traced: Trace, style: Style) -> Iterator[str]:
    verdict = style.paint("green", "matches") if traced.truth else style.paint("yellow", "does not match")
    yield f"{style.paint('bold', name)} {verdict}"
    yield from _tree(traced, deciding_leaf(traced), style, 1)
    yield ""


def _tree(node: Trace, decisive: Trace | None, style: Style, depth: int) -> Iterator[str]:
    mark = style.paint("green", "+") if node.truth else style.paint("red", "-")
    indent = "  " * depth
    match node.node:
        case Leaf(text=text):
            pointer = style.paint("bold", "  <--") if node is decisive else ""
            yield f"{indent}{mark} {printable(text)}   {style.paint('dim', _values(node))}{pointer}"
            return
        case Or(listed=True) if node.truth:
            for child in node.children:
                if child.truth:
                    yield from _tree(child, decisive, style, depth)
            return
        case Or(listed=True) if all(child is not decisive for child in node.children):
            fields = {name: values for child in node.children for name, values in child.values.items()}
            shown = style.paint("dim", _values(Trace(node.node, node.truth, fields)))
            yield f"{indent}{mark} none of {counted(len(node.children), 'value')}   {shown}"
            return
        case And():
            word = "all of"
        case Or():
            word = "any of"
        case Not():
            word = "not"
        case Nested(path):
            word = f"one object of {printable(path)} with"
        case _:
            word = "true" if node.truth else "false"
    yield f"{indent}{mark} {word}"
    for child in node.children:
        yield from _tree(child, decisive, style, depth + 1)


def _values(node: Trace) -> str:
    return "; ".join(
        f"{name} = {', '.join(json.dumps(value, ensure_ascii=False) for value in values) or 'missing'}"
        for name, values in node.values.items()
    )
