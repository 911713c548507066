"""Whether `diff` names every edit of a rule, and none where a query is only written otherwise.

    python benchmarks/diff_edits.py FOLDER [--edits 300] [--equal 200] [--seed 1] [--show]

Edits of rules of the folder, each of one kind: elements of lists removed, added or changed, conditions removed or
negated, exclusions added, fields exchanged, numbers, spans, stages, keys, thresholds, aggregates, columns, and keys of
the file. Of each, the comparison must name what was edited, with an event or a run that is confirmed by running both
rules, or the proof that it makes no difference. Then rewrites that mean the same, of which nothing may be claimed.
Edits after which a rule cannot be run are drawn again. Exit code 1 when anything was missed or falsely claimed.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import rulewright
from rulewright import Relation
from rulewright._compare.attributes import Attribute
from rulewright._compare.parts import Change, Part, Witness
from rulewright._compare.runs import Runs
from rulewright._compare.wording import change_words, part_words
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.query import EventQuery, Query
from rulewright_generators.cases.evidence.results import CaseRunner

TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|//[^\n]*|[\w@.]+(?:\*[\w.*]*)?|\s+|==|!=|>=|<=|.', re.DOTALL
)
QUERY = re.compile(r"(^query = (?:'''|\"\"\"))(.*?)('''|\"\"\")", re.DOTALL | re.MULTILINE)
FIELDS = ("process.name", "user.name", "host.id", "event.action", "process.executable", "source.ip", "event.outcome")
SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Edit:
    """`named`: texts of which the comparison must say one; `text` is the file after the edit."""

    kind: str
    text: str
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A rule file, its query, and where the query stands."""

    path: Path
    text: str
    query: str
    place: tuple[int, int]
    language: str
    type: str

    def with_query(self, kind: str, query: str, *named: str) -> Edit:
        start, end = self.place
        return Edit(kind, self.text[:start] + query + self.text[end:], named)

    def with_text(self, kind: str, old: str, new: str, *named: str) -> Edit:
        return Edit(kind, self.text.replace(old, new, 1), named)


def sources(paths: Iterable[Path]) -> Iterator[Source]:
    """The rules in files and folders that can be run, and whose query stands in a text of many lines."""
    for rule in rulewright.load(*paths):
        query = rule.rule.query_text or "" if rule.is_readable else ""
        match = next((found for found in QUERY.finditer(rule.text) if found[2].strip() == query.strip()), None)
        if match is not None and rule.compiled is not None:
            yield Source(rule.path, rule.text, match[2], match.span(2), str(rule.rule.query_language), rule.rule.type)


# Edits of queries


def tokens_of(query: str) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), match[0]) for match in TOKENS.finditer(query)]


def strings_of(source: Source) -> list[tuple[int, int, str]]:
    """The texts in quotes, and where they stand."""
    found = [each for each in tokens_of(source.query) if each[2].startswith('"') and len(each[2]) > 3]
    return [each for each in found if not each[2].startswith('"""')]


def removed_element(source: Source, rng: random.Random) -> Edit | None:
    """`"x",` or `, "x"` out of a list; in KQL `or "x"`."""
    joint = r"\s*,\s*" if source.language != "kuery" else r"\s+or\s+"
    spots = [
        (start, end, text)
        for start, end, text in strings_of(source)
        if re.match(joint, source.query[end:]) and re.search(r"[(,]\s*$|\sor\s+$|\($", source.query[:start])
    ]
    if not spots:
        return None
    start, end, text = rng.choice(spots)
    after = re.match(joint, source.query[end:])
    assert after is not None
    return source.with_query(
        "element removed", source.query[:start] + source.query[end + after.end() :], text.strip('"')
    )


def added_element(source: Source, rng: random.Random) -> Edit | None:
    joint = ", " if source.language != "kuery" else " or "
    spots = [
        each
        for each in strings_of(source)
        if re.match(r"\s*,\s*\"|\s*\)" if joint == ", " else r"\s+or\s+\"", source.query[each[1] :])
        and re.search(r"[(,]\s*$|\($" if joint == ", " else r"\(\s*$|\sor\s+$", source.query[: each[0]])
    ]
    spots = [each for each in spots if "(" in source.query[: each[0]]]
    if not spots:
        return None
    _, end, text = rng.choice(spots)
    new = text[:-1] + 'zq"' if text[-2] != "*" else '"zq' + text[1:]
    return source.with_query("element added", source.query[:end] + joint + new + source.query[end:], new.strip('"'))


