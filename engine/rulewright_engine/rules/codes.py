"""The page of RW570: what keeps a rule of some type from being run."""

from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level

__all__ = ["NOT_EXECUTABLE"]

NOT_EXECUTABLE = Code(
    code="RW570",
    name="rule-not-executable",
    level=Level.NOTE,
    title="a rule can be run offline",
    why="A machine learning rule raises an alert for each anomaly that a trained model reports. The rule is checked, "
    "but no event by itself decides whether it alerts.",
    bad="""
[rule]
type = «"machine_learning"»
anomaly_threshold = 50
machine_learning_job_id = ["v3_rare_process"]
# without language
# without query
# without index
""",
    good="""
[rule]
type = "eql"
""",
)
