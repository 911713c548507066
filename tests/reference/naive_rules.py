"""Alerts of a rule file over documents, read from section B4 of the facts on semantics. Shares no code with the engine.

A rule is what TOML says of it. Types of fields are those of `naive_documents.MAPPING`. A run happens at a fixed time,
or where the last document is of another day, at its time; a rule that judges documents one by one sees all of them.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Any

from reference import naive_documents as documents
from reference import naive_eql, naive_joined, naive_kql, naive_lucene

Document = Any
Match = tuple[int, ...]

NOON = 1_767_268_800_000  # 2026-01-01T12:00:00Z
DAY = 86_400_000
UNITS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": DAY, "w": 7 * DAY}


class Unread(Exception):
    """Something that this reader does not know."""


class Rule:
    def __init__(self, rule: dict[str, Any]) -> None:
        self.rule = rule
        self.query = read_query(rule)
        self.judges_one_by_one = (
            self.query[0] == "events" and rule["type"] in ("eql", "query") and "alert_suppression" not in rule
        )

    def alerts(
        self, events: Sequence[Document], history: Sequence[Document], indicators: Sequence[Document]
    ) -> list[set[Match]]:
        """For each alert the events that it may name: one choice, but for samples."""
        rule = self.rule
        now = time_of_run([time for document in events if (time := time_of(document, rule)) is not None])
        start = NOON if self.judges_one_by_one else minus(now, rule.get("from", "now-6m"))
        seen = [
            at for at, each in enumerate(events) if self.judges_one_by_one or in_window(time_of(each, rule), start, now)
        ]
        seen.sort(key=lambda at: (clock(events[at]) is not None, clock(events[at]) or 0))
        most = rule.get("max_signals", 100)
        if self.query[0] != "events":
            choices = found_joined(self.query, rule.get("filters", []), events, seen)
            return choices[:most] if "sample" in self.query else choices[max(0, len(choices) - most) :]
        meets = condition_of(self.query[1], rule.get("filters", []))
        matching = [at for at in seen if meets(events[at])]
        match rule["type"]:
            case "threshold":
                found = thresholds(rule["threshold"], events, matching)
            case "new_terms":
                earliest = minus(now, rule["new_terms"]["history_window_start"][0]["value"])
                known = [each for each in history if (time := time_of(each, rule)) is None or earliest <= time <= start]
                known += [each for each in events if earliest <= (time_of(each, rule) or 0) <= start]
                matching = [at for at in matching if time_of(events[at], rule) is not None]
                found = new_terms(rule["new_terms"]["value"], events, matching, [each for each in known if meets(each)])
            case "threat_match":
                found = threats(rule, events, matching, indicators, now)
                found = found[max(0, len(found) - most) :]
            case "eql":
                found = [(at,) for at in matching[max(0, len(matching) - most) :]]
                found = suppressed(found, rule.get("alert_suppression"), events, each=False)
            case _:
                found = suppressed([(at,) for at in matching], rule.get("alert_suppression"), events)
        return [{match} for match in found[:most]]


# Queries and filters


def read_query(rule: dict[str, Any]) -> Any:
    match rule.get("language"):
        case "eql":
            return naive_eql.Parser(rule["query"], rule.get("event_category_override", "event.category")).query()
        case "kuery":
            return ("events", ("kql", naive_kql.Parser(rule["query"]).query()))
        case "lucene":
            return ("events", ("lucene", naive_lucene.Parser(rule["query"]).query()))
    raise Unread(rule.get("language"))


def condition_of(own: Any, filters: Iterable[Any]) -> Callable[[Document], bool]:
    evaluate = {"kql": naive_kql.holds, "lucene": naive_lucene.holds}
    asked = list(filters)

    def meets(document: Document) -> bool:
        holds = evaluate[own[0]](own[1], document) if own[0] in evaluate else naive_eql.holds(own, document)
        return holds and all(passes(each, document) for each in asked)

    return meets


def passes(filter_: Any, document: Document) -> bool:
    """One of Kibana's filters, as far as rules use Query DSL."""
    meta = filter_.get("meta", {})
    if meta.get("disabled"):
        return True
    return clause(filter_["query"], document) != bool(meta.get("negate"))


def clause(asked: Any, document: Document) -> bool:
    ((name, body),) = asked.items()
    if name == "bool":
        if set(body) - {"should", "minimum_should_match"} or body.get("minimum_should_match", 1) != 1:
            raise Unread(body)
        return any(clause(each, document) for each in body["should"])
    if name == "exists":
        return bool(documents.values(document, body["field"]))
    ((field, value),) = body.items()
    if name == "match_phrase":
        return any(naive_kql.fits(each, field, list(str(value)), True) for each in documents.values(document, field))
    if name != "wildcard":
        raise Unread(name)
    pattern = naive_lucene.pattern_of(value["value"])
    ignore = value.get("case_insensitive", False)
    fold = documents.folded if ignore else str
    wanted = [char and fold(char) for char in pattern]
    return any(documents.glob(wanted, fold(each)) for each in documents.values(document, field))


# Time


def clock(document: Document) -> int | None:
    return min(documents.values(document, "@timestamp"), default=None)


def time_of(document: Document, rule: dict[str, Any]) -> int | None:
    own = documents.values(document, rule["timestamp_override"]) if "timestamp_override" in rule else []
    return min(own) if own else clock(document)


def time_of_run(times: list[int]) -> int:
    last = max(times, default=NOON)
    return NOON if NOON - DAY < last <= NOON else last


def minus(now: int, math: str) -> int:
    """`now-30d/d` is the midnight before the same time thirty days ago."""
    step = re.fullmatch(r"now-(\d+)([smhdw])(?:/([smhd]))?", math)
    if step is None:
        raise Unread(math)
    moment = now - int(step[1]) * UNITS[step[2]]
    return moment - moment % UNITS[step[3]] if step[3] else moment


