"""Values of the same kind as another: of another process, person, host, address or file."""

import base64
import re
from collections.abc import Iterator

from rulewright_engine.ir.expression import Scalar
from rulewright_engine.values.addresses import address_text, parse_address

__all__ = ["another", "entity_id", "others", "pid_of"]

_PEOPLE = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy")

_WORDS = (
    ("process", "network", "file", "configuration", "web", "iam", "authentication", "session", "host", "package"),
    ("start", "info", "change", "access", "end", "creation", "deletion", "connection", "allowed", "denied"),
    ("success", "failure", "unknown"),
)
"""Values of `event.category`, `event.type` and `event.outcome`: ECS knows no others."""


_POINT = re.compile(r"POINT \((-?[\d.]+) (-?[\d.]+)\)")
"""A place: longitude and latitude."""


def entity_id(pid: int) -> str:
    """An `entity_id` as Elastic Defend makes them: of the agent, the process and its start."""
    return base64.b64encode(f"e7d2627a-{pid}-2026-01-01".encode()).decode()


def pid_of(entity: str) -> int | None:
    """The process of an `entity_id`; None where it does not say."""
    try:
        found = re.fullmatch(r"[0-9a-f]{8}-(\d+)-2026-01-01", base64.b64decode(entity, validate=True).decode())
    except ValueError:
        return None
    return int(found[1]) if found else None


def others(value: Scalar, step: int = 1) -> Iterator[Scalar]:
    """Other values of the same kind, the most natural first; another step gives others still."""
    yield another(value, step)
    if isinstance(value, str):
        pieces = re.split(r"([^A-Za-z0-9]+)", value)
        for index in reversed(range(0, len(pieces), 2)):
            if pieces[index] and index < len(pieces) - 1:
                yield "".join((*pieces[:index], _numbered(pieces[index], step), *pieces[index + 1 :]))


def another(value: Scalar, step: int = 1) -> Scalar:
    """Another value of the same kind: the next number, address, person or name."""
    match value:
        case None:
            return None
        case bool():
            return not value
        case int() | float():
            return value + step
        case str():
            return _another_text(value, step)


def _another_word(text: str, step: int) -> str:
    """Another word of a list that ECS closes; empty where the text is of none, or where there are not so many."""
    words = next((words for words in _WORDS if text in words), ())
    return words[(words.index(text) + step) % len(words)] if 0 < step < len(words) else ""


def _another_text(text: str, step: int) -> str:
    pid = pid_of(text)
    if pid is not None:
        return entity_id(pid + 1000 + 4 * step)
    word = _another_word(text, step)
    if word:
        return word
    address = parse_address(text)
    if address is not None:
        return address_text(address + step)
    point = _POINT.fullmatch(text)
    if point is not None:
        return f"POINT ({(float(point[1]) + 180 + 5 * step) % 360 - 180:g} {point[2]})"
    for index, person in enumerate(_PEOPLE):
        if person in text:
            round_, other = divmod(index + step, len(_PEOPLE))
            return text.replace(person, _PEOPLE[other] + (str(round_ + 1) if round_ else ""))
    if re.fullmatch(r"[0-9a-fA-F-]{15,}[0-9a-fA-F]", text):
        digits = text[-8:].rpartition("-")[2]
        return text[: -len(digits)] + f"{(int(digits, 16) + step) % 16 ** len(digits):0{len(digits)}x}"
    user, at, domain = text.rpartition("@")
    if user and re.fullmatch(r"[\w-]+(\.[\w-]+)*", domain):
        return f"{_numbered(user, step)}{at}{domain}"
    name, dot, extension = text.rpartition(".") if re.search(r"\w\.\w{1,5}$", text) else (text, "", "")
    return f"{_numbered(name, step)}{dot}{extension}"


def _numbered(name: str, step: int) -> str:
    """The name with the next number at its end."""
    found = re.search(r"\d{1,9}$", name)
    if found is None:
        return f"{name}{step + 1}"
    return name[: found.start()] + str(int(found[0]) + step).zfill(len(found[0]))
