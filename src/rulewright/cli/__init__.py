"""The command line: one module a command, each with `configure(parser)` and `run(arguments) -> exit code`.

Only the module of the command that was called is imported. Findings go to standard output, summaries to standard
error. Exit codes: 0 clean, 1 findings or failed cases, 2 misuse or a run that could not be made.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from rulewright import __version__
from rulewright_schema.errors import RulewrightError

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "new": "write a new rule and its first cases",
    "build": "check, test, document and export rules, with one summary",
    "check": "validate rules: structure, metadata, ATT&CK, query and field types",
    "cases": "generate the cases of rules from their queries",
    "test": "run the cases of rules",
    "query": "run one query over events",
    "explain": "say why an event matches a rule or not, or what a code means",
    "diff": "say what a change to rules changes of what they find",
    "overlap": "say which rules find only what others find",
    "docs": "write investigation guides",
    "export": "write rules in the form of other tools, such as Sigma",
}

ALIASES = {"fixtures": "cases"}
"""Names of before, which still work."""

USAGE_EXIT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never raises, whatever the input."""
    _prepare_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _answer(words)
        sys.stdout.flush()
        return code
    except RulewrightError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader has gone (`| head`): nothing is left to say, also not at interpreter exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        where = error.filename or (words[0] if words else "output")
        return _fail(f"{where}: {error.strerror or error}")
    except Exception as error:
        if os.environ.get("RULEWRIGHT_DEBUG"):
            raise
        return _fail(f"internal error: {type(error).__name__}: {error}; set RULEWRIGHT_DEBUG=1 for where it happened")


def _prepare_streams() -> None:
    """Escape what the encoding of the output cannot hold; a stream that was closed is an empty one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 (open to the end)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _answer(words: list[str]) -> int:
    if words in (["--version"], ["-V"]):
        print(f"rulewright {__version__}")
        return 0
    if not words or words[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0 if words else USAGE_EXIT
    command, *options = words
    command = ALIASES.get(command, command)
    if command not in COMMANDS:
        return _fail(f"unknown command `{command}`{_nearest(command)}; `rulewright --help` lists the commands")
    module = import_module(f"rulewright.cli.{command}")
    parser = argparse.ArgumentParser(prog=f"rulewright {command}", description=module.__doc__, allow_abbrev=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    module.configure(parser)
    try:
        parsed = parser.parse_args(options)
    except SystemExit as stop:  # argparse has said all
        return int(stop.code or 0)
    code: int = module.run(parsed)
    return code


def _fail(message: str) -> int:
    print(f"rulewright: {message}", file=sys.stderr)
    return USAGE_EXIT


def _nearest(command: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(command, COMMANDS, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _overview() -> str:
    lines = ["usage: rulewright COMMAND ...", "", "Manage and prove security detection rules as code.", ""]
    lines += [f"  {name:<10}{text}" for name, text in COMMANDS.items()]
    lines += ["", "`rulewright COMMAND --help` tells more. Exit codes: 0 clean, 1 findings, 2 misuse."]
    return "\n".join(lines)
