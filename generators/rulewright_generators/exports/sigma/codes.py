"""Why a rule has no Sigma form. Nothing is dropped silently: what cannot be said is refused."""

from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.source import Span

__all__ = ["NO_LOG_SOURCE", "RULE_TYPE", "SEQUENCE", "UNSAYABLE", "UNSAYABLE_FILTER", "Refused"]


class Refused(Exception):
    """Ends the translation of a rule; `diagnostic` says why, and what to do (its span is in the query)."""

    def __init__(self, code: Code, message: str, span: Span | None = None, *, help: str) -> None:  # noqa: A002
        super().__init__(message)
        self.diagnostic: Diagnostic = code.report(message, span, help=help)


RULE_TYPE = Code(
    code="RW810",
    name="sigma-rule-type",
    level=Level.NOTE,
    title="a Sigma rule is a condition on one event",
    why="Sigma has no first-seen terms, no lookup in indicators, no anomaly scores and no ES|QL pipeline; and what "
    "cannot be read cannot be translated.",
    bad='type = "machine_learning"',
    good='type = "eql"\nquery = \'process where process.name == "nc"\'',
)
SEQUENCE = Code(
    code="RW811",
    name="sigma-sequence",
    level=Level.NOTE,
    title="a sequence or a count has no single Sigma rule",
    why="Sigma expresses several events by correlation rules, which back ends support unevenly; they are not written.",
    bad="query = 'sequence by host.id [process where true] [network where true]'",
    good="query = 'network where process.name == \"nc\"'",
)
UNSAYABLE = Code(
    code="RW812",
    name="sigma-condition",
    level=Level.NOTE,
    title="a condition must have a Sigma form",
    why="Sigma compares one field with constants: it has no functions, no arithmetic, no order of texts or dates, and "
    "no condition on one object of an array.",
    bad="query = 'process where length(process.name) > 40'",
    good="query = 'process where process.name : \"*xmrig*\"'",
)
NO_LOG_SOURCE = Code(
    code="RW813",
    name="sigma-log-source",
    level=Level.NOTE,
    title="a rule must read events that have a Sigma log source",
    why="A back end finds the events of a Sigma rule by its log source alone.",
    bad='index = [".alerts-security.*"]',
    good='index = ["logs-endpoint.events.process-*"]',
)
UNSAYABLE_FILTER = Code(
    code="RW814",
    name="sigma-filter",
    level=Level.NOTE,
    title="what a rule adds to its query must have a Sigma form",
    why="Filters in Kibana's own form and pipes that cut the result change which events raise an alert.",
    bad="query = 'process where true | tail 1'",
    good="query = 'process where process.name == \"nc\"'",
)
