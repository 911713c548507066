"""What else changes with a change, so that the fields of an event agree: a process has the name of its program."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rulewright_engine.evaluate.document_edits import with_field
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.solver.nearest import Change, FieldChange
from rulewright_generators.cases.events.consistency import proposals
from rulewright_generators.cases.events.documents import Values, json_of
from rulewright_generators.cases.events.event_writer import EventWriter
from rulewright_generators.cases.events.facts import DIRECTORIES, Proposal, basename
from rulewright_generators.cases.events.processes import PROCESSES

__all__ = ["in_agreement"]


def in_agreement(change: Change, event: Event, writer: EventWriter, fields: FieldTypes) -> Change:
    """The change with what follows from it in `follows`.

    Fields that the event does not hold stay away, and what did not agree before the change stays as it was. The
    condition holds of the event with all of it, by evaluation.
    """
    before, after = _facts(event), _facts(Event(change.document))
    ignored = {name for name, proposed in _proposed(before, before, writer) if before.get(name) != proposed}
    document: Mapping[str, Any] = change.document
    for name, proposed in _proposed(before, after, writer):
        if name in after and name not in ignored and after[name] != proposed and not _is_foreign(name, before, after):
            other = with_field(document, name, json_of(name, proposed, fields) if proposed else None)
            if writer.solver.matches(Event(other)):
                document, after[name] = other, proposed
    changed = {each.name for each in change.fields}
    held = Event(document)
    return replace(
        change,
        fields=tuple(replace(each, after=tuple(held.raw(each.name))) for each in change.fields),
        follows=tuple(
            FieldChange(name, tuple(event.raw(name)), tuple(held.raw(name)))
            for name in before
            if name not in changed and tuple(event.raw(name)) != tuple(held.raw(name))
        ),
        document=document,
    )


def _facts(event: Event) -> Values:
    return {name: tuple(held) for name in event.names() if (held := event.raw(name))}


def _proposed(before: Values, after: Values, writer: EventWriter) -> Iterator[Proposal]:
    """What follows from `after`, which may be changed between two proposals."""
    profile = writer.profile(after)
    if _differs(before, after, "event.category") and before.get("event.category"):
        kind, action = (tuple(filter(None, (profile.document.get(name),))) for name in ("event.type", "event.action"))
        if kind and not _differs(before, after, "event.type"):
            yield "event.type", kind
        if action and not _differs(before, after, "event.action") and after.get("event.type") == kind:
            yield "event.action", action
    if _differs(before, after, "host.os.type"):
        yield from ((name, (value,)) for name, value in profile.document.items() if name.startswith("host.os."))
    for process in PROCESSES:
        yield from _renamed(before, after, process)
        yield from _spoken(before, after, process)
        yield from _called(before, after, process)
        if _differs(before, after, "host.os.type"):
            yield from _moved(after, process, DIRECTORIES[profile.os])
    yield from proposals(after, profile.os, set(after), profile.programs)


def _is_foreign(name: str, before: Values, after: Values) -> bool:
    """Whether a field is of a source that the event no longer comes from."""
    source = _text(before, "event.module") or _text(before, "data_stream.dataset").partition(".")[0]
    return _differs(before, after, "data_stream.dataset") and name.startswith(f"{source}.")


def _differs(before: Values, after: Values, name: str) -> bool:
    return before.get(name) != after.get(name)


def _renamed(before: Values, after: Values, process: str) -> Iterator[Proposal]:
    """The name, the path, and the first argument of a program that is another one now."""
    name, path = f"{process}.name", f"{process}.executable"
    if _differs(before, after, path) and _text(before, name) == basename(_text(before, path)):
        yield name, (basename(_text(after, path)),)
    old, new = _text(before, name), _text(after, name)
    if not old or not new or old == new:
        return
    if basename(_text(after, path)) == old:
        yield path, (_replaced(_text(after, path), old, new),)
    args: tuple[Scalar, ...] = after.get(f"{process}.args", ())
    if args and isinstance(args[0], str) and basename(args[0]).lower() == old.lower():
        yield f"{process}.args", (_replaced(args[0], old, new), *args[1:])


def _spoken(before: Values, after: Values, process: str) -> Iterator[Proposal]:
    """The command line of other arguments, or the arguments of another command line, where they were the same."""
    args, line = f"{process}.args", f"{process}.command_line"
    if _text(before, line) != _joined(before, args):
        return
    if _differs(before, after, line):
        yield args, tuple(_text(after, line).split(" "))
    elif _differs(before, after, args):
        yield line, (_joined(after, args),)


def _called(before: Values, after: Values, process: str) -> Iterator[Proposal]:
    """The program at the beginning of a command line that says more than the arguments."""
    old, new, line = _text(before, f"{process}.name"), _text(after, f"{process}.name"), f"{process}.command_line"
    first, blank, rest = _text(after, line).partition(" ")
    if new and new != old and not _differs(before, after, line) and basename(first).lower() == old.lower():
        yield line, (_replaced(first, old, new) + blank + rest,)


def _moved(after: Values, process: str, directory: str) -> Iterator[Proposal]:
    """The path of a program on a host of another system."""
    path, line = _text(after, f"{process}.executable"), f"{process}.command_line"
    args: tuple[Scalar, ...] = after.get(f"{process}.args", ())
    if not path or ("\\" in path) == ("\\" in directory):
        return
    moved = directory + basename(path)
    yield f"{process}.executable", (moved,)
    if args and args[0] == path:
        yield f"{process}.args", (moved, *args[1:])
    if _text(after, line).startswith(path):
        yield line, (moved + _text(after, line)[len(path) :],)


def _text(facts: Values, name: str) -> str:
    return str(next(iter(facts.get(name, ())), ""))


def _joined(facts: Values, name: str) -> str:
    return " ".join(map(str, facts.get(name, ())))


def _replaced(path: str, old: str, new: str) -> str:
    return path[: len(path) - len(old)] + new
