"""ES|QL rules as others might have written them: the same shape, with other names, constants, numbers and order.

`changed_rule` renames fields to others of the same type and columns to made-up names, shuffles the operands of AND and
OR and the elements of lists, and changes texts, numbers and spans of time, each consistently over the query and all
by one seed. A kind of change that would leave a query with mistakes is left out for that query.
"""

import random
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rulewright_engine.esql.analysis.analyze import Analysis, analyze
from rulewright_engine.esql.analysis.columns import EventColumns
from rulewright_engine.esql.syntax.ast import (
    Call,
    Column,
    Dissect,
    Drop,
    Expression,
    Grok,
    Keep,
    Literal,
    MvExpand,
    Query,
    Rename,
    TimeSpan,
)
from rulewright_engine.esql.syntax.traversal import assignments_of, calls_of, expressions_of
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.operators import COMPARISONS, Operator
from rulewright_schema.rule import EsqlRule
from rulewright_schema.source import Span

__all__ = ["changed_rule"]

Edits = dict[Span, str]
"""What stands at places of a text instead."""

_JOINING = (Operator.AND, Operator.OR)
_LISTS = (Operator.IN, Operator.LIKE, Operator.RLIKE)
_TEXT_TESTS = {*COMPARISONS, Operator.IN, Operator.LIKE, "starts_with", "ends_with", "case", "locate"}
_TAKES_TEXT_APART = {Operator.RLIKE, "replace", "kql", "qstr", "match", "match_phrase", "split", "grok", "dissect"}
"""Where one of these stands, a text that is changed elsewhere might no longer be what it makes."""


def changed_rule(rule: EsqlRule, seed: int) -> EsqlRule:
    """The rule with a changed query, and with the columns that its suppression names renamed, too."""
    chance = random.Random(f"{seed} {rule.rule_id}")
    text = rule.query
    for change in (_in_another_order, _other_texts, _other_numbers, _other_spans):
        text = _kept(text, change(_analysis(text), chance))
    names = _other_names(_analysis(text), chance)
    renamed = _kept(text, _renamed(_analysis(text), names))
    if renamed == text:
        return replace(rule, query=text)
    suppression = rule.alert_suppression
    if suppression:
        suppression = replace(suppression, group_by=tuple(names.get(name, name) for name in suppression.group_by))
    return replace(rule, query=renamed, alert_suppression=suppression)


def _analysis(text: str) -> Analysis:
    return analyze(text, EventColumns(CatalogueFields(), ()))


def _kept(text: str, edits: Edits) -> str:
    """The text with the edits, where the query still runs."""
    changed = _edited(text, edits, Span(0, len(text)))
    return changed if _analysis(changed).runs else text


def _edited(text: str, edits: Mapping[Span, str], within: Span) -> str:
    """A part of a text with all edits in it; of edits inside of others, the outer ones count."""
    made, position = "", within.start
    for span in sorted(edits, key=lambda span: (span.start, -span.end)):
        if span.start >= position and span.end <= within.end:
            made += text[position : span.start] + edits[span]
            position = span.end
    return made + text[position : within.end]


def _expressions(query: Query) -> Iterator[Expression]:
    for command in query.commands:
        for expression in expressions_of(command):
            yield from expression.walk()


def _calls(query: Query) -> list[Call]:
    return [call for command in query.commands for call in calls_of(command)]


# Order


def _in_another_order(found: Analysis, chance: random.Random) -> Edits:
    edits: Edits = {}
    for call in reversed(_calls(found.query)):  # inner ones first: what is around them takes them along
        operands = _without_order(call)
        texts = [_operand(found.query.text, edits, operand) for operand in operands]
        chance.shuffle(texts)
        edits |= {operand.span: text for operand, text in zip(operands, texts, strict=True)}
    return edits


def _without_order(call: Call) -> list[Expression]:
    """The operands of a call that may change places."""
    if call.function in _JOINING:
        return list(call.flatten(lambda node: isinstance(node, Call) and node.function == call.function))
    is_list = call.function in _LISTS and all(isinstance(each, Literal) for each in call.arguments[1:])
    return list(call.arguments[1:]) if is_list else []


def _operand(text: str, edits: Edits, operand: Expression) -> str:
    made = edits.get(operand.span) or _edited(text, edits, operand.span)
    return f"({made})" if isinstance(operand, Call) and operand.infix else made


# Constants


