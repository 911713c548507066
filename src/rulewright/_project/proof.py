"""Whether a rule is proven: its cases run, and what they show of each leaf."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from rulewright._project.project import LoadedRule, cases_path
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import LeafOutcome
from rulewright_generators.cases import (
    Case,
    CaseFile,
    CaseResult,
    Fixtures,
    Gap,
    LeafCoverage,
    coverage,
    generate,
    read_cases,
    run_cases,
)
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.errors import LimitExceeded
from rulewright_schema.source import NOWHERE

__all__ = ["CASE_FAILED", "LEAF_UNPROVEN", "NO_POSITIVE", "Claim", "Finding", "Proof", "generated_cases", "prove"]

CASE_FAILED = Code(
    code="RW710",
    name="case-failed",
    level=Level.ERROR,
    title="a rule raises the alerts that its cases say",
    why="The rule no longer does what was agreed: an attack goes unseen, or a false alarm is raised.",
    bad='{"case": "positive-0", "alerts": [[0]], "why": "...", "events": [{"process": {"name": "unrelated"}}]}\n',
    good='{"case": "positive-0", "alerts": [[0]], "why": "...", "events": [{"process": {"name": "nc"}}]}\n',
)
LEAF_UNPROVEN = Code(
    code="RW711",
    name="leaf-unproven",
    level=Level.WARNING,
    title="the cases of a rule show each condition both true and false where it decides",
    why="A condition that no case depends on can be broken without any test failing.",
    bad='process where process.name in ("nc", "ncat")   # and a single case, of nc\n',
    good='process where process.name in ("nc", "ncat")   # and a case for each, and a near miss for each\n',
)
NO_POSITIVE = Code(
    code="RW712",
    name="no-positive",
    level=Level.ERROR,
    title="some event raises an alert",
    why="A rule that cannot fire protects nobody.",
    bad='process where process.name == "nc" and process.name == "ncat"\n',
    good='process where process.name in ("nc", "ncat")\n',
)


class Claim(StrEnum):
    """What a problem is against."""

    POSITIVE = "positive"  # a case that should alert does
    NEAR_MISS = "near-miss"  # a case that should stay quiet does
    LEAVES = "leaves"  # the cases show every leaf true and false


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a proof."""

    claim: Claim
    problem: Diagnostic


@dataclass(frozen=True)
class Proof:
    """The cases of a rule and what came of them. `skipped` says why there is nothing to run."""

    rule: LoadedRule
    pinned: bool = False
    skipped: str = ""
    results: tuple[CaseResult, ...] = ()
    leaves: tuple[LeafCoverage, ...] = ()
    gaps: tuple[Gap, ...] = ()
    case_file: CaseFile | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        return tuple(finding.problem for finding in self.findings)

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(result.case for result in self.results)

    @property
    def unproven(self) -> list[LeafCoverage]:
        return [leaf for leaf in self.leaves if not leaf.is_covered]

    @property
    def failed(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self.problems)


def generated_cases(rule: LoadedRule, existing: tuple[Case, ...] = ()) -> tuple[Case, ...]:
    """The cases that follow from the rule; those of `existing` that still hold stay as they are."""
    compiled = rule.compiled
    return generate(compiled, existing=existing).cases if compiled else existing


def prove(rule: LoadedRule) -> Proof:
    """Run the pinned cases of a rule, or generated ones where none are pinned."""
    compiled = rule.compiled
    if compiled is None:
        return Proof(rule, skipped=_why_not_executable(rule))
    path = cases_path(rule.path)
    pinned = read_cases(path, str(path)) if path.exists() else None
    if pinned is not None and pinned.diagnostics:
        findings = tuple(Finding(Claim.POSITIVE, problem) for problem in pinned.diagnostics)
        return Proof(rule, pinned=True, case_file=pinned, findings=findings)
    try:
        return _run(rule, compiled, pinned)
    except LimitExceeded as error:
        problem = CASE_FAILED.report(str(error), path=rule.file.name)
        return Proof(rule, findings=(Finding(Claim.POSITIVE, problem),))


def _run(rule: LoadedRule, compiled: CompiledRule, pinned: CaseFile | None) -> Proof:
    is_shown = pinned is not None and _shows_all(compiled, pinned.cases)
    fixtures = Fixtures((), ()) if is_shown else generate(compiled)
    cases = pinned.cases if pinned else fixtures.cases
    if not cases and compiled.esql is not None:
        return Proof(rule, skipped=_why_no_cases(fixtures))
    results = tuple(run_cases(compiled, cases))
    leaves = _coverage(compiled, cases, fixtures)
    proof = Proof(rule, pinned is not None, "", results, leaves, fixtures.gaps, pinned)
    return replace(proof, findings=tuple(_findings(proof)))


