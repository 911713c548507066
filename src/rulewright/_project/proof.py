"""Whether a rule is proven: its cases run, and what they show of each condition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rulewright._project.case_fields import unknown_fields
from rulewright._project.case_problems import CASE_FAILED, case_problem
from rulewright._project.project import Rule, cases_path
from rulewright._project.proof_problems import (
    condition_problems,
    never_fires,
    no_alert_found,
)
from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases import (
    Case,
    CaseFile,
    CaseResult,
    ConditionCoverage,
    Gap,
    GeneratedCases,
    condition_coverage,
    generate,
    never_alerts,
    read_cases,
    run_cases,
)
from rulewright_schema.codes.isolation import isolated
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.errors import LimitExceeded, UsageError
from rulewright_schema.wording import counted

__all__ = ["Claim", "Finding", "Outcome", "Proof", "cases", "prove"]


class Outcome(StrEnum):
    """What came of proving a rule."""

    PROVEN = "proven"  # each case raises exactly its alerts, some case raises one, and nothing is left to say
    PARTLY = "partly proven"  # the same, but with a warning: conditions that no case shows both ways, say
    FAILED = "failed"  # a case does not, or it is proven that the rule can never fire
    UNDECIDED = "undecided"  # no case raises an alert, and it is not proven that none can
    NOT_EXECUTABLE = "not executable"  # the rule cannot be run


class Claim(StrEnum):
    """What a problem is against."""

    POSITIVE = "positive"  # a case that should alert does
    NEAR_MISS = "near-miss"  # a case that should stay quiet does
    CONDITIONS = "conditions"  # the cases show every condition true and false where it decides


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a proof."""

    claim: Claim
    problem: Diagnostic


