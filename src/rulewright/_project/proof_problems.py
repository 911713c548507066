"""What a proof of a rule lacks, with the pages of these problems."""

from collections.abc import Iterable, Iterator, Sequence
from json import dumps

from rulewright._project.project import Rule, cases_path
from rulewright_engine.ir.expression import Field
from rulewright_engine.solver import Outcome, UnknownReason
from rulewright_generators.cases import CaseFile, CaseResult, ConditionCoverage, GeneratedCases
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.files.load import QUERY
from rulewright_schema.source import NOWHERE
from rulewright_schema.wording import counted

__all__ = [
    "CASE_FAILED",
    "CONDITION_UNPROVEN",
    "NO_ALERT_FOUND",
    "NO_POSITIVE",
    "case_problem",
    "condition_problems",
    "never_fires",
    "no_alert_found",
]

CASE_FAILED = Code(
    code="RW710",
    name="case-failed",
    level=Level.ERROR,
    title="a rule raises the alerts that its cases say",
    why="The rule no longer does what was agreed: an attack goes unseen, or a false alarm is raised.",
    bad='{"case": "positive-0", "alerts": [[0]], "why": "...", "events": [{"process": {"name": "unrelated"}}]}\n',
    good='{"case": "positive-0", "alerts": [[0]], "why": "...", "events": [{"process": {"name": "nc"}}]}\n',
)
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


def case_problem(rule: Rule, result: CaseResult, pinned: CaseFile | None) -> Diagnostic:
    """A failed case, at the condition that decided it where there is one, else at the query."""
    file = rule.file
    message = f"case `{result.case.name}` {_raised(result)}"
    note = f"the case says: {result.case.why}" if result.case.why else ""
    help_ = "if the new verdict is right, accept it: `rulewright cases --write`" if pinned else ""
    if result.decisive is None:
        path = ("rule", _blamed(rule, result))
        return file.placed(CASE_FAILED.report(message, note=note, help=help_), path, key=True)
    values = "; ".join(f"{name} is {_shown(values)}" for name, values in result.decisive.values.items())
    condition = getattr(result.decisive.node, "text", "the condition")
    label = f"`{condition}` is {'true' if result.decisive.truth else 'false'}: {values}" if values else ""
    problem = CASE_FAILED.report(message, result.decisive.node.span, label=label, note=note, help=help_)
    return file.placed(problem)


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


def _blamed(rule: Rule, result: CaseResult) -> str:
    """The key that decides what the alerts say otherwise than the case, if the rule has one; else the query."""
    said = result.said[0].partition(" ")[0] if result.raised and result.said else ""
    return next((key for what, key in _DECIDES if what == said and getattr(rule.rule, key)), "query")


_DECIDES = (
    ("severity", "severity_mapping"),
    ("severity", "severity"),
    ("risk_score", "risk_score_mapping"),
    ("risk_score", "risk_score"),
    ("name", "rule_name_override"),
    ("name", "name"),
    ("highlighted", "investigation_fields"),
)


def _raised(result: CaseResult) -> str:
    if result.raised:
        return f"raises its alerts, but they say something else: {'; '.join(result.said)}"
    if result.case.is_positive and not result.alerts:
        return "should raise an alert and raises none"
    raised = counted(len(result.alerts), "alert")
    if not result.case.is_positive:
        return f"should stay quiet and raises {raised}"
    return f"should raise {counted(len(result.case.alerts), 'alert')} and raises {raised}, or other ones"


def _shown(values: tuple[object, ...]) -> str:
    if not values:
        return "missing"
    text = ", ".join(dumps(value, ensure_ascii=False) for value in values)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _unproven(condition: ConditionCoverage) -> str:
    if condition.held or condition.failed:
        shown, missing = ("true", "false") if condition.held else ("false", "true")
        return f"`{condition.name}` is shown {shown} where it decides, but never {missing}"
    return f"no case depends on `{condition.name}`"
