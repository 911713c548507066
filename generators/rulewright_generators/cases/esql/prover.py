"""What is asked of the cases of an ES|QL rule; see `cases.prover`."""

from collections.abc import Sequence
from dataclasses import dataclass

from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.esql.analysis.query import plan_of
from rulewright_engine.ir.query import EsqlQuery
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import ConditionOutcome, Outcome
from rulewright_generators.cases.esql.generate import esql_cases, positives_of
from rulewright_generators.cases.esql.mutation.equivalence import is_equivalent
from rulewright_generators.cases.esql.mutation.kill_matrix import Runs, surviving
from rulewright_generators.cases.esql.writing.coverage_matrix import CoverageMatrix
from rulewright_generators.cases.evidence.confirmed_cases import GeneratedCases
from rulewright_generators.cases.evidence.coverage import ConditionCoverage
from rulewright_generators.cases.evidence.score import Score, Survivor
from rulewright_generators.cases.format.case_file import Case

__all__ = ["EsqlProver"]


@dataclass(frozen=True, slots=True)
class EsqlProver:
    """Of a rule and its query."""

    compiled: CompiledRule
    query: EsqlQuery

    @property
    def _plan(self) -> Plan:
        return plan_of(self.query)

    def generate(self, existing: Sequence[Case]) -> GeneratedCases:
        return esql_cases(self.compiled, self._plan, existing)

    def coverage(self, cases: Sequence[Case], outcomes: Sequence[ConditionOutcome]) -> tuple[ConditionCoverage, ...]:
        return CoverageMatrix(self.compiled, self._plan).coverage(cases, outcomes)

    def score(self, cases: Sequence[Case]) -> Score:
        result, plan = Score(), self._plan
        runs = Runs(self.compiled, plan)
        live = surviving(runs, [runs.observe(case) for case in cases])
        matrix = CoverageMatrix(self.compiled, plan)
        positives = positives_of(self.compiled, matrix, plan)
        for mutant in runs.mutants:
            result.total[mutant.operator] += 1
            if mutant not in live:
                result.killed[mutant.operator] += 1
            elif is_equivalent(positives, self.compiled.rule, matrix.atoms, mutant):
                result.equivalent[mutant.operator] += 1
            else:
                result.survivors.append(Survivor(mutant.what, mutant.span))
        return result

    def never_alerts(self, made: GeneratedCases) -> bool:
        """Where its conditions contradict one another, generation says so of each."""
        return bool(made.conditions) and all(each.outcome is Outcome.IMPOSSIBLE for each in made.conditions)
