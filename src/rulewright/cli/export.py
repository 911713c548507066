"""Write rules in the form of other tools.

  sigma    one Sigma rule a file; losses.json tells what each does not say, and
           which rules have no Sigma form
  kibana   rules.ndjson, as Kibana's rule import takes it

Exit codes: 0 written, 1 written without the rules that cannot be read, or a
template is wrong, 2 misuse.
"""

import argparse
import sys
from pathlib import Path

from rulewright._project.project import Project
from rulewright.cli.common import (
    BUILD,
    CLEAN,
    FINDINGS,
    add_output,
    add_paths,
    counted,
    output_of,
    show,
    sources_of,
    template_problem,
    the_project,
)
from rulewright_generators.writing.templates import TemplateError, Templates

__all__ = ["export_kibana", "export_sigma"]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", choices=("sigma", "kibana"))
    add_paths(parser)
    add_output(parser, f"{BUILD}/<target>")
    parser.add_argument(
        "--profile",
        choices=("portable", "exact"),
        default="portable",
        help="sigma: `exact` keeps case with modifiers that few back ends know (default: portable)",
    )


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    output = output_of(arguments, arguments.target)
    templates = Templates(Path(arguments.templates)) if arguments.templates else None
    try:
        if arguments.target == "sigma":
            summary = export_sigma(project, output, profile=arguments.profile, templates=templates)
        else:
            summary = export_kibana(project, output, templates=templates)
    except TemplateError as error:
        return template_problem(error)
    unreadable = [problem for file in project.files if file.rule is None for problem in file.diagnostics]
    show(unreadable, sources_of(project))
    print(summary, file=sys.stderr)
    return FINDINGS if unreadable else CLEAN


def export_sigma(
    project: Project, output: Path, *, profile: str = "portable", templates: Templates | None = None
) -> str:
    """Write Sigma rules; a sentence about what was written and what could not be."""
    from rulewright_generators.exports.sigma import Profile
    from rulewright_generators.exports.sigma.export import to_sigma, write_sigma

    chosen, renderer = Profile(profile), templates or Templates()
    exports = [to_sigma(rule.compilation, profile=chosen, templates=renderer) for rule in project.rules]
    write_sigma(exports, output)
    written = [export for export in exports if export.text is not None]
    losses = sum(bool(export.losses) for export in written)
    sentence = f"{counted(len(written), 'Sigma rule')} in {output}"
    sentence += f", {losses:,} with losses" if losses else ""
    refused = len(exports) - len(written)
    return sentence + (f"; {counted(refused, 'rule')} without a Sigma form (see losses.json)" if refused else "")


def export_kibana(project: Project, output: Path, *, templates: Templates | None = None) -> str:
    """Write the NDJSON of Kibana's rule import; a sentence about it."""
    from rulewright_generators.exports.kibana.export import write_kibana

    rules = [rule.compilation for rule in project.rules if not rule.rule.is_deprecated]
    path = write_kibana(rules, output, templates=templates)
    left_out = len(project.rules) - len(rules)
    sentence = f"{counted(len(rules), 'rule')} in {path}"
    return sentence + (f"; {counted(left_out, 'deprecated rule')} left out" if left_out else "")
