"""A whole rule as a Sigma rule, and a folder of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import Compilation, type_of
from rulewright_generators.exports.sigma.codes import (
    RULE_TYPE,
    SEQUENCE,
    UNSAYABLE,
    UNSAYABLE_FILTER,
    Refused,
)
from rulewright_generators.exports.sigma.detection import detection_of
from rulewright_generators.exports.sigma.items import (
    Always,
    Loss,
    Profile,
    translate,
)
from rulewright_generators.exports.sigma.logsource import LogSource, log_source_of
from rulewright_generators.exports.sigma.metadata import metadata_losses, metadata_of
from rulewright_generators.writing.output import FileNames, output_folder
from rulewright_generators.writing.templates import Templates
from rulewright_schema.codes.isolation import isolated
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.wording import counted

__all__ = ["SigmaExport", "export_rules", "to_sigma", "write_sigma"]

_ELSEWHERE = "export it with `rulewright export kibana`"

_PREFIXES = {
    "process_creation": "proc_creation",
    "process_termination": "proc_termination",
    "network_connection": "net_connection",
}
_SYSTEMS = {"windows": "win", "linux": "lnx", "macos": "macos"}
_MAX_NAME = 66
"""Sigma asks for 10 to 70 characters, `.yml` included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigmaExport:
    """A Sigma rule as `text` with what it does not say, or the reason why there is none.

    `name` is the file name that the convention suggests, without extension. The span of `refusal` is in the query.
    """

    rule_id: str
    name: str = ""
    text: str | None = None
    losses: tuple[Loss, ...] = ()
    refusal: Diagnostic | None = None


def export_rules(
    rules: Mapping[str, Compilation],
    folder: Path,
    *,
    templates: Templates,
    problems: list[Diagnostic],
    profile: str = Profile.PORTABLE,
) -> str:
    """Write rules that have a Sigma form; says how many do not, and how many lose something."""
    exports: list[SigmaExport] = []
    for name, rule in rules.items():
        with isolated(name, problems):
            exports.append(to_sigma(rule, profile=Profile(profile), templates=templates))
    write_sigma(exports, folder)
    written = [each for each in exports if each.text is not None]
    lossy, refused = sum(bool(each.losses) for each in written), len(exports) - len(written)
    sentence = f"{counted(len(written), 'Sigma rule')} in {folder}"
    sentence += f", {lossy:,} with losses" if lossy else ""
    return sentence + (f"; {counted(refused, 'rule')} without a Sigma form (see losses.json)" if refused else "")


def to_sigma(
    compilation: Compilation, *, profile: Profile = Profile.PORTABLE, templates: Templates | None = None
) -> SigmaExport:
    """Export one rule. Raises TemplateError."""
    rule = compilation.rule
    try:
        condition = _condition(compilation).condition
        tree, losses = translate(condition, profile)
        if isinstance(tree, Always):
            raise _constant(tree)
        source = log_source_of(rule, condition)
    except Refused as refused:
        return SigmaExport(rule_id=rule.rule_id, refusal=refused.diagnostic)
    renderer = templates or Templates()
    text = renderer.render("sigma/rule.yml.j2", **metadata_of(rule, source), detection=detection_of(tree))
    losses = (*losses, *metadata_losses(rule))
    return SigmaExport(rule_id=rule.rule_id, name=f"{_prefix(source)}_{rule.name}", text=text, losses=losses)


def write_sigma(exports: Sequence[SigmaExport], output: Path) -> list[Path]:
    """Write each rule as `<name>.yml`, and `losses.json`: by file, what it does not say, and what was refused, why, and
    what to do.

    Raises UsageError for a folder that cannot be written; then nothing has been written.
    """
    names = FileNames(separator="_", longest=_MAX_NAME)
    report: dict[str, list[object]] = {"rules": [], "refused": []}
    with output_folder(output) as folder:
        for export in exports:
            if export.text is not None:
                file = f"{names.take(export.name)}.yml"
                folder.write(file, export.text)
                losses = [asdict(loss) for loss in export.losses]
                report["rules"].append({"file": file, "rule_id": export.rule_id, "losses": losses})
            elif export.refusal is not None:
                why = export.refusal
                refusal = {"rule_id": export.rule_id, "code": why.code, "reason": why.message, "help": why.help}
                report["refused"].append(refusal)
        folder.write("losses.json", json.dumps(report, indent=2, ensure_ascii=False) + "\n")
        return folder.files


def _condition(compilation: Compilation) -> EventQuery:
    rule, query = compilation.rule, compilation.query and compilation.query.parsed.query
    if not type_of(rule).judges_single_events:
        raise Refused(RULE_TYPE, f"a rule of type `{rule.type}` has no Sigma form", help=_ELSEWHERE)
    if query is None:
        raise Refused(RULE_TYPE, "the query cannot be read", help="`rulewright check` says what is wrong with it")
    if not isinstance(query, EventQuery):
        help_ = f"write a rule of single events for its most telling stage, or {_ELSEWHERE}"
        raise Refused(SEQUENCE, "a sequence or sample has no Sigma form", help=help_)
    if query.pipes:
        pipe = query.pipes[0]
        help_ = "leave the pipe out if every event may raise an alert"
        raise Refused(UNSAYABLE_FILTER, f"Sigma cannot cut the result as `{pipe.name}` does", pipe.span, help=help_)
    if rule.filters:
        raise Refused(UNSAYABLE_FILTER, "filters in Kibana's form are not translated", help="move them into the query")
    return query


def _constant(tree: Always) -> Refused:
    if tree.value:
        return Refused(UNSAYABLE, "the query is true of every event", help="add what tells its events from others")
    help_ = "`rulewright check` says which conditions can never hold"
    return Refused(UNSAYABLE, "the query is true of no event", help=help_)


def _prefix(source: LogSource) -> str:
    system = _SYSTEMS.get(source.product, "")
    if source.category:
        return "_".join(filter(None, (_PREFIXES.get(source.category, source.category), system)))
    return "_".join(filter(None, (system or source.product, source.service)))
