"""Commands, functions and options of a query that came with a stack version."""

from collections.abc import Iterator

from rulewright_engine.esql.analysis.search_options import OPTIONS_SINCE, SINCE
from rulewright_engine.esql.functions.registry import traits_of
from rulewright_engine.esql.syntax.ast import (
    Call,
    Command,
    Completion,
    InlineStats,
    LookupJoin,
    MapLiteral,
    Parts,
    Query,
)
from rulewright_engine.esql.syntax.parser import parse
from rulewright_engine.esql.syntax.pipeline import COMMAND_SINCE, JOIN_ON_MORE_SINCE
from rulewright_engine.esql.syntax.traversal import calls_of
from rulewright_engine.languages.problems import Problems
from rulewright_schema.source import Span

__all__ = ["dated"]

Dated = tuple[str, str, Span]
"""The name of what is used, the version that it came with, and where it stands."""


def dated(text: str) -> Iterator[Dated]:
    """What a query uses whose version is known: each name once, where it first stands."""
    query = parse(text, Problems())
    found = sorted((*_commands(query), *_calls(query)), key=lambda each: each[2])
    yield from {name: (name, since, span) for name, since, span in reversed(found)}.values()


def _commands(query: Query) -> Iterator[Dated]:
    for setting in query.settings[:1]:
        start = query.text.lower().rfind("set", 0, setting.name.span.start)
        yield "SET", COMMAND_SINCE["set"], Span(start, start + len("set"))
    for command in query.commands:
        yield from _of_command(command)


def _of_command(command: Command) -> Iterator[Dated]:
    start, name = command.span.start, ""
    match command:
        case InlineStats():
            name = "INLINE STATS"
        case Completion():
            name = "COMPLETION"
        case Parts():
            name = command.name.upper()
        case LookupJoin(on=on, condition=condition):
            name = "LOOKUP JOIN"
            if condition is not None or len(on) > 1:
                where = condition.span if condition is not None else on[1].span
                yield "LOOKUP JOIN on more than one column", JOIN_ON_MORE_SINCE, where
        case _:
            pass
    if name:
        word = name.partition(" ")[0]
        yield name, COMMAND_SINCE[word.lower()], Span(start, start + len(word))


def _calls(query: Query) -> Iterator[Dated]:
    for command in query.commands:
        for call in calls_of(command):
            if since := traits_of(call.function).since or SINCE.get(call.function):
                yield query.text[call.name.start : call.name.end].upper(), since, call.name
            yield from _options(call)


def _options(call: Call) -> Iterator[Dated]:
    for argument in call.arguments:
        if isinstance(argument, MapLiteral) and call.function in OPTIONS_SINCE:
            yield f"options of {call.function.upper()}", OPTIONS_SINCE[call.function], argument.span
