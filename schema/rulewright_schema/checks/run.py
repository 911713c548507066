"""From files to everything that is wrong with them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from rulewright_schema.checks import guide, identity, metadata, scoring, threat, timing
from rulewright_schema.checks.context import Collection, RuleContext
from rulewright_schema.checks.registries import COLLECTION_CHECKS, RULE_CHECKS
from rulewright_schema.codes.isolation import isolated
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic, Level, first_of_each_code
from rulewright_schema.files.load import RuleFile
from rulewright_schema.source import Span

__all__ = ["CHECK_MODULES", "Pass", "check_rules"]

CHECK_MODULES = (identity, metadata, scoring, timing, threat, guide)
"""The modules of this package that define checks; importing one registers its checks."""

Pass = Callable[[RuleContext], Iterable[Diagnostic]]
"""More checks of one rule, such as those of the engine."""


def check_rules(files: Sequence[RuleFile], config: Config, *, passes: Sequence[Pass] = ()) -> list[Diagnostic]:
    """Everything that is wrong with `files`, by file in the order given, then by place.

    Problems of deprecated rules are notes; what the settings ignore is left out.
    """
    collection = Collection(files, config)
    problems: list[Diagnostic] = []
    for file in files:
        with isolated(file.name, problems):
            problems += first_of_each_code(_file_problems(file, config, passes))
    problems.extend(COLLECTION_CHECKS.run(collection, config.profile))
    order = {file.name: position for position, file in enumerate(files)}
    deprecated = {file.name for file in files if file.is_deprecated}
    weighed = (replace(p, level=Level.NOTE) if p.path in deprecated else p for p in problems)
    kept = (problem for problem in weighed if not config.ignores(problem.code, problem.path))
    return sorted(kept, key=lambda p: (order.get(p.path, -1), p.span or Span(0, 0), p.code, p.message))


def _file_problems(file: RuleFile, config: Config, passes: Sequence[Pass]) -> Iterator[Diagnostic]:
    yield from file.diagnostics
    if file.rule is None:
        return
    context = RuleContext(file, file.rule, config)
    yield from RULE_CHECKS.run(context, config.profile)
    for run in passes:
        yield from run(context)
