"""What is asked of Elasticsearch and Kibana over HTTP, and what they answer."""

import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Cluster", "LiveError", "cluster_of"]

SETTINGS = {
    "elasticsearch": "RULEWRIGHT_LIVE_ELASTICSEARCH",
    "kibana": "RULEWRIGHT_LIVE_KIBANA",
    "api_key": "RULEWRIGHT_LIVE_API_KEY",
}
CA = "RULEWRIGHT_LIVE_CA"
SPACE = "RULEWRIGHT_LIVE_SPACE"
PUBLIC_API = "2023-10-31"
"""The version of Kibana's public API that the requests are written for."""

TIMEOUT = 120
"""Seconds that one request may take."""

MAX_ALERTS = 1_000
EXCERPT = 500


class LiveError(Exception):
    """What went wrong, in one sentence: which request, and what was answered."""


@dataclass(frozen=True, slots=True)
class Cluster:
    elasticsearch: str
    kibana: str
    api_key: str
    ca: str | None = None
    space: str = "default"

    def create_index(self, name: str, mapping: Mapping[str, Any]) -> None:
        settings = {"number_of_shards": 1, "number_of_replicas": 0}
        self._elasticsearch("PUT", f"/{name}", {"settings": settings, "mappings": mapping})

    def delete_index(self, name: str) -> None:
        self._elasticsearch("DELETE", f"/{name}?ignore_unavailable=true")

    def index(self, name: str, documents: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Store documents under their ids; they can be searched when this returns."""
        lines = [line for id_, document in documents for line in ({"index": {"_id": id_}}, document)]
        if not lines:
            return
        answer = self._elasticsearch("POST", f"/{name}/_bulk?refresh=true", lines)
        failed = [each["index"]["error"] for each in answer["items"] if "error" in each["index"]]
        if failed:
            raise LiveError(f"Elasticsearch stores no such event in {name}: {failed[0].get('reason', failed[0])}")

    def preview(self, rule: Mapping[str, Any], end: str) -> str:
        """Run a rule once, as if it were `end`; the id of the preview, under which its alerts are found."""
        body = {**rule, "invocationCount": 1, "timeframeEnd": end}
        answer = self._kibana("POST", "/api/detection_engine/rules/preview", body)
        errors = [str(error) for log in answer.get("logs", ()) for error in log.get("errors", ())]
        if errors or answer.get("isAborted"):
            raise LiveError(f"Kibana could not run the rule: {errors[0] if errors else 'the preview was aborted'}")
        return str(answer["previewId"])

    def alerts(self, preview: str) -> list[dict[str, Any]]:
        """The alerts of a preview, as documents."""
        index = f"/.preview.alerts-security.alerts-{self.space}"
        self._elasticsearch("POST", f"{index}/_refresh")
        query = {"size": MAX_ALERTS, "query": {"term": {"kibana.alert.rule.uuid": preview}}}
        return [hit["_source"] for hit in self._elasticsearch("POST", f"{index}/_search", query)["hits"]["hits"]]

    def _elasticsearch(self, method: str, path: str, body: Any = None) -> Any:
        return self._request(method, self.elasticsearch + path, body, {})

    def _kibana(self, method: str, path: str, body: Any) -> Any:
        space = "" if self.space == "default" else f"/s/{self.space}"
        headers = {"kbn-xsrf": "rulewright", "elastic-api-version": PUBLIC_API}
        return self._request(method, self.kibana + space + path, body, headers)

    def _request(self, method: str, url: str, body: Any, headers: Mapping[str, str]) -> Any:
        lines = isinstance(body, list)
        data = "".join(f"{json.dumps(line)}\n" for line in body) if lines else json.dumps(body)
        kind = "application/x-ndjson" if lines else "application/json"
        sent = urllib.request.Request(
            url,
            data=None if body is None else data.encode(),
            method=method,
            headers={"Authorization": f"ApiKey {self.api_key}", "Content-Type": kind, **headers},
        )
        try:
            context = ssl.create_default_context(cafile=self.ca) if url.startswith("https:") else None
            with urllib.request.urlopen(sent, timeout=TIMEOUT, context=context) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                answered = error.read().decode(errors="replace")[:EXCERPT]
            raise LiveError(f"{method} {url} was refused with status {error.code}: {answered}") from None
        except urllib.error.URLError as error:
            raise LiveError(f"{method} {url} was not answered: {error.reason}") from None
        except (OSError, ValueError) as error:
            raise LiveError(f"{method} {url} was not answered as expected: {error}") from None


def cluster_of(environment: Mapping[str, str] = os.environ) -> Cluster | str:
    """The cluster that the environment names, or which settings are missing."""
    missing = [variable for variable in SETTINGS.values() if not environment.get(variable)]
    if missing:
        return f"no cluster: set {', '.join(missing)}"
    given = {name: environment[variable].rstrip("/") for name, variable in SETTINGS.items()}
    return Cluster(**given, ca=environment.get(CA) or None, space=environment.get(SPACE) or "default")
