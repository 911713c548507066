"""Generate the cases of rules from their queries; show what would change.

With --write, `<rule>.cases.jsonl` beside each rule is written. Cases written by
hand are kept, and so are generated ones that still hold.

Exit codes: 0 nothing would change, or it was written, 1 something would change,
or a file of cases cannot be read, 2 misuse.
"""

import argparse
import sys
from difflib import unified_diff
from pathlib import Path

from rulewright._project.atomic_files import write_atomically
from rulewright._project.project import LoadedRule, cases_path
from rulewright._project.proof import generated_cases
from rulewright.cli.common import CLEAN, FINDINGS, add_paths, counted, show, the_project
from rulewright_generators.cases import dump_cases, read_cases
from rulewright_schema.diagnostics import Diagnostic


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    parser.add_argument("--write", action="store_true", help="write `<rule>.cases.jsonl` beside each rule")


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    changed = failed = 0
    for rule in project.rules:
        outcome = _cases_of(rule)
        if outcome is None:
            continue
        path, before, after, problems = outcome
        if problems:
            failed += 1
            show(problems, {})
        elif before != after:
            changed += 1
            if arguments.write:
                write_atomically(path, after)
                print(path)
            else:
                sys.stdout.writelines(_diff(path, before, after))
    verb = "written" if arguments.write else "would change"
    print(f"{counted(changed, 'file')} of cases {verb}", file=sys.stderr)
    return FINDINGS if failed or (changed and not arguments.write) else CLEAN


def _cases_of(rule: LoadedRule) -> tuple[Path, str, str, tuple[Diagnostic, ...]] | None:
    if rule.compiled is None:
        return None
    path = cases_path(rule.path)
    if not path.exists():
        return path, "", dump_cases(generated_cases(rule)), ()
    pinned = read_cases(path, str(path))
    if pinned.diagnostics:
        return path, "", "", pinned.diagnostics
    return path, pinned.source.text, dump_cases(generated_cases(rule, pinned.cases)), ()


def _diff(path: Path, before: str, after: str) -> list[str]:
    return list(unified_diff(before.splitlines(True), after.splitlines(True), str(path), str(path), n=0))
