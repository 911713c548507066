"""One plain sentence for each case, short enough to be read at a glance."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from rulewright_engine.ir.expression import Scalar
from rulewright_engine.values.dates import format_instant
from rulewright_schema.wording import counted, listed, shortened

__all__ = [
    "boundary_sentence",
    "boundary_subject",
    "change_of",
    "kill_sentence",
    "near_miss_sentence",
    "positive_sentence",
    "quiet_sentence",
]

MAX_SENTENCE = 125
"""Characters of a sentence; which stage it is about may follow."""

Values = Mapping[str, Sequence[Scalar]]


class Room(NamedTuple):
    """How much a sentence says: characters of what it quotes, and whether it says what was there before."""

    width: int
    compares: bool = False

    @property
    def of_names(self) -> "Room":
        """The room for the names of fields, of which less may be left out."""
        return self._replace(width=2 * self.width)


ROOMS = (Room(60, True), Room(44, True), Room(60), Room(44), Room(32), Room(24), Room(18), Room(12))


def positive_sentence(holding: Sequence[str], failing: Sequence[str]) -> str:
    """Of a case that matches: the conditions that decide because they hold, and those because they do not."""

    def sentence(room: Room) -> str:
        parts = []
        if holding:
            parts.append(f"{_several(holding, room)} {'hold' if len(holding) > 1 else 'holds'}")
        if failing:
            parts.append(f"{_several(failing, room)} {'do' if len(failing) > 1 else 'does'} not")
        return f"The rule matches: {' and '.join(parts)}." if parts else "The rule matches."

    return _fitted(sentence)


def near_miss_sentence(condition: str, holds: bool, before: Values, after: Values, dates: Collection[str] = ()) -> str:
    """Of a case that a condition keeps from matching; `before` are the values of the event that matches."""
    verdict = "holds now" if holds else "no longer holds"
    return _fitted(lambda room: f"Only {_quoted(condition, room)} {verdict}: {change_of(before, after, dates, room)}.")


def quiet_sentence(condition: str, change: str) -> str:
    """Of a case that one condition of a query keeps from raising an alert."""
    return _fitted(lambda room: f"Only {_quoted(condition, room)} keeps the rule quiet: {_requoted(change, room)}.")


def boundary_sentence(before: Values, after: Values, mutant: str, dates: Collection[str] = ()) -> str:
    """Of a case beside another, which a small change of the query would decide otherwise."""

    def sentence(room: Room) -> str:
        change = change_of(before, after, dates, room)
        start = change[:1].upper() + change[1:]
        return f"{start}: fails if {_requoted(mutant, room)}." if mutant else f"{start}."

    return _fitted(sentence)


def boundary_subject(condition: str, before: Values, after: Values, dates: Collection[str] = ()) -> str:
    """What the name of such a case says: the condition, and what the event has there."""
    change = change_of(before, after, dates, ROOMS[3])
    field = next((name for name in before if name in condition), None)
    return f"{condition}, {change.removeprefix(f'`{field}` ')}"


def kill_sentence(change: str, mutant: str, others: int = 0) -> str:
    """Of a case in which something is changed, so that a change of the query shows, and so many other changes."""
    more = f", and for {counted(others, 'other change')}" if others else ""
    start = change[:1].upper() + change[1:]
    return _fitted(lambda room: f"{_requoted(start, room)}: fails if {_requoted(mutant, room)}{more}.")


def _fitted(sentence: Callable[[Room], str]) -> str:
    """The sentence that says as much as fits."""
    texts = [sentence(room) for room in ROOMS]
    return next((text for text in texts if len(text) <= MAX_SENTENCE), texts[-1])


def change_of(before: Values, after: Values, dates: Collection[str] = (), room: Room = ROOMS[0]) -> str:
    """`process.name` is `a` instead of `b`, for each field that differs; of several values those that are others."""
    changes = [
        f"{_quoted(name, room.of_names)} {_change(before[name], after[name], name in dates, room)}"
        for name in before
        if before[name] != after[name]
    ]
    if len(changes) > 2 and not room.compares:
        return f"{changes[0]} and {len(changes) - 1} more fields differ"
    return " and ".join(changes) if changes else "the event is another one"


def _change(before: Sequence[Scalar], after: Sequence[Scalar], is_date: bool, room: Room) -> str:
    gone = [value for value in before if value not in after]
    come = [value for value in after if value not in before]
    if len(after) < 2 or not (gone or come):
        verb, shown, others = "is", after, before
    elif not come:
        return f"lacks {_values(gone, is_date, room)}"
    else:
        verb, shown, others = "holds" if gone else "also holds", come, gone
    instead = f" instead of {_values(others, is_date, room)}" if room.compares and (others or verb == "is") else ""
    return f"{verb} {_values(shown, is_date, room)}{instead}"


def _several(names: Sequence[str], room: Room) -> str:
    most = 2 if room.compares or len(names) == 2 else 1
    return listed([_quoted(name, room) for name in names], limit=most)


def _values(values: Sequence[Scalar], is_date: bool, room: Room) -> str:
    if not values:
        return "missing"
    most = 4 if room.compares else 1
    texts = [_quoted(_spelled(value, is_date), room) for value in values[:most]]
    return ", ".join(texts) + (", ..." if len(values) > most else "")


def _spelled(value: Scalar, is_date: bool) -> str:
    if is_date and isinstance(value, int):
        return format_instant(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _requoted(text: str, room: Room) -> str:
    """The text with what it quotes shortened."""
    return re.sub(r"`((?:`[^`]+`)?[^`]*)`", lambda found: _quoted(found[1], room), text)


def _quoted(text: str, room: Room) -> str:
    """The text between backquotes. Of a long one both ends stay: what tells two values apart is mostly at the end."""
    return f"`{shortened(text, room.width, keep_end=True)}`"


def ordinal(position: int) -> str:
    """`first` for 0, and so on."""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return words[position] if position < len(words) else f"{position + 1}th"