def changed_text(source: Source, rng: random.Random) -> Edit | None:
    spots = strings_of(source)
    if not spots:
        return None
    start, end, text = rng.choice(spots)
    new = text[:-1] + 'zq"'
    return source.with_query("text changed", source.query[:start] + new + source.query[end:], new.strip('"'))


def changed_number(source: Source, rng: random.Random) -> Edit | None:
    spots = [
        match
        for match in re.finditer(r"([><]=?\s*|==\s*)(\d+)\b", source.query)
        if "span" not in source.query[max(match.start() - 8, 0) : match.start()]
    ]
    if not spots:
        return None
    match = rng.choice(spots)
    new = str(int(match[2]) + rng.choice((1, 5)))
    return source.with_query("number changed", source.query[: match.start(2)] + new + source.query[match.end(2) :], new)


def exchanged_field(source: Source, rng: random.Random) -> Edit | None:
    body = source.query
    spots = [
        (start, end, text)
        for start, end, text in tokens_of(body)
        if text in FIELDS and re.match(r"\s*(==|!=|:|in\b|like|LIKE|IN\b)", body[end:])
    ]
    if not spots:
        return None
    start, end, text = rng.choice(spots)
    other = rng.choice([each for each in FIELDS[:5] if each != text])
    return source.with_query("field exchanged", body[:start] + other + body[end:], other)


def added_exclusion(source: Source, rng: random.Random) -> Edit | None:
    query, name = source.query, f"zq{rng.randrange(100)}.exe"
    if source.language == "eql" and "[" not in query and "|" not in query:
        return source.with_query("exclusion added", f'{query} and not process.name : "{name}"\n', name)
    if source.language == "eql":
        at = query.find("]")
        if at > 0 and query[:at].count('"') % 2 == 0:
            new = f'{query[:at]} and not user.name : "{name}"{query[at:]}'
            return source.with_query("exclusion added", new, name)
    if source.language == "kuery":
        return source.with_query("exclusion added", f"({query}) and not process.name : {name}", name)
    if source.language == "lucene":
        return source.with_query("exclusion added", f"({query}) AND NOT process.name:{name}", name)
    match = re.search(r"\|\s*(where|WHERE)\s", query)
    if source.language == "esql" and match:
        new = f'{query[: match.end()]}NOT user.name == "{name}" AND {query[match.end() :]}'
        return source.with_query("exclusion added", new, name)
    return None


def removed_condition(source: Source, rng: random.Random) -> Edit | None:
    """`and x == "y"` out of a line of its own."""
    asked = r"([\w@.]+)\s*(?:==|:|!=|in|like|>=?|<=?)\s*(\"[^\"\n]+\"|[\w*.-]+)"
    pattern = rf"(?im)^[^\S\n]*(?:and )?(?:not )?{asked}( and)?[^\S\n]*\n"
    spots = [
        match
        for match in re.finditer(pattern, source.query)
        if (match[3] is not None) != (match[0].lower().lstrip().startswith("and "))
    ]
    if not spots:
        return None
    match = rng.choice(spots)
    new = source.query[: match.start()] + source.query[match.end() :]
    return source.with_query("condition removed", new, match[2].strip('"'), match[1])


