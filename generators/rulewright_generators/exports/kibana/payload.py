"""A rule as Kibana's detection engine names its fields.

Left out, because a file alone cannot say them truly: `version` (counted by whoever releases the rule) and
`related_integrations` (which depend on the versions that are installed).
Source of the form: Kibana's rule import API, and the export of elastic/detection-rules.
"""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from rulewright_engine.rules import Compilation
from rulewright_generators.exports.kibana.required import required_fields
from rulewright_generators.writing.placeholders import expand
from rulewright_schema.rule import NewTermsRule, Rule

__all__ = ["payload_of"]

_AS_WRITTEN = frozenset({"query", "note", "setup", "message"})
"""Texts whose line breaks mean something; all others are one line in Kibana."""

_SETUP = re.compile(r"^## *setup *\n(.*?)(?=^## |\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL)


def payload_of(compilation: Compilation) -> dict[str, Any]:
    """The fields of a rule under Kibana's names, ready for JSON."""
    rule = compilation.rule
    payload: dict[str, Any] = deepcopy(dict(rule.raw["rule"]))
    payload.pop("threat_mappings", None)
    if isinstance(rule, NewTermsRule):
        del payload["new_terms"]
        payload["new_terms_fields"] = list(rule.new_terms.fields)
        payload["history_window_start"] = rule.new_terms.history_window_start
    for threat in payload.get("threat", ()):
        threat.setdefault("technique", [])
    _split_note(rule, payload)
    required = required_fields(compilation.query) if compilation.query is not None else []
    if required:
        payload["required_fields"] = required
    return {key: value if key in _AS_WRITTEN else _on_one_line(value) for key, value in payload.items()}


def _split_note(rule: Rule, payload: dict[str, Any]) -> None:
    """The guide without its placeholders and without the section on setup, which is a field of its own."""
    if rule.note is None:
        return
    note = expand(rule.note, rule.transform, _as_plugin)
    section = _SETUP.search(note)
    if section and "setup" not in payload:
        note = (note[: section.start()] + note[section.end() :]).strip()
        if section[1].strip():
            payload["setup"] = section[1].strip()
    payload["note"] = note


def _as_plugin(plugin: str, entry: Mapping[str, Any]) -> str:
    """What Kibana's Markdown editor turns into a button: `!{osquery{...}}`."""
    return f"!{{{plugin}{json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(',', ':'))}}}"


def _on_one_line(value: Any) -> Any:
    match value:
        case str():
            return " ".join(line.strip() for line in value.strip().splitlines())
        case dict():
            return {key: inner if key in _AS_WRITTEN else _on_one_line(inner) for key, inner in value.items()}
        case list():
            return [_on_one_line(inner) for inner in value]
        case _:
            return value
