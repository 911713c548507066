"""The names of generated cases: what each shows, so that a name stays where conditions are added or change places."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from json import dumps

from rulewright_engine.ir.expression import And, Condition, Leaf, Not
from rulewright_generators.cases.format.case_file import NUMBERED, Case
from rulewright_generators.cases.format.conditions import names_of
from rulewright_schema.wording import listed, shortened

__all__ = ["adopted", "always_needed", "named", "plain_name", "settled", "subject_of", "uncapitalized"]

MAX_CASE_NAME = 110
"""Characters of what a name says that a case shows."""

_DIGEST = re.compile(r" ~[0-9a-f]{6}$")
_REPETITION = re.compile(r" #\d+$")


def named(kind: str, shows: str, case: Case) -> Case:
    """The case under a name of its own, which ends with a digest of its documents; `settled` makes it short.

    >>> event = {"process": {"name": "nc2"}}
    >>> case = Case(name="", events=(event,), alerts=(), why="")
    >>> named("near-miss", 'process.name == "nc", is `nc2`', case).name
    'near-miss: process.name == "nc", is nc2 ~79d85c'
    """
    plain = " ".join(shows.replace("`", "").split()).removesuffix(".") or "every event"
    return replace(case, name=f"{kind}: {shortened(plain, MAX_CASE_NAME, keep_end=True)} ~{_digest(case)}")


def settled(cases: Iterable[Case], taken: Iterable[str] = ()) -> list[Case]:
    """The cases with a digest in their names only where another, or one of `taken`, is called the same."""
    cases, used = list(cases), set(taken)
    short = Counter(_DIGEST.sub("", case.name) for case in cases)
    result = []
    for case in cases:
        name = _DIGEST.sub("", case.name)
        if short[name] > 1 or name in used:
            name = f"{name} ~{_digest(case)}"
        used.add(name)
        result.append(replace(case, name=name))
    return result


def adopted(existing: Iterable[Case], fresh: Iterable[Case]) -> list[Case]:
    """Cases of a file; one with a number for a name that is generated anew as it is gets the name of today."""
    existing = list(existing)
    if not any(NUMBERED.fullmatch(case.name) for case in existing):
        return existing
    names: dict[str, list[str]] = {}
    for case in fresh:
        names.setdefault(_digest(case), []).append(case.name)
    result = []
    for case in existing:
        found = names.get(_digest(case)) if NUMBERED.fullmatch(case.name) else None
        result.append(replace(case, name=found.pop(0)) if found else case)
    return result


def _digest(case: Case) -> str:
    held = [case.events, case.history, case.indicators, case.alerts, case.alert]
    return sha256(dumps(held, sort_keys=True, default=str).encode()).hexdigest()[:6]


def uncapitalized(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}"


def plain_name(condition: str) -> str:
    """The name of a condition, without the number that tells it from others that read the same."""
    return _REPETITION.sub("", condition)


def subject_of(covers: Sequence[str], needed: Collection[str] = ()) -> str:
    """What tells a positive from others: the conditions that it shows, but for those that all positives must meet.

    >>> subject_of(['event.type == "start"', 'process.name == "nc" #2'], ['event.type == "start"'])
    'process.name == "nc"'
    """
    telling = sorted({plain_name(name) for name in covers if name not in needed})
    return listed(telling, limit=2) if telling else "every condition"


def always_needed(condition: Condition) -> frozenset[str]:
    """The names of the conditions that every event must meet: those that `and` joins to all others."""
    names = iter(names_of(condition.leaves()))
    found: set[str] = set()
    for part in _conjuncts(condition):
        own = [next(names) for _ in part.leaves()]
        found.update(own if isinstance(part.child if isinstance(part, Not) else part, Leaf) else ())
    return frozenset(found)


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, And):
        for operand in condition.operands:
            yield from _conjuncts(operand)
    else:
        yield condition
