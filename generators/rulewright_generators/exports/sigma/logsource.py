"""Which Sigma log source a rule reads, from what its condition requires and its index patterns.

Source of the names: the log sources of the Sigma specification (appendix taxonomy) and the rules of SigmaHQ.
"""

from collections.abc import Mapping
from typing import NamedTuple

from rulewright_engine.ir.expression import (
    Condition,
    Equals,
    Field,
    Leaf,
    Or,
)
from rulewright_generators.exports.sigma.codes import NO_LOG_SOURCE, Refused
from rulewright_schema.rule import Rule

__all__ = ["LogSource", "log_source_of"]


class LogSource(NamedTuple):
    """Empty parts are left out of the rule."""

    category: str = ""
    product: str = ""
    service: str = ""


_SERVICES = {
    "aws.cloudtrail": LogSource(product="aws", service="cloudtrail"),
    "azure.aadgraphactivitylogs": LogSource(product="azure", service="aadgraphactivitylogs"),
    "azure.activitylogs": LogSource(product="azure", service="activitylogs"),
    "azure.auditlogs": LogSource(product="azure", service="auditlogs"),
    "azure.graphactivitylogs": LogSource(product="azure", service="graphactivitylogs"),
    "azure.identity_protection": LogSource(product="azure", service="riskdetection"),
    "azure.platformlogs": LogSource(product="azure", service="platformlogs"),
    "azure.signinlogs": LogSource(product="azure", service="signinlogs"),
    "fortinet_fortigate.log": LogSource(product="fortigate"),
    "gcp.audit": LogSource(product="gcp", service="gcp.audit"),
    "github.audit": LogSource(product="github", service="audit"),
    "google_workspace.admin": LogSource(product="gcp", service="google_workspace.admin"),
    "google_workspace.login": LogSource(product="gcp", service="google_workspace.login"),
    "google_workspace.token": LogSource(product="gcp", service="google_workspace.token"),
    "kubernetes.audit_logs": LogSource("application", "kubernetes", "audit"),
    "o365.audit": LogSource(product="m365", service="audit"),
    "okta.system": LogSource(product="okta", service="okta"),
    "panw.panos": LogSource(product="paloalto"),
    "zeek.connection": LogSource(product="zeek", service="conn"),
    "zeek.dns": LogSource(product="zeek", service="dns"),
    "zeek.http": LogSource(product="zeek", service="http"),
}
"""Data sets that are one log source, whatever the event category."""

_CHANNELS = {
    "auditd_manager.auditd": LogSource(product="linux", service="auditd"),
    "iis.access": LogSource("webserver", "windows", "iis"),
    "apache.access": LogSource("webserver", service="apache"),
    "nginx.access": LogSource("webserver", service="nginx"),
    "system.application": LogSource(product="windows", service="application"),
    "system.auth": LogSource(product="linux", service="auth"),
    "system.security": LogSource(product="windows", service="security"),
    "system.syslog": LogSource(product="linux", service="syslog"),
    "system.system": LogSource(product="windows", service="system"),
    "windows.powershell": LogSource("ps_script", "windows"),
    "windows.powershell_operational": LogSource("ps_script", "windows"),
    "windows.sysmon_operational": LogSource(product="windows", service="sysmon"),
}
"""Data sets that are a log source where the event category does not make one."""

_FILE_CATEGORIES = {
    "deletion": "file_delete",
    "delete": "file_delete",
    "rename": "file_rename",
    "access": "file_access",
    "open": "file_access",
}
_REGISTRY_CATEGORIES = {"change": "registry_set", "creation": "registry_add", "deletion": "registry_delete"}
_PRODUCTS = {"windows": "windows", "linux": "linux", "macos": "macos"}
_ALERTS = (".alerts-", ".ml-", "ml_", ".internal.alerts-")
_INSTEAD_OF_ALERTS = "export the rules that raise them"


def log_source_of(rule: Rule, condition: Condition) -> LogSource:
    """The log source of a rule. Raises Refused for alerts and anomalies, and where nothing tells the source."""
    required = _required(condition)
    if all(index.startswith(_ALERTS) for index in rule.index) and rule.index:
        raise Refused(NO_LOG_SOURCE, "alerts and anomalies have no Sigma log source", help=_INSTEAD_OF_ALERTS)
    if required.get("event.kind", set()) & {"alert", "signal"}:
        raise Refused(NO_LOG_SOURCE, "alerts have no Sigma log source", help=_INSTEAD_OF_ALERTS)
    datasets = required.get("event.dataset") or required.get("data_stream.dataset") or _indexed(rule)
    product = _product(rule, required)
    found = (
        _shared(_SERVICES, datasets)
        or _by_category(condition, required, product, datasets)
        or _shared(_CHANNELS, datasets)
        or _by_winlog(required)
        or (LogSource(product=product) if product else None)
        or _by_name(datasets)
    )
    if found is None:
        raise Refused(
            NO_LOG_SOURCE,
            "nothing says which log source the rule reads",
            help="name the data set in `index`, or require `event.dataset` in the query",
        )
    return found


