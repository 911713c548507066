"""Writes the NDJSON file of Kibana's rule import."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from rulewright_engine.rules import Compilation
from rulewright_generators.exports.kibana.payload import payload_of
from rulewright_generators.writing.output import output_folder
from rulewright_generators.writing.templates import Templates
from rulewright_schema.codes.isolation import isolated
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.wording import counted

__all__ = ["export_details", "export_rules", "to_kibana", "write_kibana"]

FILE_NAME = "rules.ndjson"


def export_rules(
    rules: Mapping[str, Compilation], folder: Path, *, templates: Templates, problems: list[Diagnostic]
) -> str:
    """Write the rules that are not deprecated; says how many are."""
    current = {name: each for name, each in rules.items() if not each.rule.is_deprecated}
    lines: list[str] = []
    for name, each in current.items():
        with isolated(name, problems):
            lines.append(to_kibana(each, templates=templates))
    path = _write(lines, folder)
    sentence, deprecated = f"{counted(len(lines), 'rule')} in {path}", len(rules) - len(current)
    return sentence + (f"; {counted(deprecated, 'deprecated rule')} left out" if deprecated else "")


def to_kibana(compilation: Compilation, *, templates: Templates | None = None) -> str:
    """The line of one rule. Raises TemplateError."""
    text = (templates or Templates()).render("kibana/rule.ndjson.j2", payload=payload_of(compilation))
    return " ".join(text.split("\n")).strip()


def write_kibana(rules: Iterable[Compilation], output: Path, *, templates: Templates | None = None) -> Path:
    """Write `rules.ndjson` into `output` and return its path.

    Raises TemplateError, and UsageError for a folder that cannot be written; then nothing has been written.
    """
    renderer = templates or Templates()
    return _write([to_kibana(rule, templates=renderer) for rule in rules], output)


def _write(rules: list[str], output: Path) -> Path:
    lines = [*rules, json.dumps(export_details(len(rules)), sort_keys=True)]
    with output_folder(output) as folder:
        folder.write(FILE_NAME, "".join(f"{line}\n" for line in lines))
        return folder.files[0]


def export_details(rules: int) -> dict[str, object]:
    """The last line of an export: how much there is, and that nothing is missing."""
    counted = ("exception_list", "exception_list_item", "action_connector")
    details: dict[str, object] = {"exported_count": rules, "exported_rules_count": rules}
    details |= {f"exported_{kind}_count": 0 for kind in counted}
    details |= {"missing_rules": [], "missing_rules_count": 0}
    details |= {"missing_exception_lists": [], "missing_exception_lists_count": 0}
    details |= {"missing_exception_list_items": [], "missing_exception_list_item_count": 0}
    details |= {"missing_action_connections": [], "missing_action_connection_count": 0}
    return details | {"excluded_action_connections": [], "excluded_action_connection_count": 0}
