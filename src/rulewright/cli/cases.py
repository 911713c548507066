"""Generate the cases of rules from their queries; show what would change.

With --write, `<rule>.cases.jsonl` beside each rule is written. Cases written by
hand are kept as and where they are, and generated ones that still hold. Where
a case would go that shows on what the rule fires, the file is not written
unless --accept-losses says so.

Exit codes: 0 nothing would change, or it was written, 1 something would change,
firing cases would be lost, or a file of cases cannot be read, 2 misuse.
"""

import argparse
import sys
from collections import Counter
from difflib import unified_diff

from rulewright._project.outputs import CasesUpdate, update_of_cases
from rulewright._report import show
from rulewright.cli._shared import CLEAN, FINDINGS, add_paths, the_project
from rulewright_schema.codes.isolation import isolated
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.wording import counted


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    parser.add_argument("--write", action="store_true", help="write `<rule>.cases.jsonl` beside each rule")
    parser.add_argument("--accept-losses", action="store_true", help="with --write, let firing cases go")


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    told: Counter[str] = Counter()
    broken: list[Diagnostic] = []
    for rule in project.rules:
        with isolated(rule.file.name, broken):
            if rule.compiled is not None:
                told[_handle(update_of_cases(rule), arguments)] += 1
    show(broken, project.sources)
    verb = "written" if arguments.write else "would change"
    print(f"{counted(told['changed'], 'file')} of cases {verb}", file=sys.stderr)
    if told["refused"]:
        refused = f"{counted(told['refused'], 'file')} not written, for firing cases would be lost"
        print(f"{refused}: look at them, then use `rulewright cases --write --accept-losses`", file=sys.stderr)
    is_open = told["refused"] or (told["changed"] and not arguments.write)
    return FINDINGS if broken or told["unreadable"] or is_open else CLEAN


def _handle(update: CasesUpdate, arguments: argparse.Namespace) -> str:
    """Say what becomes of the cases of a rule, and write them where that is wanted; what was done, in a word."""
    show(update.problems, update.sources)
    if update.problems:
        return "unreadable"
    if not update.is_change:
        return "same"
    if update.changes is not None:
        sentence, *lines = update.changes.lines()
        print(f"{update.path}: {sentence}", *lines, sep="\n")
    if not arguments.write:
        sys.stdout.writelines(_diff(update))
        return "changed"
    if update.loses and not arguments.accept_losses:
        return "refused"
    update.write()
    print(update.path)
    return "changed"


def _diff(update: CasesUpdate) -> list[str]:
    before, after, name = update.before.splitlines(True), update.after.splitlines(True), str(update.path)
    return list(unified_diff(before, after, name, name, n=0))
