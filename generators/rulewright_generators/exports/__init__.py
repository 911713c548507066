"""Rules in the formats of others: a folder each, with `export.py` and `templates/`, and its entry in `TARGETS`."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from rulewright_engine.rules import Compilation
from rulewright_schema.diagnostics import Diagnostic

__all__ = ["TARGETS", "Option", "Target", "export_rules"]


@dataclass(frozen=True, slots=True)
class Option:
    """What people may choose of a format: `--name CHOICE`. The first choice counts where they say nothing."""

    name: str
    choices: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Target:
    """A format as people see it: which files are written, and what there is to choose."""

    help: str
    options: tuple[Option, ...] = ()


TARGETS: Mapping[str, Target] = {
    "sigma": Target(
        "one Sigma rule a file; losses.json tells what each does not say, and which rules have no Sigma form",
        (Option("profile", ("portable", "exact"), "`exact` keeps case with modifiers that few back ends know"),),
    ),
    "kibana": Target("rules.ndjson, as Kibana's rule import takes it"),
}
"""By folder. `export_rules` of its `export.py` takes what ours takes, `templates` as Templates, and
its own options."""


def export_rules(
    target: str,
    rules: Mapping[str, Compilation],
    folder: Path,
    *,
    problems: list[Diagnostic],
    templates: Path | None = None,
    **options: Any,
) -> str:
    """Write rules, by the names of their files, into a folder, and say in a sentence what was written.

    What a defect of ours keeps out is added to `problems`. Raises TemplateError, and UsageError for an unusable folder;
    then nothing has been written.
    """
    from rulewright_generators.writing.templates import Templates  # imported late: jinja2 is heavy

    module = import_module(f"{__name__}.{target}.export")
    said: str = module.export_rules(rules, folder, templates=Templates(templates), problems=problems, **options)
    return said