def _shows_all(compiled: CompiledRule, cases: tuple[Case, ...]) -> bool:
    """Whether cases leave nothing open that only generating them anew could explain."""
    return compiled.esql is None and all(leaf.held and leaf.failed for leaf in coverage(compiled.query, cases))


def _coverage(compiled: CompiledRule, cases: tuple[Case, ...], fixtures: Fixtures) -> tuple[LeafCoverage, ...]:
    if compiled.esql is not None:
        from rulewright_generators.cases.esql import esql_coverage

        return esql_coverage(compiled, cases, fixtures.leaves)
    return coverage(compiled.query, cases, fixtures.leaves)


def _why_no_cases(fixtures: Fixtures) -> str:
    reasons = (gap.reason for gap in fixtures.gaps)
    return next(reasons, "no case of it can be generated, and none are pinned")


def _findings(proof: Proof) -> Iterator[Finding]:
    file = proof.rule.file
    for result in proof.results:
        if not result.passed:
            claim = Claim.POSITIVE if result.case.is_positive else Claim.NEAR_MISS
            yield Finding(claim, _case_problem(proof, result))
    if not any(case.is_positive for case in proof.cases):
        span = file.span_of(("rule", "query"), key=True)
        help_ = next((gap.reason for gap in proof.gaps), "")
        problem = NO_POSITIVE.report("no case raises an alert", span, path=file.name, help=help_)
        yield Finding(Claim.POSITIVE, problem)
    yield from (Finding(Claim.LEAVES, _leaf_problem(proof, leaf)) for leaf in proof.unproven)


def _leaf_problem(proof: Proof, leaf: LeafCoverage) -> Diagnostic:
    """A leaf that is not shown both ways, where it stands in the query, or at the filters that it is of."""
    file, help_ = proof.rule.file, _unproven_help(leaf, pinned=proof.pinned)
    if leaf.leaf.span == NOWHERE:
        filters = file.span_of(("rule", "filters"), key=True)
        return LEAF_UNPROVEN.report(_unproven(leaf), filters, path=file.name, help=help_)
    problem = LEAF_UNPROVEN.report(_unproven(leaf), leaf.leaf.span, help=help_)
    return problem.relocated(file.name, file.place(("rule", "query")))


def _case_problem(proof: Proof, result: CaseResult) -> Diagnostic:
    """A failed case, at the leaf that decided it where there is one, else at the query."""
    file = proof.rule.file
    message = f"case `{result.case.name}` {_outcome(result)}"
    note = f"the case says: {result.case.why}" if result.case.why else ""
    help_ = "if the new verdict is right, accept it: `rulewright fixtures --write`" if proof.pinned else ""
    if result.blame is None:
        span = file.span_of(("rule", "query"), key=True)
        return CASE_FAILED.report(message, span, path=file.name, note=note, help=help_)
    values = "; ".join(f"{name} is {_shown(values)}" for name, values in result.blame.values.items())
    leaf = getattr(result.blame.node, "text", "the condition")
    label = f"`{leaf}` is {'true' if result.blame.truth else 'false'}: {values}" if values else ""
    problem = CASE_FAILED.report(message, result.blame.node.span, label=label, note=note, help=help_)
    return problem.relocated(file.name, file.place(("rule", "query")))


def _outcome(result: CaseResult) -> str:
    if result.case.is_positive and not result.alerts:
        return "should raise an alert and raises none"
    if not result.case.is_positive:
        return f"should stay quiet and raises {_counted(len(result.alerts))}"
    return f"should raise {_counted(len(result.case.alerts))} and raises {_counted(len(result.alerts))}, or other ones"


def _counted(number: int) -> str:
    return f"{number} alert{'' if number == 1 else 's'}"


def _shown(values: tuple[object, ...]) -> str:
    from json import dumps

    if not values:
        return "missing"
    text = ", ".join(dumps(value, ensure_ascii=False) for value in values)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _unproven(leaf: LeafCoverage) -> str:
    shown = "true" if leaf.held else "false" if leaf.failed else "to decide"
    missing = "false" if leaf.held else "true" if leaf.failed else "either way"
    if leaf.held or leaf.failed:
        return f"`{leaf.name}` is shown {shown} where it decides, but never {missing}"
    return f"no case depends on `{leaf.name}`"


def _unproven_help(leaf: LeafCoverage, *, pinned: bool) -> str:
    outcome: LeafOutcome | None = leaf.outcome
    if outcome is not None and outcome.reason:
        return outcome.reason
    return "add the missing cases: `rulewright fixtures --write`" if pinned else "write a case for it by hand"


def _why_not_executable(rule: LoadedRule) -> str:
    query = rule.compilation.query
    if query is None:
        return f"rules of type {rule.rule.type} have no query to run"
    if query.parsed.query is None:
        return "the query has errors"
    return "something beside its query has errors; `rulewright check` tells them"
