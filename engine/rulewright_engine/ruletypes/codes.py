"""The pages of RW570 and RW571: what keeps a rule of some type from being run."""

from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level

__all__ = ["NOT_EXECUTABLE", "THREAT_LANGUAGE"]

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
THREAT_LANGUAGE = Code(
    code="RW571",
    name="threat-language",
    level=Level.ERROR,
    title="a threat query is written in KQL or Lucene",
    why="Kibana searches the indicators with it, and knows no other language there.",
    bad="""
[rule]
type = "threat_match"
language = "kuery"
query = "event.category : network"
threat_index = ["logs-ti_*"]
threat_query = "any where true"
threat_language = «"eql"»
[[rule.threat_mapping]]
entries = [{ field = "source.ip", type = "mapping", value = "threat.indicator.ip" }]
""",
    good="""
[rule]
type = "threat_match"
language = "kuery"
query = "event.category : network"
threat_index = ["logs-ti_*"]
threat_query = "*:*"
threat_language = "kuery"
[[rule.threat_mapping]]
entries = [{ field = "source.ip", type = "mapping", value = "threat.indicator.ip" }]
""",
)
