"""Runs that tell two rules apart, whatever their types: the cases that prove one of them, run with the other."""

from rulewright.diff.parts import Witness
from rulewright_engine.ruletypes import Meaning
from rulewright_generators.fixtures import generate
from rulewright_generators.fixtures.results import CaseRunner
from rulewright_schema.rule import Rule

__all__ = ["telling_cases"]


def telling_cases(old: Rule, before: Meaning, new: Rule, after: Meaning) -> tuple[Witness | None, Witness | None]:
    """Events on which the old rule alone alerts, and others on which the new one alone does."""
    runners = CaseRunner(old, before), CaseRunner(new, after)
    lost = gained = None
    for case in (*generate(old, before).cases, *generate(new, after).cases):
        fires = [bool(runner.alerts(case)) for runner in runners]
        if fires == [True, False]:
            lost = lost or Witness(case.events, {})
        elif fires == [False, True]:
            gained = gained or Witness(case.events, {})
    return lost, gained
