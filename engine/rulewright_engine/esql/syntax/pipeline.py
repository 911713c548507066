"""Tokens to a whole query: its settings, then commands between pipes. What cannot be read is reported and left out."""

from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import Command, Name, Setting, Unsupported
from rulewright_engine.esql.syntax.commands import CommandParser
from rulewright_engine.esql.syntax.tokens import Token, TokenKind
from rulewright_engine.languages.problems import GiveUp
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span

__all__ = ["COMMAND_SINCE", "JOIN_ON_MORE_SINCE", "PipelineParser"]

UNSUPPORTED = {
    "change_point": "it runs a model of the cluster",
    "dedup": "it keeps rows in an order that a run may choose",
    "fillnull": "it changes columns that only the cluster enumerates",
    "fork": "its branches are not evaluated",
    "fuse": "it scores the branches of FORK",
    "metrics_info": "it describes a time series index",
    "mmr": "it compares vectors",
    "promql": "it reads a time series index",
    "rerank": "it asks a model for scores",
    "sample": "it picks rows at random",
    "show": "it describes the cluster",
    "ts": "it reads a time series index",
    "ts_info": "it describes a time series index",
    "user_agent": "it takes user agents apart by a list that the cluster has",
}
"""Commands of the language whose result depends on more than the events -> why."""

COMMAND_SINCE = {
    "completion": "9.2",
    "inline": "9.2",
    "lookup": "8.18",
    "registered_domain": "9.4",
    "set": "9.3",
    "uri_parts": "9.4",
}
"""The stack version that a command came with in the form that is read here, by its page in the reference.

COMPLETION takes its options in braces since 9.2. Commands that are not listed are older, or no page says it.
"""

JOIN_ON_MORE_SINCE = "9.2"
"""Since then LOOKUP JOIN takes several columns, or a condition."""

SOURCES = frozenset({"from", "promql", "row", "show", "ts"})
"""Commands that may begin a query; no other may, and these stand nowhere else."""

_BEHIND_COMMAND = frozenset({"", " ", "\t", "\r", "\n", "[", "]", "/"})
"""What ends the name of a command: before any other character it is read as part of another name."""

MAX_COMMANDS = 500
"""Commands behind the first, as in Elasticsearch (`LogicalPlanBuilder`)."""


class PipelineParser(CommandParser):
    def settings(self) -> tuple[Setting, ...]:
        """The settings in front of the first command. Behind one that cannot be read, reading goes on after its `;`."""
        found: list[Setting] = []
        while self.take_word("set"):
            try:
                found.append(self._setting())
                if self.is_symbol(","):
                    self.fail("expected `;` after the setting", help="write each setting with a `SET` of its own")
                self.expect_symbol(";", "after the setting")
            except GiveUp:
                self._depth = 0
                while self.token.kind is not TokenKind.END and not self.take_symbol(";"):
                    self.take()
        return tuple(found)

    def _setting(self) -> Setting:
        part = self._name_part(frozenset())
        name = Name(part.value or part.text, part.span)
        self.expect_symbol("=", "after the name of the setting")
        if self.is_symbol("-", "+"):
            self.fail("expected a value without a sign")
        return Setting(name, self._map_value())

    def query(self) -> tuple[Command, ...]:
        """All commands. One that cannot be read becomes `Unsupported("")`, and reading goes on behind the next pipe."""
        commands = [self._command(is_first=True)]
        while self.take_symbol("|"):
            if len(commands) > MAX_COMMANDS:
                self.found.append(problems.too_many_commands(self.token.span, MAX_COMMANDS))
                break
            commands.append(self._command(is_first=False))
        return tuple(commands)

    def _command(self, *, is_first: bool) -> Command:
        start = self.token
        try:
            command = self._read_command(start, is_first=is_first)
            self._expect_end()
            return command
        except GiveUp:
            self._depth = 0
            self.skip_to_pipe()
            return Unsupported("", Span(start.start, self.end))

    def _read_command(self, start: Token, *, is_first: bool) -> Command:
        read = self.readers.get(start.word)
        if read is None and start.word not in UNSUPPORTED:
            self._reject_command(start, is_first=is_first)
        if is_first != (start.word in SOURCES):
            if is_first:
                self.reject(problems.no_source_command(start.span))
            self.fail(
                f"`{start.text}` can only begin a query", span=start.span, help="remove it, or begin a query of its own"
            )
        self.take()
        if self.text[start.end : start.end + 1] not in _BEHIND_COMMAND:
            self.reject(problems.missing_blank(start.span, start.text))
        if read is not None:
            return read(self, start)
        self.skip_nested_to_pipe()
        span = Span(start.start, self.end)
        self.found.withdraw(0, lambda problem: problem.span is not None and problem.span.start >= span.start)
        self.found.append(problems.unsupported(start.span, f"`{start.text}`", UNSUPPORTED[start.word]))
        return Unsupported(start.word, span)

    def _reject_command(self, start: Token, *, is_first: bool) -> None:
        if start.kind is TokenKind.END or self.is_symbol("|"):
            if is_first:
                self.reject(problems.no_source_command(start.span))
            if self.token.start == self.end:
                self.fail("expected a command after `|`", help="write `or` between conditions")
            self.fail("expected a command after `|`", help="remove the `|` or write a command")
        known = SOURCES if is_first else {*self.readers, *UNSUPPORTED} - SOURCES
        nearest = nearest_of(start.text, known) if start.kind is TokenKind.NAME else None
        if is_first and nearest is None:
            self.reject(problems.no_source_command(start.span))
        self.reject(problems.unknown_command(start.span, start.text, nearest and nearest.upper()))

    def _expect_end(self) -> None:
        if self.at_end_of_command:
            return
        token = self.token
        if token.word in self.readers or token.word in UNSUPPORTED:
            self.reject(problems.missing_pipe(token.span, token.text))
        if self.is_symbol(";"):
            self.reject(problems.unreadable(token.span, ";"))
        self.fail("expected `|` or the end of the query")
