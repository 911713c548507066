"""Say what a change to rules changes of what they find.

Each rule is equal, narrower, wider or both. Every condition and list element
that was removed, added or changed is told, losses first, with an event that
shows it, confirmed by running both rules, or that it makes no difference; what
is not decided is said to be so. Other keys that an analyst sees (severity,
schedule, threat) are told, and leave a rule equal. Rules belong together by
their id. `diff-policy` in the settings says which of all this is allowed,
warned of or refused, by path.

  rulewright diff main rules/            the working tree against a branch
  rulewright diff HEAD~1 HEAD            two revisions, in the settings' paths
  rulewright diff v1:rules/a.toml b.toml

Exit codes: 0 nothing is refused, 1 something is, 2 misuse. Without a policy, it
is refused that a rule finds something else, is new or is gone, and all other
keys may change.
"""

import argparse
import sys
from pathlib import Path

from rulewright._compare.entries import entries, summary
from rulewright._compare.machine import as_data
from rulewright._compare.markdown import as_markdown
from rulewright._compare.policy import NO_RULING, ruling_of
from rulewright._compare.sources import sides
from rulewright._compare.text import as_text
from rulewright._report import print_json, show, style_for
from rulewright.cli._shared import CLEAN, FINDINGS
from rulewright_schema.config import find_config
from rulewright_schema.diff_policy import Verdict
from rulewright_schema.wording import counted


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", help="a rule file, a folder or a git revision")
    parser.add_argument("new", metavar="NEW", help="the same, after the change")
    parser.add_argument(
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="json: one rule a line; markdown: a comment for a pull request (default: text)",
    )


def run(arguments: argparse.Namespace) -> int:
    config = find_config(Path.cwd())
    old, new = sides(arguments.old, arguments.new, config)
    unusable = [file for file in (*old.files, *new.files) if file.rule is None]
    found, rulings = [], []
    style, has_policy = style_for(sys.stdout), bool(config.diff_policy.tables)
    for entry in entries(old, new, config):
        found.append(entry)
        rulings.append(ruling_of(entry, config))
        if arguments.format == "json":
            print_json(as_data(entry, rulings[-1]), flush=True)
        elif arguments.format == "text" and entry.is_worth_saying:
            print(as_text(entry, style, rulings[-1] if has_policy else NO_RULING), flush=True)
    if arguments.format == "markdown":
        print(as_markdown(found, rulings if has_policy else [NO_RULING] * len(found)), end="")
    elif arguments.format == "text":
        show(
            [problem for file in unusable for problem in file.diagnostics],
            {file.name: file.source for file in unusable},
        )
    refused, warned = (sum(each.verdict is verdict for each in rulings) for verdict in (Verdict.REFUSE, Verdict.WARN))
    by_policy = f"; {counted(refused, 'rule')} refused, {counted(warned, 'rule')} with a warning" if has_policy else ""
    print(f"{summary(found)}{by_policy}", file=sys.stderr)
    return FINDINGS if refused else CLEAN
