"""The command line, for all tests of the root."""

from support.command_line import run

__all__ = ["run"]
