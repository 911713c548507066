"""What the solver proves of the conditions of a rule: that no event meets them, or that some make no difference."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rulewright_engine.checks.context import QueryContext
from rulewright_engine.ir.expression import (
    Condition,
    Exists,
    Leaf,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import Part
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import multi_valued_in
from rulewright_engine.solver.analysis.findings import Finding, FindingKind, findings, is_contradictory
from rulewright_engine.solver.analysis.siblings import is_single_condition, span_of
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Label, Level
from rulewright_schema.files.load import QUERY
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.source import NOWHERE, Span
from rulewright_schema.wording import listed, quoted

__all__ = [
    "COVERED_ELEMENT",
    "IDLE_EXCLUSION",
    "IMPOSSIBLE_CONDITION",
    "NEVER_FIRES",
    "REDUNDANT_CONDITION",
    "can_never_fire",
    "proven_problems",
]

NEVER_FIRES = Code(
    code="RW600",
    name="never-fires",
    level=Level.ERROR,
    title="some event can make a rule fire",
    why="It is proven that no event meets all conditions together, so the rule watches nothing.",
    bad="""
[rule]
query = 'process where process.name == "nc" and «process.name == "ncat"»'
""",
    good="""
[rule]
query = 'process where process.name == "nc" or process.name == "ncat"'
""",
)
IMPOSSIBLE_CONDITION = Code(
    code="RW601",
    name="impossible-condition",
    level=Level.WARNING,
    title="every alternative can be met",
    why="It is proven that the condition is never true where it would count. Often a value has a mistake in it, or "
    "stands in the wrong list.",
    bad="""
[rule]
query = 'process where process.command_line : "*id_rsa*" and process.command_line in ("cat id_rsa", «"/"»)'
""",
    good="""
[rule]
query = 'process where process.command_line : "*id_rsa*" and process.name in ("cat", "scp")'
""",
)
REDUNDANT_CONDITION = Code(
    code="RW602",
    name="redundant-condition",
    level=Level.WARNING,
    title="every condition makes a difference",
    why="It is proven that the rule finds the same events without the condition. What it was meant to do, it does not.",
    bad="""
[rule]
query = 'process where «process.name != null» and process.name : ("nc", "ncat")'
""",
    good="""
[rule]
query = 'process where process.name : ("nc", "ncat")'
""",
)
COVERED_ELEMENT = Code(
    code="RW603",
    name="covered-element",
    level=Level.WARNING,
    title="no element of a list is covered by another one",
    why="It is proven that whatever meets the element meets another one, too. A list is read faster without it, and "
    "a pattern that covers it may be wider than was meant.",
    bad="""
[rule]
query = 'process where process.args : ("*curl*", «"*curl http*"»)'
""",
    good="""
[rule]
query = 'process where process.args : ("*curl*", "*wget http*")'
""",
)
IDLE_EXCLUSION = Code(
    code="RW604",
    name="idle-exclusion",
    level=Level.WARNING,
    title="an exclusion excludes something",
    why="It is proven that the other conditions let nothing through that the exclusion would keep out. Often it was "
    "meant for other events, which do alert.",
    bad="""
[rule]
query = 'process where process.name in ("nc", "ncat") and «not process.name : "socat"»'
""",
    good="""
[rule]
query = 'process where process.name in ("nc", "ncat") and not process.parent.name : "backup"'
""",
)

MAX_LABELS = 8
"""Places that one diagnostic shows beside its own."""


@dataclass(frozen=True, slots=True)
class _RuleCondition:
    """One condition of a rule: what it decides, where its text stands, and what else its events must have."""

    condition: Condition
    role: str
    text: KeyPath
    filters: KeyPath
    given: tuple[Leaf, ...] = ()


def proven_problems(context: QueryContext, compiled: CompiledRule, said: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """What is proven of the rule's conditions; not of a condition about which `said` has something."""
    multi_valued = multi_valued_in(compiled.fields)
    for part in _parts(compiled):
        found = findings(part.condition, multi_valued, part.given)
        reporter = _Reporter(
            context,
            compiled.fields,
            part,
            [problem.span for problem in said if problem.span],
            context.file.place(part.text),
        )
        for _, group in groupby(found, key=_group):
            yield from reporter.report(list(group))


def can_never_fire(compiled: CompiledRule) -> bool:
    """Whether it is proven that no event meets a condition that every alert needs; never so of a rule in ES|QL."""
    multi_valued = multi_valued_in(compiled.fields)
    needed = (part for part in _parts(compiled) if part.role in ("event", "stage", "indicator"))
    return any(is_contradictory(part.condition, multi_valued, part.given) for part in needed)


def _group(finding: Finding) -> object:
    """Elements of one list are one mistake."""
    return (finding.kind, finding.path[:-1]) if finding.parent else (finding.kind, finding.path, finding)


def _parts(compiled: CompiledRule) -> Iterator[_RuleCondition]:
    if compiled.query is not None:
        for part in compiled.query.parts:
            yield _RuleCondition(part.condition, part.role, QUERY, ("rule", "filters"), _keys(part))
    yield _RuleCondition(compiled.indicators, "indicator", ("rule", "threat_query"), ("rule", "threat_filters"))