def changed_span(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"maxspan\s*=\s*(\d+)([smhd])", source.query)
    if not match:
        return None
    new = str(int(match[1]) * rng.choice((2, 3)) if rng.random() < 0.5 else max(1, int(match[1]) // 2))
    return source.with_query(
        "span changed", source.query[: match.start(1)] + new + source.query[match.end(1) :], "maxspan"
    )


def changed_runs(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"with runs\s*=\s*(\d+)", source.query)
    if not match or "/*" in source.query:
        return None
    new = str(int(match[1]) + 2)
    return source.with_query(
        "runs changed", source.query[: match.start(1)] + new + source.query[match.end(1) :], "runs"
    )


def changed_keys(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"\b(?:sequence|sample) by ([\w., @]+?)(?=\s*(?:with|\[|\n))", source.query)
    if not match or source.language != "eql":
        return None
    names = [name.strip() for name in match[1].split(",")]
    new = [*names, "user.id"] if len(names) == 1 or rng.random() < 0.5 else names[:-1]
    text = source.query[: match.start(1)] + ", ".join(new) + source.query[match.end(1) :]
    return source.with_query("keys changed", text, "keys")


def changed_stages(source: Source, rng: random.Random) -> Edit | None:
    if source.language != "eql" or not source.query.lstrip().startswith("sequence"):
        return None
    by = re.search(r"\]\s*by ([\w., @]+)", source.query)
    if rng.random() < 0.5:
        stage = "[network where destination.port == 4444]" + (f" by {by[1].strip()}" if by else "")
        at = source.query.rfind("until") if "until" in source.query else len(source.query)
        return source.with_query("stage added", f"{source.query[:at].rstrip()}\n  {stage}\n{source.query[at:]}", "4444")
    ends = [
        match.end() for match in re.finditer(r"\](\s*by [\w., @]+)?(\s*with runs\s*=\s*\d+)?\s*(?=\[|$)", source.query)
    ]
    if len(ends) < 3:
        return None
    number = rng.randrange(1, len(ends))
    gone = source.query[ends[number - 1] : ends[number]]
    field = re.search(r"([\w]+\.[\w.]+)", gone)
    text = source.query[: ends[number - 1]] + "\n" + source.query[ends[number] :]
    return source.with_query("stage removed", text, field[1] if field else "stage")


def changed_until(source: Source, rng: random.Random) -> Edit | None:
    if source.language != "eql" or not source.query.lstrip().startswith("sequence by") or "until" in source.query:
        return None
    return source.with_query(
        "until added", source.query.rstrip() + '\n  until [process where event.type == "end"]\n', "until"
    )


def changed_aggregate(source: Source, rng: random.Random) -> Edit | None:
    if source.language != "esql":
        return None
    spots = list(re.finditer(r"(?i)\b(count|count_distinct|max|min|sum|values)\(([\w@.`*]*)\)", source.query))
    if not spots:
        return None
    match = rng.choice(spots)
    name = {"count": "count_distinct", "count_distinct": "count", "max": "min", "min": "max"}.get(
        match[1].lower(), "min"
    )
    column = match[2] if match[2] not in ("", "*") else "user.name"
    new = f"{name}({column})"
    return source.with_query(
        "aggregate changed", source.query[: match.start()] + new + source.query[match.end() :], new
    )


def changed_grouping(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"(?is)\|\s*stats\b[^|]*?\bby\s+([^|]+?)\s*(?=\||$)", source.query)
    if source.language != "esql" or not match or "//" in match[0]:
        return None
    new = rng.choice([name for name in ("agent.id", "process.pid") if name not in source.query])
    text = f"{source.query[: match.end(1)]}, {new}{source.query[match.end(1) :]}"
    return source.with_query("grouping changed", text, new)


def changed_columns(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"(?is)\|\s*keep\s+([^|]+?)\s*$", source.query)
    if source.language != "esql" or not match:
        return None
    names = [name.strip() for name in match[1].split(",")]
    if len(names) < 3:
        return None
    gone = rng.choice(names)
    text = source.query[: match.start(1)] + ", ".join(each for each in names if each != gone)
    return source.with_query("column removed", text + source.query[match.end(1) :], gone)


def changed_sources(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"(?i)\bfrom\s+([\w.*-]+)", source.query)
    if source.language != "esql" or not match:
        return None
    text = f"{source.query[: match.end(1)]}, logs-zq.events-*{source.query[match.end(1) :]}"
    return source.with_query("source added", text, "index")


# Edits of the file


def severity(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r'^severity = "(\w+)"', source.text, re.MULTILINE)
    if not match:
        return None
    new = rng.choice([each for each in SEVERITIES if each != match[1]])
    return source.with_text("severity", match[0], f'severity = "{new}"', "severity")


def risk(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"^risk_score = (\d+)", source.text, re.MULTILINE)
    return (
        source.with_text("risk_score", match[0], f"risk_score = {(int(match[1]) + 7) % 100}", "risk_score")
        if match
        else None
    )


def index(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"^index = \[(.*?)\]", source.text, re.MULTILINE | re.DOTALL)
    if not match:
        return None
    names = re.findall(r'"[^"]+"', match[1])
    new = [*names, '"zq-*"'] if len(names) < 2 or rng.random() < 0.5 else names[1:]
    return source.with_text("index", match[0], f"index = [{', '.join(new)}]", "index")


def schedule(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r'^interval = "\w+"\n', source.text, re.MULTILINE)
    if match:
        return source.with_text("schedule", match[0], 'interval = "37m"\n', "interval")
    return source.with_text("schedule", "\nrisk_score", '\ninterval = "37m"\nrisk_score', "interval")


def threat(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r'^id = "(T\d{4})"$', source.text, re.MULTILINE)
    return source.with_text("threat", match[0], 'id = "T1999"', "T1999") if match else None


def suppression(source: Source, rng: random.Random) -> Edit | None:
    if "[rule.alert_suppression]" in source.text or source.type == "threshold":
        return None
    match = re.search(r"^\[\[rule\.", source.text, re.MULTILINE)
    if not match:
        return None
    table = '[rule.alert_suppression]\ngroup_by = ["host.id"]\nmissing_fields_strategy = "suppress"\n\n'
    return Edit(
        "suppression", source.text[: match.start()] + table + source.text[match.start() :], ("alert suppression",)
    )


def filters(source: Source, rng: random.Random) -> Edit | None:
    if "[[rule.filters]]" in source.text or source.language == "esql" or source.query.lstrip().startswith("s"):
        return None
    match = re.search(r"^\[\[rule\.", source.text, re.MULTILINE)
    if not match:
        return None
    table = (
        "[[rule.filters]]\n[rule.filters.meta]\nnegate = true\n"
        '[rule.filters.query.match_phrase]\n"user.name" = "zq-scanner"\n\n'
    )
    return Edit("filter", source.text[: match.start()] + table + source.text[match.start() :], ("zq-scanner",))


def new_terms(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"(\[rule\.new_terms\]\nfield = \"new_terms_fields\"\nvalue = \[)([^\]]*)\]", source.text)
    if not match:
        return None
    other = rng.choice([name for name in ("agent.id", "user.id", "host.id") if name not in match[2]])
    return source.with_text(
        "new terms", match[0], f'{match[1]}{match[2].rstrip().rstrip(",")}, "{other}"]', "new terms"
    )


def history(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r'value = "now-(\d+)d"', source.text)
    if not match or source.type != "new_terms":
        return None
    return source.with_text("history", match[0], f'value = "now-{int(match[1]) + 3}d"', "history")


def threshold(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"(\[rule\.threshold\]\n(?:.*\n)*?)value = (\d+)", source.text)
    if not match:
        return None
    new = int(match[2]) + rng.choice((1, 3))
    return source.with_text("threshold", match[0], f"{match[1]}value = {new}", "threshold")


def cardinality(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"\[\[rule\.threshold\.cardinality\]\]\nfield = \"([\w.]+)\"\nvalue = (\d+)", source.text)
    if match:
        new = match[0].replace(f"value = {match[2]}", f"value = {int(match[2]) + 1}")
        return source.with_text("cardinality", match[0], new, "cardinality")
    match = re.search(r"\[rule\.threshold\]\n(?:\w+ = .*\n)+", source.text)
    if not match:
        return None
    table = '[[rule.threshold.cardinality]]\nfield = "process.pid"\nvalue = 2\n'
    return Edit("cardinality", source.text[: match.end()] + table + source.text[match.end() :], ("cardinality",))


def mapping(source: Source, rng: random.Random) -> Edit | None:
    match = re.search(r"\[\[rule\.threat_mapping\.entries\]\]\nfield = \"([\w.]+)\"", source.text)
    if not match:
        return None
    return source.with_text(
        "threat mapping", match[0], match[0].replace(match[1], "host.name"), "threat mapping", "host.name"
    )


EDITS: tuple[Callable[[Source, random.Random], Edit | None], ...] = (
    *(removed_element, added_element, changed_text, changed_number, exchanged_field, added_exclusion),
    *(removed_condition, changed_span, changed_runs, changed_keys, changed_stages, changed_until, changed_aggregate),
    *(changed_grouping, changed_columns, changed_sources, severity, risk, index, schedule, threat, suppression),
    *(filters, new_terms, history, threshold, cardinality, mapping),
)


# Rewrites that mean the same


def spaced(source: Source, rng: random.Random) -> Edit | None:
    """Other white space between tokens."""
    parts = [text if not text.isspace() else rng.choice((" ", "  ", "\n    ")) for *_, text in tokens_of(source.query)]
    return source.with_query("white space", "".join(parts)) if "//" not in source.query else None


def commented(source: Source, rng: random.Random) -> Edit | None:
    if source.language not in ("eql", "esql") or "//" in source.query:
        return None
    spots = [end for _, end, text in tokens_of(source.query) if text.isspace()]
    at = rng.choice(spots) if spots else 0
    return source.with_query("comment", f"{source.query[:at]}/* zq */ {source.query[at:]}")


def recased(source: Source, rng: random.Random) -> Edit | None:
    """Keywords of KQL and ES|QL in the other case."""
    if source.language not in ("kuery", "esql"):
        return None
    words = {"and", "or", "not", "where", "keep", "stats", "by", "in", "like", "eval", "from"}
    words = words if source.language == "esql" else {"and", "or", "not"}
    if "//" in source.query:
        return None
    parts = [text.swapcase() if text.lower() in words else text for *_, text in tokens_of(source.query)]
    return source.with_query("case of keywords", "".join(parts))


def reordered(source: Source, rng: random.Random) -> Edit | None:
    """The elements of a list in another order."""
    joint = ", " if source.language != "kuery" else " or "
    pattern = r"\((\s*\"[^\"()]*\"(?:\s*{}\s*\"[^\"()]*\")+\s*)\)".format("," if joint == ", " else "or")
    spots = list(re.finditer(pattern, source.query))
    if not spots:
        return None
    match = rng.choice(spots)
    elements = re.findall(r'"[^"]*"', match[1])
    rng.shuffle(elements)
    text = f"{source.query[: match.start()]}({joint.join(elements)}){source.query[match.end() :]}"
    return source.with_query("order of a list", text)


def swapped(source: Source, rng: random.Random) -> Edit | None:
    """Two conditions on lines of their own that `and` joins, in the other order."""
    pattern = (
        r"(?im)^([^\S\n]*)([\w.]+ (?:==|:|in|like) [^\n]*?) and\n([^\S\n]*)([\w.]+ (?:==|:|in|like) [^\n]*?)( and)?$"
    )
    balanced = [
        match
        for match in re.finditer(pattern, source.query)
        if all(part.count("(") == part.count(")") and part.count("]") == part.count("[") for part in match.group(2, 4))
        and not re.search(r"\b(or|OR)\b", source.query)
    ]
    if not balanced:
        return None
    match = rng.choice(balanced)
    new = f"{match[1]}{match[4]} and\n{match[3]}{match[2]}{match[5] or ''}"
    return source.with_query("order of conditions", source.query[: match.start()] + new + source.query[match.end() :])


def parenthesised(source: Source, rng: random.Random) -> Edit | None:
    wrapped = _around_condition(source, rng, "({})")
    return source.with_query("parentheses", wrapped) if wrapped else None


def double_negated(source: Source, rng: random.Random) -> Edit | None:
    wrapped = _around_condition(source, rng, "not (not ({}))")
    return source.with_query("double negation", wrapped) if wrapped else None


def de_morgan(source: Source, rng: random.Random) -> Edit | None:
    """`a == "x" and b == "y"` as `not (not a == "x" or not b == "y")`, on one line."""
    atom = r'[\w.]+ ?(?:==|:) ?"[^"\n]*"'
    spots = list(re.finditer(rf"(?<=\s)({atom}) and ({atom})(?=\s+and|\s*$|\s*\])", source.query))
    spots = [match for match in spots if not re.search(r"(?i)\bnot\s+$|\bor\s+$", source.query[: match.start()])]
    if not spots:
        return None
    match = rng.choice(spots)
    new = f"not (not ({match[1]}) or not ({match[2]}))"
    return source.with_query("De Morgan", source.query[: match.start()] + new + source.query[match.end() :])


def unlisted(source: Source, rng: random.Random) -> Edit | None:
    """A list as an OR."""
    operator = {"eql": r"(?:in|:|like~?)", "kuery": ":", "esql": r"(?i:in|like)"}.get(source.language)
    joint = "or" if source.language == "kuery" else ","
    if operator is None:
        return None
    pattern = rf'([\w.@]+) ?({operator}) ?\((\s*"[^"()]*"(?:\s*{joint}\s*"[^"()]*")*\s*)\)'
    spots = [
        match
        for match in re.finditer(pattern, source.query)
        if not re.search(r"(?i)not\s+$", source.query[: match.start()])
    ]
    if not spots:
        return None
    match = rng.choice(spots)
    single = {"in": "=="}.get(match[2].lower(), match[2])
    told = " or ".join(f"{match[1]} {single} {text}" for text in re.findall(r'"[^"]*"', match[3]))
    return source.with_query("list as OR", f"{source.query[: match.start()]}({told}){source.query[match.end() :]}")


def _around_condition(source: Source, rng: random.Random, frame: str) -> str | None:
    spots = list(re.finditer(r'(?<=[\s(])[\w.]+ ?(==|:) ?"[^"\n]*"(?=[\s)\]]|$)', source.query))
    if not spots:
        return None
    match = rng.choice(spots)
    return source.query[: match.start()] + frame.format(match[0]) + source.query[match.end() :]


REWRITES: tuple[Callable[[Source, random.Random], Edit | None], ...] = (
    *(spaced, commented, recased, reordered, swapped, parenthesised, double_negated, de_morgan, unlisted),
)


# What the comparison says


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rules and how they compare."""

    old: rulewright.Rule
    new: rulewright.Rule
    found: rulewright.Comparison

    @staticmethod
    def of(source: Source, edit: Edit) -> "Pair | None":
        """None where the edit leaves nothing that can be run, or is none."""
        old, new = (rulewright.loads(text, name=str(source.path)) for text in (source.text, edit.text))
        if edit.text == source.text or not new.is_readable or new.compiled is None:
            return None
        return Pair(old, new, rulewright.compare(old, new))

    def fault(self, edit: Edit) -> str:
        """What the comparison lacks; empty where it names the edit and shows it."""
        told = [(part_words(part), part) for part in self.found.parts]
        changes = [(change_words(change), change) for part in self.found.parts for change in part.changes]
        said: list[tuple[str, Part | Change | Attribute]] = [*changes, *told]
        said += [(attribute.words, attribute) for attribute in self.found.attributes]
        naming = [what for words, what in said if any(_bare(name) in _bare(words) for name in edit.named)]
        if not naming:
            return f"not named ({self.found.relation}): {[words for words, _ in said]}"
        for part in self.found.parts:
            if not all(map(self._is_confirmed, part.changes)):
                return f"an event of `{part.name}` shows nothing"
        if not self._runs_hold(self.found.runs):
            return "a run shows nothing"
        if any(self._is_shown(what) for what in naming):
            return ""
        return f"neither shown nor proven ({self.found.relation}): {[words for words, _ in said]}"

    def _is_shown(self, what: Part | Change | Attribute) -> bool:
        runs = self.found.runs
        if isinstance(what, Attribute) or runs.lost or runs.gained or runs.otherwise:
            return True
        if isinstance(what, Change):
            return what.differs or not what.reason
        if what.name in ("index", "threat index"):
            return True
        return bool(what.lost or what.gained) or what.relation is Relation.EQUAL

    def _is_confirmed(self, change: Change) -> bool:
        return self._runs_hold(change.runs) and all(
            self._tells_apart(witness) for witness in (change.lost, change.gained) if witness
        )

    def _tells_apart(self, witness: Witness) -> bool:
        """Whether a condition of one rule matches the event, and its counterpart does not. Those of ES|QL were run."""
        if self.old.compiled is not None and self.old.compiled.esql:
            return True
        event = Event(witness.event)
        old, new = (self._conditions(rule) for rule in (self.old, self.new))
        verdicts = [{compile_condition(each)(event) for each in side} for side in (old, new)]
        return len(old) > 1 or verdicts[0] != verdicts[1]

    def _conditions(self, rule: rulewright.Rule) -> tuple[Condition, ...]:
        compiled = rule.compiled
        assert compiled is not None and isinstance(compiled.query, Query)
        return (compiled.query.condition,) if isinstance(compiled.query, EventQuery) else compiled.query.conditions

    def _runs_hold(self, runs: Runs) -> bool:
        for run in (runs.lost, runs.gained, runs.otherwise):
            if run is None:
                continue
            assert self.old.compiled is not None and self.new.compiled is not None
            old, new = (sorted(CaseRunner(rule.compiled).alerts(run.case)) for rule in (self.old, self.new))
            wanted = {id(runs.lost): old and not new, id(runs.gained): new and not old}.get(id(run), old != new)
            if not wanted:
                return False
        return True


def drawn(
    found: list[Source],
    ways: tuple[Callable[[Source, random.Random], Edit | None], ...],
    count: int,
    rng: random.Random,
) -> Iterator[tuple[Source, Edit, Pair, float]]:
    """Edits of rules, each kind in turn, half of those of queries on rules of the rarer languages and types."""
    groups: dict[tuple[str, str], list[Source]] = {}
    for source in found:
        groups.setdefault((source.type, source.language), []).append(source)
    number, misses = 0, Counter[str]()
    while number < count:
        way = ways[(number + misses.total()) % len(ways)]
        for _ in range(200):
            source = rng.choice(rng.choice(list(groups.values())))
            edit = way(source, rng)
            start = time.perf_counter()
            pair = Pair.of(source, edit) if edit else None
            if edit and pair:
                yield source, edit, pair, time.perf_counter() - start
                number += 1
                break
        else:
            misses[way.__name__] += 1
            if misses[way.__name__] > 20:
                ways = tuple(each for each in ways if each is not way)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--edits", type=int, default=300)
    parser.add_argument("--equal", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="what was changed in the query of each fault")
    arguments = parser.parse_args()
    rng, found = random.Random(arguments.seed), list(sources([arguments.folder]))
    kinds, faults, slowest = Counter[str](), Counter[str](), 0.0
    for source, edit, pair, seconds in drawn(found, EDITS, arguments.edits, rng):
        kinds[edit.kind] += 1
        slowest = max(slowest, seconds)
        if fault := pair.fault(edit):
            faults[edit.kind] += 1
            print(f"missed: {edit.kind} in {source.path}: {edit.named}: {fault}", flush=True)
            if arguments.show:
                print(_difference(source.text, edit.text), flush=True)
    alarms, rewrites = 0, Counter[str]()
    for source, edit, pair, seconds in drawn(found, REWRITES, arguments.equal, rng):
        rewrites[edit.kind] += 1
        slowest = max(slowest, seconds)
        if pair.found.relation is not Relation.EQUAL:
            alarms += 1
            print(f"false alarm: {edit.kind} in {source.path}: {pair.found.relation}", flush=True)
            print("\n".join(change_words(change) for part in pair.found.parts for change in part.changes))
            if arguments.show:
                print(_difference(source.text, edit.text), flush=True)
    for kind, count in sorted(kinds.items()):
        print(f"{kind:20} {count:4} {faults[kind]:4} missed")
    print(f"{kinds.total()} edits, {faults.total()} missed; {rewrites.total()} rewrites, {alarms} false alarms")
    print(f"slowest comparison {slowest:.1f} s; rewrites: {dict(sorted(rewrites.items()))}")
    return 1 if faults or alarms else 0


def _bare(text: str) -> str:
    """A text without the backslashes by which languages escape."""
    return text.replace("\\", "")


def _difference(old: str, new: str) -> str:
    alike = enumerate(zip(old, new, strict=False))
    start = next((at for at, (one, two) in alike if one != two), min(len(old), len(new)))
    return f"  {old[max(start - 60, 0) : start + 100]!r}\n  {new[max(start - 60, 0) : start + 100]!r}"


if __name__ == "__main__":
    sys.exit(main())