def dated(query: str, now: int) -> str:
    """A KQL query with dates in place of date math, which rounds down at the start of a range."""

    def date_of(found: re.Match[str]) -> str:
        moment = datetime.fromtimestamp(minus(now, found[2]) / 1000, UTC)
        return f'{found[1]}"{moment.isoformat()}"'

    return re.sub(r'(>=\s*)"(now-[^"]*)"', date_of, query)


def in_window(time: int | None, start: int, end: int) -> bool:
    return time is None or start <= time <= end


# Results


def found_joined(query: Any, filters: list[Any], events: Sequence[Document], seen: list[int]) -> list[set[Match]]:
    pipes = []
    if query[0] == "pipes":
        _, query, pipes = query
    kind, stages, maxspan, until = query
    timed = [at for at in seen if kind == "sample" or clock(events[at]) is not None]
    chosen = [events[at] for at in timed]
    read = [stage_of(stage, filters, chosen) for stage in stages]
    if kind == "sample":
        found = list(naive_joined.samples(read).values())
    else:
        times = [clock(each) or 0 for each in chosen]
        end = stage_of(until, filters, chosen) if until else None
        found = [{match} for match in naive_joined.sequences(times, read, maxspan, end)]
    for name, count in pipes:
        found = found[:count] if name == "head" else found[max(0, len(found) - count) :]
    return [{tuple(at if at < 0 else timed[at] for at in match) for match in choices} for choices in found]


def stage_of(stage: Any, filters: list[Any], events: Sequence[Document]) -> naive_joined.Stage:
    _, condition, names, missing = stage
    meets = condition_of(condition, filters)
    return naive_joined.Stage([meets(each) for each in events], [keys_of(each, names) for each in events], missing)


def keys_of(document: Document, names: Iterable[str]) -> list[Any]:
    """Every choice of one value of each name; only a name behind `?` may be missing."""
    values = [
        documents.values(document, name.removeprefix("?")) or ([None] if name.startswith("?") else []) for name in names
    ]
    return list(dict.fromkeys(product(*values)))


def suppressed(found: list[Match], asked: Any, events: Sequence[Document], *, each: bool = True) -> list[Match]:
    """By each value of the fields, or by all that a document has, in any order."""
    if not asked:
        return found
    kept: dict[Any, Match] = {}
    for match in found:
        held = [tuple(documents.values(events[match[0]], name)) for name in asked["group_by"]]
        keys: list[Any] = list(product(*(set(values) or {None} for values in held)))
        if not each:
            keys = [tuple(tuple(sorted(values, key=str)) for values in held)]
        if not all(held) and asked.get("missing_fields_strategy") == "doNotSuppress":
            keys = [match]
        for key in keys:
            kept.setdefault(key, match)
    return list(kept.values())


def thresholds(asked: Any, events: Sequence[Document], matching: list[int]) -> list[Match]:
    names = [asked["field"]] if isinstance(asked["field"], str) else asked["field"]
    names = [name for name in names if name]
    groups: dict[Any, list[int]] = {}
    for at in matching:
        for key in keys_of(events[at], names):
            groups.setdefault(key, []).append(at)
    found = []
    for members in groups.values():
        distinct = asked.get("cardinality", [])[:1]
        values = {value for each in distinct for at in members for value in documents.values(events[at], each["field"])}
        if len(members) >= asked["value"] and all(len(values) >= each["value"] for each in distinct):
            found.append(tuple(members))
    return found


def new_terms(names: list[str], events: Sequence[Document], matching: list[int], known: list[Document]) -> list[Match]:
    seen = {key for each in known for key in keys_of(each, names)}
    found = []
    for at in matching:
        for key in keys_of(events[at], names):
            if key not in seen:
                seen.add(key)
                found.append((at,))
    return found


def threats(
    rule: dict[str, Any], events: Sequence[Document], matching: list[int], indicators: Sequence[Document], now: int
) -> list[Match]:
    if rule.get("threat_language", "kuery") != "kuery":
        raise Unread(rule["threat_language"])
    asked = naive_kql.Parser(dated(rule.get("threat_query", "*:*"), now)).query()
    meets = condition_of(("kql", asked), rule.get("threat_filters", []))
    known = [each for each in indicators if meets(each)]
    groups = [mapping["entries"] for mapping in rule["threat_mapping"]]
    asking = [at for at in matching if any(has_all(events[at], group, "field") for group in groups)]
    telling = [one for one in known if any(has_all(one, group, "value") for group in groups)]
    reads = "field" if len(asking) < len(telling) else "value"
    return [(at,) for at in matching if any(agrees(events[at], one, group, reads) for one in known for group in groups)]


def has_all(document: Document, group: list[dict[str, Any]], side: str) -> bool:
    return all(documents.values(document, entry[side]) for entry in group if not entry.get("negate"))


def agrees(document: Document, indicator: Document, group: list[dict[str, Any]], reads: str) -> bool:
    """Each entry of a group by itself: the values of the side that is read against all of the other side."""
    for entry in group:
        here, there = documents.values(document, entry["field"]), documents.values(indicator, entry["value"])
        read, other = (here, there) if reads == "field" else (there, here)
        if documents.MAPPING.get(entry["field"]) == "text":
            raise Unread(entry)
        exact = all(documents.MAPPING.get(entry[side], "keyword") in ("keyword", "ip") for side in ("field", "value"))
        if len(group) == 1 and exact:
            read = read[:1]
        if entry.get("negate"):
            if (not read and not other) or (len(read) == 1 and read[0] in other):
                return False
        elif len(read) != 1 or read[0] not in other:
            return False
    return True