def _required(condition: Condition) -> dict[str, set[str]]:
    """Field -> the texts of which every matching event has one: equalities that always hold."""
    required: dict[str, set[str]] = {}
    for part in condition.conjuncts():
        leaves = part.children if isinstance(part, Or) else (part,)
        values: list[tuple[str, str]] = []
        for leaf in leaves:
            match leaf:
                case Leaf(Field(name), Equals(str(value))):
                    values.append((name, value))
        if len(values) == len(leaves) and len({name for name, _ in values}) == 1:
            required.setdefault(values[0][0], {value for _, value in values})
    return required


def _indexed(rule: Rule) -> set[str]:
    """The data sets that the index patterns name: `logs-aws.cloudtrail-*` reads `aws.cloudtrail`."""
    return {
        index.removeprefix("logs-").rstrip("*").rstrip("-.") for index in rule.index if index.startswith("logs-")
    } - {""}


def _product(rule: Rule, required: Mapping[str, set[str]]) -> str:
    """The operating system, when there is one."""
    systems = required.get("host.os.type") or required.get("host.os.family")
    systems = systems or {tag.removeprefix("OS: ").lower() for tag in rule.tags if tag.startswith("OS: ")}
    named = {_PRODUCTS.get(system, "") for system in systems}
    return named.pop() if len(named) == 1 else ""


def _shared(table: Mapping[str, LogSource], datasets: set[str]) -> LogSource | None:
    """The one log source to which all the data sets lead; a prefix such as `okta` leads to all that it begins."""
    found: set[LogSource] = set()
    for dataset in datasets:
        exact = table.get(dataset)
        sources = {exact} if exact else {source for name, source in table.items() if name.startswith(f"{dataset}.")}
        if not sources:
            return None
        found |= sources
    if len(found) == 1:
        return found.pop()
    products = {source.product for source in found}
    return LogSource(product=products.pop()) if len(products) == 1 else None


def _by_category(
    condition: Condition, required: Mapping[str, set[str]], product: str, datasets: set[str]
) -> LogSource | None:
    """The log source of an event category."""
    fields = {field.name for field in condition.fields()}
    if any(name.startswith("powershell.") for name in fields):
        return LogSource("ps_script", "windows")
    categories = required.get("event.category") or _endpoint_categories(datasets)
    types = required.get("event.type", set()) | required.get("event.action", set())
    match sorted(categories):
        case ["process"]:
            return LogSource("process_termination" if types == {"end"} else "process_creation", product)
        case ["file"]:
            return LogSource(_one(_FILE_CATEGORIES, types, "file_event"), product)
        case ["registry"]:
            return LogSource(_one(_REGISTRY_CATEGORIES, types, "registry_event"), "windows")
        case ["library"]:
            return LogSource("image_load", product)
        case ["driver"]:
            return LogSource("driver_load", product)
        case ["network"]:
            is_dns = any(name.startswith("dns.") for name in fields)
            if product:
                return LogSource("dns_query" if is_dns else "network_connection", product)
            return LogSource("network", service="dns" if is_dns else "connection")
        case _:
            return None


def _endpoint_categories(datasets: set[str]) -> set[str]:
    """`endpoint.events.process` holds process events."""
    parts = [dataset.split(".") for dataset in datasets]
    return {part[2] for part in parts if part[:2] == ["endpoint", "events"] and len(part) == 3}


def _one(table: Mapping[str, str], types: set[str], otherwise: str) -> str:
    found = {table.get(type_, otherwise) for type_ in types} or {otherwise}
    return found.pop() if len(found) == 1 else otherwise


def _by_winlog(required: Mapping[str, set[str]]) -> LogSource | None:
    channels = required.get("winlog.channel", set())
    if len(channels) == 1:
        return LogSource(product="windows", service=next(iter(channels)).lower().replace(" ", "-").replace("/", "-"))
    return None


def _by_name(datasets: set[str]) -> LogSource | None:
    """A data set without a name in Sigma: its module is the product, the rest the service."""
    named = {dataset.partition(".") for dataset in datasets}
    if len({module for module, _, _ in named}) != 1:
        return None
    services = {service for _, _, service in named}
    module = next(iter(named))[0]
    return LogSource(product=module, service=services.pop() if len(services) == 1 else "")
