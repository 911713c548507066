"""How much the cases of a rule prove: condition coverage (MC/DC), and the mutants that they kill."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rulewright._project.proof import Proof
from rulewright_generators.cases import Score, Survivor, score
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["COVERAGE_TOO_LOW", "MUTANT_SURVIVES", "Coverage", "Minimum", "percentage"]

MUTANT_SURVIVES = Code(
    code="RW713",
    name="mutant-survives",
    level=Level.WARNING,
    title="every small change of a query makes some case fail",
    why="A slip of the same kind would go unnoticed: the rule would find less, or more, and all cases would pass.",
    bad='process where process.name == "nc"   # and no case of `nc2`: `like "nc*"` would pass all of them\n',
    good='process where process.name == "nc"   # and a near miss of `nc2`\n',
)
COVERAGE_TOO_LOW = Code(
    code="RW714",
    name="coverage-too-low",
    level=Level.ERROR,
    title="the cases of a rule prove as much as the project asks for",
    why="The project has agreed how much its cases prove, so that a rule can be changed without fear.",
    bad="# minimum-mutation-score = 95, and a rule of which the cases kill 9 mutants of 10\n",
    good="# minimum-mutation-score = 95, and a rule of which the cases kill 10 mutants of 10\n",
)


@dataclass(frozen=True, slots=True)
class Minimum:
    """What is asked of the cases of each rule, in percent."""

    conditions: float = 0
    mutants: float = 0


@dataclass(frozen=True)
class Coverage:
    """What the cases of one rule show; `minimum` is what they should."""

    proof: Proof
    minimum: Minimum

    @cached_property
    def score(self) -> Score:
        compiled = self.proof.rule.compiled
        assert compiled is not None  # Invariant: cases were run
        return score(compiled, self.proof.cases)

    @property
    def conditions(self) -> tuple[int, int]:
        """The conditions shown both ways, or explained, and all."""
        return sum(each.is_covered for each in self.proof.conditions), len(self.proof.conditions)

    @property
    def mutants(self) -> tuple[int, int]:
        """The mutants that are killed, and all that are not proven to mean the same."""
        return self.score.killed.total(), self.score.non_equivalent

    @property
    def is_too_low(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self.problems)

    def as_data(self) -> Mapping[str, Any]:
        """For programs: counts, and the mutants of each operator."""
        operators = {
            operator: {"all": count, "killed": self.score.killed[operator], "same": self.score.equivalent[operator]}
            for operator, count in self.score.total.items()
        }
        return {
            "path": self.proof.rule.file.name,
            "cases": len(self.proof.cases),
            "conditions": dict(zip(("shown", "all"), self.conditions, strict=True)),
            "mutants": dict(zip(("killed", "non_equivalent"), self.mutants, strict=True)),
            "mutation_score": self.score.ratio if self.score.non_equivalent else None,
            "operators": operators,
        }

    @cached_property
    def problems(self) -> tuple[Diagnostic, ...]:
        return tuple(self._problems())

    def _problems(self) -> Iterator[Diagnostic]:
        file = self.proof.rule.file
        for survivor in self.score.survivors:
            message = f"no case fails if {survivor.what}"
            help_ = _how_to_kill(survivor, written=self.proof.pinned and bool(self.proof.conditions))
            yield file.placed(MUTANT_SURVIVES.report(message, survivor.span, help=help_), key=True)
        for (reached, total), minimum, what in (
            (self.conditions, self.minimum.conditions, "show {} of {} conditions true and false"),
            (self.mutants, self.minimum.mutants, "kill {} of {} mutants"),
        ):
            if total and 100 * reached / total < minimum:
                message = f"the cases {what.format(reached, total)} ({percentage(reached, total)}, not {minimum:g} %)"
                yield file.placed(COVERAGE_TOO_LOW.report(message), key=True)


def percentage(part: int, whole: int) -> str:
    """`97.2 %`, rounded down, so that only all of it is 100 %."""
    tenths = 1000 * part // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %" if tenths < 1000 else "100 %"


def _how_to_kill(survivor: Survivor, *, written: bool) -> str:
    """`written`: such a case can be generated."""
    if not survivor.change and not survivor.reason:
        return "write a case for it" + (", or let `rulewright cases --write` do it" if written else "")
    if not survivor.change:
        return f"no event was found that tells them apart: {survivor.reason}"
    what = f"case `{survivor.base}` with one change tells them apart" if survivor.base else "an event would"
    return f"{what}: {survivor.change}" + ("; add it with `rulewright cases --write`" if written else "")
