"""Say why a rule fires for events or does not, or what a code means.

Each condition is shown with its truth and what the event holds; `<--` marks the
first that blocks. Then come all that block, and the smallest change with which
the rule fires. Of rules that see several events, what the best of them lack; of
ES|QL rules, the command that dropped them.

  rulewright explain rules/netcat.toml -e event.json
  rulewright explain rules/netcat.toml -e rules/netcat.cases.jsonl
  rulewright explain RW301

Exit codes: 0 explained, 1 the rule file has errors, 2 misuse.
"""

import argparse
import sys
from pathlib import Path

from rulewright._explain import explanations, read_inputs
from rulewright._project.codes import page_of
from rulewright._project.project import open_project
from rulewright._report import print_json, show, style_for
from rulewright.cli._shared import CLEAN, FINDINGS
from rulewright_schema.errors import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("given", metavar="RULE|CODE", help="a rule file, or a code such as RW301")
    parser.add_argument(
        "-e", "--event", metavar="FILE", help="one JSON document, one a line, or cases of the rule; `-`: standard input"
    )
    parser.add_argument("--case", metavar="NAME", help="of a file of cases, the case with this name")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")


def run(arguments: argparse.Namespace) -> int:
    if arguments.given.upper().startswith("RW") and arguments.given[2:].isdigit():
        print(page_of(arguments.given.upper()))
        return CLEAN
    if not arguments.event:
        raise UsageError("name a file with an event: `rulewright explain RULE -e EVENT`")
    project = open_project([arguments.given])
    if len(project.files) > 1:
        raise UsageError(f"`{arguments.given}` holds {len(project.files)} rules; name one")
    if not project.rules:
        show(project.problems, project.sources)
        return FINDINGS
    rule = project.rules[0]
    if rule.compiled is None:
        show(project.problems, project.sources)
    style = style_for(sys.stdout)
    for explanation in explanations(rule, read_inputs(Path(arguments.event), arguments.case)):
        if arguments.format == "json":
            print_json(explanation.to_json())
        else:
            print("\n".join(explanation.lines(style)), end="\n\n")
    return CLEAN