def _keys(part: Part) -> tuple[Leaf, ...]:
    """That an event has the join keys without which it takes no part; said of those that the condition asks about."""
    asked = {field.name for field in part.condition.fields()}
    keys = (key for key in part.required_keys if key.name in asked)
    return tuple(Leaf(key, Exists(), f"{key.name} != null", key.span) for key in keys)


# Words


@dataclass(frozen=True, slots=True)
class _Reporter:
    context: QueryContext
    fields: FieldTypes
    part: _RuleCondition
    said: Sequence[Span]
    place: Callable[[Span], Span]

    def report(self, group: Sequence[Finding]) -> Iterator[Diagnostic]:
        """The diagnostic about findings of one kind in one list, or about one finding."""
        fresh = [finding for finding in group if not self._is_told(finding)]
        if not fresh:
            return
        first, *more = fresh
        code, message, help_, label = self._words(first)
        because = list(dict.fromkeys(self._span(node) for finding in fresh for node in finding.because))
        also = [(self._span(finding.node), "and this") for finding in more]
        if first.kind is FindingKind.UNSATISFIABLE:
            because.sort()
            place = because.pop() if because else self._span(first.node)
        else:
            place = self._span(first.node)
        places = [*((span, label) for span in because), *also]
        yield code.report(
            message,
            place,
            path=self.context.file.name,
            help=help_,
            note=self._note(fresh),
            secondary=tuple(Label(*each) for each in places[:MAX_LABELS] if each[0] != place),
        )

    def _words(self, finding: Finding) -> tuple[Code, str, str, str]:
        """Code, message, help, and what is said of the places that prove it."""
        name = _name(finding.node)
        match finding.kind:
            case FindingKind.UNSATISFIABLE:
                return self._never(finding)
            case FindingKind.IMPOSSIBLE:
                help_ = "remove it, or correct what contradicts it"
                return IMPOSSIBLE_CONDITION, f"{name} can never be true here", help_, "because of this"
            case FindingKind.VACUOUS:
                help_ = "remove it, or correct what it was meant to exclude"
                return IDLE_EXCLUSION, f"{name} excludes nothing", help_, "because of this"
            case FindingKind.SUBSUMED if finding.parent is not None:
                return COVERED_ELEMENT, f"{name} is covered already", "remove it, or narrow what covers it", "by this"
            case FindingKind.SUBSUMED:
                return (
                    REDUNDANT_CONDITION,
                    f"{name} makes no difference",
                    "remove it, or narrow what covers it",
                    "this covers it",
                )
            case FindingKind.REDUNDANT:
                return REDUNDANT_CONDITION, f"{name} is always true here", "remove it, or correct it", "this implies it"

    def _never(self, finding: Finding) -> tuple[Code, str, str, str]:
        which = "meets these conditions together" if len(finding.because) > 1 else f"meets {_name(finding.node)}"
        label = "not together with this"
        help_ = "join alternatives with `or`, or correct the condition that is wrong"
        match self.part.role:
            case "missing" | "until":
                return IMPOSSIBLE_CONDITION, f"no event {which}, so this stage does nothing", help_, label
            case "stage":
                return NEVER_FIRES, f"the rule can never fire: no event of a stage {which}", help_, label
            case "indicator":
                return NEVER_FIRES, f"the rule can never fire: no indicator {which}", help_, label
            case _:
                return NEVER_FIRES, f"the rule can never fire: no event {which}", help_, label

    def _note(self, group: Sequence[Finding]) -> str:
        """Which fields have one value only, where the proof needs it."""
        names = {
            field.name
            for finding in group
            if finding.needs_single_value
            for node in (finding.node, *finding.because)
            for field in node.fields()
            if (info := self.fields.lookup(field.name)) and info.array is False
        }
        if not names:
            return ""
        told = listed([f"`{name}`" for name in sorted(names)])
        return (
            f"by its schema, {told} has one value at a time"
            if len(names) == 1
            else f"by their schema, {told} have one value each at a time"
        )

    # Places

    def _is_told(self, finding: Finding) -> bool:
        """Whether another check has said something of a condition in it: one mistake is told once."""
        if finding.kind is FindingKind.UNSATISFIABLE:
            nodes = [node for node in finding.because if is_single_condition(node)]
            if not any(span_of(node) != NOWHERE for node in finding.because):
                return True  # reading the query left nothing to meet, of a value that does not fit, say
        else:
            nodes = list(finding.node.leaves())
        spans = list(map(self._span, nodes)) if self.said else []
        return any(one.start < told.end and told.start < one.end for one in spans for told in self.said)

    def _span(self, node: Condition) -> Span:
        """Where a node stands in the file."""
        span = span_of(node)
        if span != NOWHERE:
            return self.place(span)
        return self.context.file.span_of(self.part.filters)


def _name(node: Condition) -> str:
    leaves = list(node.leaves())
    if len(leaves) != 1:
        return "this condition"
    return quoted(leaves[0].text)
