"""The pages of all codes, from every package."""

from importlib import import_module
from textwrap import indent

from rulewright_schema.codes import CODES, Code
from rulewright_schema.errors import UsageError
from rulewright_schema.similar import nearest_of

__all__ = ["all_codes", "page_of"]

_MODULES = (
    "rulewright_schema.codes.isolation",
    "rulewright_schema.files.load",
    "rulewright_schema.jsonlines",
    "rulewright_schema.checks",
    "rulewright_engine.checks",
    "rulewright_engine.checks.esql",
    "rulewright_generators.cases.format.codes",
    "rulewright_generators.exports.sigma.codes",
    "rulewright_generators.writing.templates",
    "rulewright._project.case_problems",
    "rulewright._project.proof_problems",
    "rulewright._project.coverage",
)
"""The modules whose import defines every code."""


def all_codes() -> dict[str, Code]:
    """Every code by its name, sorted."""
    for module in _MODULES:
        import_module(module)
    return {name: CODES[name] for name in sorted(CODES)}


def page_of(name: str) -> str:
    """The page of a code as text. Raises UsageError for a code that does not exist."""
    codes = all_codes()
    if name not in codes:
        near = nearest_of(name, codes)
        raise UsageError(f"no code `{name}`" + (f"; did you mean `{near}`?" if near else ""))
    code = codes[name]
    parts = [
        f"{code.code} {code.name} ({code.level}, profile {code.profile})",
        f"{code.title[:1].upper()}{code.title[1:]}.",
    ]
    parts.append(code.why)
    parts += [f"Wrong:\n\n{_example(code.bad)}", f"Right:\n\n{_example(code.good)}"]
    return "\n\n".join(parts)


def _example(text: str) -> str:
    return indent(text.strip("\n").replace("«", "").replace("»", "") or "(an empty file)", "    ")
