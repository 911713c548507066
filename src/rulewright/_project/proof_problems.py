"""What a proof of a rule lacks, with the pages of these problems."""

from collections.abc import Iterable, Iterator, Sequence

from rulewright._project.project import Rule, cases_path
from rulewright_engine.ir.expression import Field
from rulewright_engine.solver import Outcome, UnknownReason
from rulewright_generators.cases import CaseFile, ConditionCoverage, GeneratedCases
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.files.load import QUERY
from rulewright_schema.source import NOWHERE
from rulewright_schema.wording import counted

__all__ = [
    "CONDITION_UNPROVEN",
    "NO_ALERT_FOUND",
    "NO_POSITIVE",
    "condition_problems",
    "never_fires",
    "no_alert_found",
]

CONDITION_UNPROVEN = Code(
    code="RW711",
    name="condition-unproven",
    level=Level.WARNING,
    title="the cases of a rule show each condition both true and false where it decides",
    why="A condition that no case depends on can be broken without any test failing. Wanted is an independence pair: "
    "an event that alerts and one that does not, between which this condition alone decides.",
    bad='process where process.name in ("nc", "ncat")   # and a single case, of nc\n',
    good='process where process.name in ("nc", "ncat")   # and a case for each, and a near miss for each\n',
)
NO_POSITIVE = Code(
    code="RW712",
    name="no-positive",
    level=Level.ERROR,
    title="some event raises an alert",
    why="It is proven that no event meets the rule's conditions. A rule that cannot fire protects nobody.",
    bad='process where process.name == "nc" and process.name == "ncat"\n',
    good='process where process.name in ("nc", "ncat")\n',
)
NO_ALERT_FOUND = Code(
    code="RW715",
    name="undecided",
    level=Level.WARNING,
    title="some case raises an alert",
    why="No events were found that raise one, and it is not proven that there are none: the rule may be right, but "
    "nothing shows that it fires. A case by hand settles it, and is varied to make the others.",
    bad='process where between(process.command_line, "-p ", " ") == "x"\n',
    good='process where process.command_line like "*-p x *"\n',
)


def condition_problems(
    rule: Rule, conditions: Iterable[ConditionCoverage], pinned: CaseFile | None
) -> Iterator[Diagnostic]:
    """The conditions that are not shown both ways; those that the budget of work did not reach are one problem."""
    unasked: list[ConditionCoverage] = []
    for condition in conditions:
        if condition.outcome is not None and condition.outcome.reason == UnknownReason.WORK:
            unasked.append(condition)
        else:
            yield _condition_problem(rule, condition, pinned)
    if unasked:
        message = f"{counted(len(unasked), 'condition')} of the query could not be shown: {UnknownReason.WORK}"
        help_ = "split the rule, or move long lists of values into an indicator match rule"
        span = rule.file.span_of(QUERY, key=True)
        yield CONDITION_UNPROVEN.report(message, span, path=rule.file.name, help=help_)


def _condition_problem(rule: Rule, condition: ConditionCoverage, pinned: CaseFile | None) -> Diagnostic:
    """A condition that is not shown both ways, where it stands in the query, or at the filters that it is of."""
    file, message = rule.file, _unproven(condition)
    if condition.outcome is not None and condition.outcome.reason:
        help_ = condition.outcome.reason
    else:
        help_ = "add the missing cases: `rulewright cases --write`" if pinned else "write a case for it by hand"
    if condition.leaf.span == NOWHERE:
        return file.placed(CONDITION_UNPROVEN.report(message, help=help_), ("rule", "filters"), key=True)
    return file.placed(CONDITION_UNPROVEN.report(message, condition.leaf.span, help=help_))


def never_fires(rule: Rule) -> Diagnostic:
    """It is proven that no event meets the rule's conditions."""
    message = "the rule can never fire: no event meets its conditions together"
    help_ = "correct the conditions that exclude each other"
    return rule.file.placed(NO_POSITIVE.report(message, help=help_), key=True)


def no_alert_found(rule: Rule, made: GeneratedCases, conditions: Sequence[ConditionCoverage]) -> Diagnostic:
    """No case raises an alert: none of those given, or none could be made."""
    if any(case.is_positive for case in made.cases):
        message, note, help_ = "none of its cases raises an alert", "", "add those that do: `rulewright cases --write`"
    else:
        message, note = "no events were found that raise an alert", _why_none(made, conditions)
        help_ = f"write a case by hand that raises one, into `{cases_path(rule.path).name}`"
    return rule.file.placed(NO_ALERT_FOUND.report(message, note=note, help=help_), key=True)


def _why_none(made: GeneratedCases, conditions: Sequence[ConditionCoverage]) -> str:
    """What kept the search from finding events."""
    for gap in made.gaps:
        return gap.reason
    undecided = [each for each in conditions if each.outcome is not None and each.outcome.outcome is Outcome.UNDECIDED]
    # A condition on the result of a function is what the search fails at, more often than one on a plain field.
    for each in sorted(undecided, key=lambda each: isinstance(each.leaf.value, Field)):
        if each.outcome is not None and each.outcome.reason:
            return f"`{each.name}`: {each.outcome.reason}"
    return ""


def _unproven(condition: ConditionCoverage) -> str:
    if condition.held or condition.failed:
        shown, missing = ("true", "false") if condition.held else ("false", "true")
        return f"`{condition.name}` is shown {shown} where it decides, but never {missing}"
    return f"no case depends on `{condition.name}`"