@dataclass(frozen=True, repr=False)
class Proof:
    """The cases of a rule and what came of them.

    `reason` says what keeps the rule from being proven, and what to do; it is empty where nothing does. `pinned`: the
    cases are those of a file, `case_file`. `conditions` tells of each condition of the query whether it is shown both
    true and false.
    """

    rule: Rule
    outcome: Outcome
    reason: str = ""
    pinned: bool = False
    results: tuple[CaseResult, ...] = ()
    conditions: tuple[ConditionCoverage, ...] = ()
    case_file: CaseFile | None = None
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        return f"<Proof of {self.rule.name!r}: {self.outcome}, {counted(len(self.results), 'case')}>"

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What the proof lacks; an error for each failed case."""
        return tuple(finding.problem for finding in self.findings)

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(result.case for result in self.results)

    @property
    def unproven(self) -> list[ConditionCoverage]:
        """The conditions that no case shows both true and false, without an explanation why none can."""
        return [condition for condition in self.conditions if not condition.is_covered]

    @property
    def failed(self) -> bool:
        return self.outcome is Outcome.FAILED


def cases(rule: Rule, *, keep: Iterable[Case] = ()) -> tuple[Case, ...]:
    """The cases that follow from the rule: events that raise an alert, and such that only just do not.

    Those of `keep` that still hold stay as they are, and those written by hand always do. Raises UsageError for a rule
    that cannot be run.

    >>> [positive] = [case for case in rulewright.cases(rule) if case.is_positive]
    >>> positive.name, positive.alerts, positive.events[0]["process"]["command_line"]
    ('positive: every condition', ((0,),), 'nc -l')
    """
    compiled = rule.compiled
    if compiled is None:
        raise UsageError(f"`{rule.file.name}` has no cases: {_why_not_executable(rule)}")
    return generate(compiled, existing=tuple(keep)).cases


def prove(rule: Rule, *, cases: Iterable[Case] | None = None) -> Proof:
    """Run the cases of a rule: those given, else those pinned beside its file, else generated ones.

    >>> proof = rulewright.prove(rule)
    >>> proof
    <Proof of 'Netcat listens': proven, 8 cases>
    >>> proof.outcome is rulewright.Outcome.PROVEN
    True
    """
    problems: list[Diagnostic] = []
    with isolated(rule.file.name, problems):
        return _prove(rule, cases)
    return Proof(rule, Outcome.FAILED, findings=tuple(Finding(Claim.POSITIVE, problem) for problem in problems))


def _prove(rule: Rule, cases: Iterable[Case] | None) -> Proof:
    compiled = rule.compiled
    if compiled is None:
        return Proof(rule, Outcome.NOT_EXECUTABLE, _why_not_executable(rule))
    if cases is not None:
        return _proof(rule, compiled, tuple(cases), None)
    path = cases_path(rule.path)
    pinned = read_cases(path, str(path)) if path.exists() else None
    if pinned is not None and pinned.diagnostics:
        findings = tuple(Finding(Claim.POSITIVE, problem) for problem in pinned.diagnostics)
        return Proof(rule, Outcome.FAILED, "its cases cannot be read", True, case_file=pinned, findings=findings)
    return _proof(rule, compiled, pinned.cases if pinned else None, pinned)


def _proof(rule: Rule, compiled: CompiledRule, given: tuple[Case, ...] | None, pinned: CaseFile | None) -> Proof:
    """Run the cases that are given, else generated ones, which also explain what given ones leave open."""
    try:
        made = GeneratedCases((), ()) if given is not None and _shows_all(compiled, given) else _generated(compiled)
        run = made.cases if given is None else given
        results = tuple(run_cases(compiled, run))
        conditions = condition_coverage(compiled, run, made.conditions)
    except LimitExceeded as error:
        finding = Finding(Claim.POSITIVE, CASE_FAILED.report(str(error), path=rule.file.name))
        return Proof(rule, Outcome.FAILED, str(error), pinned is not None, case_file=pinned, findings=(finding,))
    findings = [
        Finding(_claim_of(result.case), case_problem(rule, result, conditions, pinned))
        for result in results
        if not result.passed
    ]
    findings += [Finding(_claim_of(case), problem) for case, problem in unknown_fields(compiled, pinned)]
    proof = Proof(rule, Outcome.PROVEN, "", pinned is not None, results, conditions, pinned)
    if any(case.is_positive for case in run):
        findings += [Finding(Claim.CONDITIONS, each) for each in condition_problems(rule, proof.unproven, pinned)]
    else:
        problem = never_fires(rule) if never_alerts(compiled, made) else no_alert_found(rule, made, conditions)
        findings.append(Finding(Claim.POSITIVE, problem))
        reason = "; ".join(filter(None, (problem.message, problem.note, problem.help)))
        proof = replace(proof, outcome=Outcome.UNDECIDED, reason=reason)
    return _judged(proof, findings)


def _judged(proof: Proof, findings: Sequence[Finding]) -> Proof:
    """The proof with what was found, and what that makes of it."""
    proof = replace(proof, findings=tuple(findings))
    if any(finding.problem.level is Level.ERROR for finding in findings):
        failed = sum(not result.passed for result in proof.results)
        reason = f"{counted(failed, 'case')} of {len(proof.results):,} fail" + ("s" if failed == 1 else "")
        return replace(proof, outcome=Outcome.FAILED, reason=proof.reason or reason)
    if findings and proof.outcome is Outcome.PROVEN:
        open_ = len(proof.unproven)
        reason = f"{counted(open_, 'condition')} of {len(proof.conditions):,} not shown" if open_ else ""
        return replace(proof, outcome=Outcome.PARTLY, reason=reason or counted(len(findings), "warning"))
    return proof


def _claim_of(case: Case) -> Claim:
    return Claim.POSITIVE if case.is_positive else Claim.NEAR_MISS


def _generated(compiled: CompiledRule) -> GeneratedCases:
    try:
        return generate(compiled)
    except LimitExceeded as error:
        return GeneratedCases((), (), (Gap("an alert", str(error)),))


def _shows_all(compiled: CompiledRule, cases: tuple[Case, ...]) -> bool:
    """Whether cases leave nothing open that only generating them anew could explain."""
    if not any(case.is_positive for case in cases):
        return False
    return all(condition.held and condition.failed for condition in condition_coverage(compiled, cases))


def _why_not_executable(rule: Rule) -> str:
    query = rule.compilation.query
    if query is None:
        return f"rules of type {rule.rule.type} have no query to run"
    if query.parsed.query is None:
        return "the query has errors"
    return "something beside its query has errors; `rulewright check` tells them"
