"""Rules in the formats of others: a folder each, with `export.py` and `templates/`."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from rulewright_engine.rules import Compilation

__all__ = ["TARGETS", "export_rules"]

TARGETS = ("sigma", "kibana")
"""The folders. Each has an `export_rules` of its own, which takes what is named here, and the options of the format."""


def export_rules(
    target: str, rules: Sequence[Compilation], folder: Path, *, templates: Path | None = None, **options: Any
) -> str:
    """Write rules into a folder, and say in a sentence what was written.

    Raises TemplateError, and UsageError for an unusable folder; then nothing has been written.
    """
    from rulewright_generators.writing.templates import Templates  # imported late: jinja2 is heavy

    module = import_module(f"{__name__}.{target}.export")
    said: str = module.export_rules(rules, folder, templates=Templates(templates), **options)
    return said
