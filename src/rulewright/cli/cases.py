"""Generate the cases of rules from their queries; show what would change.

With --write, `<rule>.cases.jsonl` beside each rule is written. Cases written by
hand are kept, and so are generated ones that still hold.

Exit codes: 0 nothing would change, or it was written, 1 something would change,
or a file of cases cannot be read, 2 misuse.
"""

import argparse
import sys
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


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    changed = failed = 0
    broken: list[Diagnostic] = []
    for rule in project.rules:
        update = None
        with isolated(rule.file.name, broken):
            update = update_of_cases(rule) if rule.compiled is not None else None
        if update is None:
            continue
        failed += bool(update.problems)
        show(update.problems, {})
        if update.is_change:
            changed += 1
            if arguments.write:
                update.write()
                print(update.path)
            else:
                sys.stdout.writelines(_diff(update))
    show(broken, project.sources)
    verb = "written" if arguments.write else "would change"
    print(f"{counted(changed, 'file')} of cases {verb}", file=sys.stderr)
    return FINDINGS if broken or failed or (changed and not arguments.write) else CLEAN


def _diff(update: CasesUpdate) -> list[str]:
    before, after, name = update.before.splitlines(True), update.after.splitlines(True), str(update.path)
    return list(unified_diff(before, after, name, name, n=0))
