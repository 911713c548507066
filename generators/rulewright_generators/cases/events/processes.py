"""What the fields of a process say of each other: name, path, arguments, command line, identity."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from rulewright_engine.ir.expression import Scalar
from rulewright_generators.cases.events.facts import (
    DIRECTORIES,
    Facts,
    Proposal,
    basename,
    named,
    text_of,
)
from rulewright_generators.cases.events.values import entity_id, pid_of

__all__ = ["PROCESSES", "is_argument_list", "processes"]

PROCESSES = ("process.parent", "process", "process.Ext.effective_parent", "Effective_process")

PROGRAM = {
    "windows": re.compile(r"([A-Za-z]:\\[^\"*?<>|]+\\)?[\w-]+\.(exe|com|cmd|bat)", re.IGNORECASE),
    "linux": re.compile(r"(/([\w.+-]+/)*)?[a-z][\w+-]*"),
    "macos": re.compile(r"(/([\w.+ -]+/)*)?[A-Za-z][\w+-]*"),
}
"""Arguments that name a program."""

BENIGN_ARGUMENTS = ("sample", "--", "a", "b", "c", "d", "e", "f", "g", "h")
MAX_ARGUMENTS = 200
"""Arguments that are made up for a command line whose count a rule asks for."""


def is_argument_list(name: str) -> bool:
    """Whether a field holds the arguments of a process: a list even of one value, which is then the program itself."""
    return name.endswith(".args")


def processes(facts: Facts, os: str, wanted: set[str], programs: Mapping[str, str]) -> Iterator[Proposal]:
    """What follows for each process of an event; see `proposals`."""
    for process in PROCESSES:
        if process in ("process", "process.parent") or any(name.startswith(f"{process}.") for name in facts):
            yield from named(facts, f"{process}.executable", f"{process}.name", DIRECTORIES[os])
            program = _program(facts, process, os)
            yield from _running(facts, process, program, DIRECTORIES[os])
            yield from _arguments(facts, process, wanted, program or programs.get(f"{process}.executable", ""))
        yield from _identity(facts, process)
    yield from _original_name(facts, wanted)


def _program(facts: Facts, process: str, os: str) -> str:
    """The program that the first argument names; empty where it names none."""
    args = facts.get(f"{process}.args") or _split(text_of(facts, f"{process}.command_line") or "")
    first = args[0] if args and isinstance(args[0], str) else ""
    return first if PROGRAM[os].fullmatch(first) and basename(first) not in BENIGN_ARGUMENTS else ""


def _running(facts: Facts, process: str, program: str, directory: str) -> Iterator[Proposal]:
    """The name and the path of a process, where nothing but its arguments say which program runs."""
    if program and not text_of(facts, f"{process}.executable") and not text_of(facts, f"{process}.name"):
        yield f"{process}.name", (basename(program),)
        yield f"{process}.executable", (program if basename(program) != program else directory + program,)


def _arguments(facts: Facts, process: str, wanted: set[str], usual: str) -> Iterator[Proposal]:
    """Arguments, their number, and the command line."""
    args_field, line_field, count_field = f"{process}.args", f"{process}.command_line", f"{process}.args_count"
    if process != "process" and not wanted & {args_field, line_field, count_field}:
        return
    program = text_of(facts, f"{process}.executable") or text_of(facts, f"{process}.name") or usual
    line = text_of(facts, line_field)
    if line and program and not _starts_with(_split(line), program):
        yield line_field, (f"{basename(program)} {line.removeprefix('sample ')}",)
        line = text_of(facts, line_field)
    args = facts.get(args_field) or ()
    if line and not args:
        yield args_field, tuple(_split(line))
    elif program and not args:
        yield args_field, (program,)
    elif program and not _starts_with(args, program):
        yield args_field, (program, *args)
        if not _starts_with(facts.get(args_field) or args, program):
            yield args_field, (program, *args[1:])
    yield from _padded(facts, args_field, count_field)
    args = facts.get(args_field) or ((program,) if program else ())
    if args and all(isinstance(arg, str) for arg in args):
        if not line:
            yield line_field, (" ".join(map(str, args)),)
        if facts.get(count_field) != (len(args),):
            yield count_field, (len(args),)


def _identity(facts: Facts, process: str) -> Iterator[Proposal]:
    """A process has an id of its own, which says its number."""
    entity = text_of(facts, f"{process}.entity_id")
    pid = pid_of(entity) if entity else None
    if pid is None:
        return
    if entity == text_of(facts, f"{process}.parent.entity_id"):
        yield f"{process}.entity_id", (entity_id(pid + 4),)
        entity = text_of(facts, f"{process}.entity_id")
    if entity == text_of(facts, f"{process}.parent.entity_id"):
        yield f"{process}.parent.entity_id", (entity_id(pid // 2),)
        yield f"{process}.parent.pid", (pid // 2,)
    pid = pid_of(entity) if entity else None
    if pid is not None and facts.get(f"{process}.pid") != (pid,):
        yield f"{process}.pid", (pid,)


def _padded(facts: Facts, args_field: str, count_field: str) -> Iterator[Proposal]:
    """As many arguments as a known count says."""
    args, counts = facts.get(args_field) or (), facts.get(count_field) or ()
    if args and counts and isinstance(counts[0], int) and len(args) < counts[0] <= MAX_ARGUMENTS:
        missing = counts[0] - len(args)
        yield args_field, (*args, *(BENIGN_ARGUMENTS[i % len(BENIGN_ARGUMENTS)] for i in range(missing)))


def _split(line: str) -> list[str]:
    """The arguments of a command line; quotes hold together what they enclose."""
    try:
        return [part for part in shlex.split(line, posix=False) if part] or [line]
    except ValueError:
        return line.split() or [line]


def _starts_with(args: Sequence[Scalar], program: str) -> bool:
    first = args[0]
    return isinstance(first, str) and basename(first).lower() == basename(program).lower()


def _original_name(facts: Facts, wanted: set[str]) -> Iterator[Proposal]:
    field = "process.pe.original_file_name"
    name = text_of(facts, "process.name")
    if field in wanted and name and not facts.get(field):
        yield field, (name,)