def _other_texts(found: Analysis, chance: random.Random) -> Edits:
    """Each letter of the texts that tests compare with becomes another one, everywhere the same."""
    calls = _calls(found.query)
    if any(call.function in _TAKES_TEXT_APART for call in calls) or _commands(found.query, Grok | Dissect):
        return {}
    letters = list(string.ascii_lowercase)
    chance.shuffle(letters)
    lower = "".join(letters)
    table = str.maketrans(string.ascii_letters, lower + lower.upper())
    edits = {}
    for call in calls:
        for each in call.arguments if call.function in _TEXT_TESTS else ():
            text = found.query.text[each.span.start : each.span.end]
            if isinstance(each, Literal) and isinstance(each.value, str) and "\\" not in text:
                edits[each.span] = text.translate(table)
    return edits


def _other_numbers(found: Analysis, chance: random.Random) -> Edits:
    """Bounds become smaller, or greater where nothing is counted that there may be few kinds of."""
    calls = _calls(found.query)
    factors = [0.5, 0.7, 0.9] + ([] if any("distinct" in call.function for call in calls) else [1.2, 1.6])
    factor = chance.choice(factors)
    edits = {}
    for call in calls:
        for each in call.arguments if call.function in COMPARISONS else ():
            if isinstance(each, Literal) and type(each.value) is int and each.value > 2:
                edits[each.span] = str(max(2, round(each.value * factor)))
    return edits


def _other_spans(found: Analysis, chance: random.Random) -> Edits:
    factor = chance.choice([2, 3, 4])
    return {
        each.span: f"{max(1, each.amount // factor if each.amount >= 2 * factor else each.amount * factor)} {each.unit}"
        for each in _expressions(found.query)
        if isinstance(each, TimeSpan)
    }


# Names


def _other_names(found: Analysis, chance: random.Random) -> dict[str, str]:
    """For the fields that are read, and the columns that are assigned, other names."""
    fields = {column.name: column.field for column in found.loaded.values() if column.field}
    taken = {*fields, *_assigned(found.query)}
    names = {}
    for name, info in fields.items():
        same = [each for each in _fields_of(info.elasticsearch_type, info.array) if each not in taken]
        if info.elasticsearch_type not in _FIXED and not info.inferred and len(same) > 10:
            names[name] = chance.choice(same)
            taken.add(names[name])
    made = [name for name in _assigned(found.query) if CatalogueFields().lookup(name) is None]
    for number, name in enumerate(made):
        prefix, dot, _ = name.rpartition(".")
        names.setdefault(name, f"{prefix}{dot}{chance.choice(_WORDS)}_{number}")
    return names


_FIXED = {"constant_keyword", "date"}
_WORDS = ("amount", "kind_of", "seen", "who", "result", "flag", "bucket", "tally")


def _fields_of(type_: str, array: bool | None) -> list[str]:
    if (type_, array) not in _FIELDS_BY_KIND:
        fields = CatalogueFields()
        infos = [(name, fields.lookup(name)) for name in fields.matching("*")]
        _FIELDS_BY_KIND[type_, array] = [
            name
            for name, info in infos
            if info and (info.elasticsearch_type, info.array) == (type_, array) and re.fullmatch(r"[a-z_.]+", name)
            if not (info.allowed_values or info.inferred or info.multi_field_of or info.flattened_in or info.nested_in)
        ]
    return _FIELDS_BY_KIND[type_, array]


_FIELDS_BY_KIND: dict[tuple[str, bool | None], list[str]] = {}


def _assigned(query: Query) -> list[str]:
    names = [each.name.text for command in query.commands for each in assignments_of(command) if each.named]
    renamed = [each.new.text for command in _commands(query, Rename) for each in command.renamings]
    return list(dict.fromkeys((*names, *renamed)))


def _commands(query: Query, kind: Any) -> list[Any]:
    return [command for command in query.commands if isinstance(command, kind)]


def _renamed(found: Analysis, names: Mapping[str, str]) -> Edits:
    query = found.query
    places = [(each.name, each.span) for each in _expressions(query) if isinstance(each, Column)]
    places += [(a.name.text, a.name.span) for command in query.commands for a in assignments_of(command) if a.named]
    for rename in _commands(query, Rename):
        places += [(name.text, name.span) for each in rename.renamings for name in (each.old, each.new)]
    for listing in _commands(query, Keep | Drop):
        places += [(each.text, each.span) for each in listing.patterns if not each.wild]
    places += [(each.column.text, each.column.span) for each in _commands(query, MvExpand)]
    return {span: names[name] for name, span in places if name in names}
