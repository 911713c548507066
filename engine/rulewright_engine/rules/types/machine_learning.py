"""Machine learning rules: their alerts come from a model in the cluster."""

from collections.abc import Iterator

from rulewright_engine.languages.filters import Located
from rulewright_engine.rules import codes
from rulewright_engine.rules.aspect import Fact
from rulewright_engine.rules.types.base import RuleType
from rulewright_schema.rule import MachineLearningRule

__all__ = ["MachineLearningType"]


class MachineLearningType(RuleType[MachineLearningRule]):
    title = "machine learning"
    family = "machine_learning"
    compared_as_text = "a machine learning rule"
    judges_single_events = False
    alerts_on_single_events = False
    suppresses_since = "8.15"

    needs_index = False

    def not_executable(self, rule: MachineLearningRule) -> Located | None:
        what = f"a rule of type {rule.type}"
        message = f"{what} cannot be run offline: its alerts come from a model trained in the cluster"
        help_ = "nothing to mend: the rule is checked, but has no cases"
        return Located(("rule", "type"), codes.NOT_EXECUTABLE.report(message, help=help_))

    def facts(self, rule: MachineLearningRule) -> Iterator[Fact]:
        yield Fact("Jobs", rule.machine_learning_job_id, code=True)
        yield Fact("Anomaly score", (f"at least {rule.anomaly_threshold}",))
