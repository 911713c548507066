"""Distil reference data into the compact files that ship in `rulewright_schema`.

    python schema/distil.py FOLDER

FOLDER holds what was taken from the sources (names, types and identifiers, which are facts):

- `ecs-<version>.json`: the Elastic Common Schema (Apache-2.0), type, array, multi-fields and allowed values per field
- `endpoint-package.json`, `beats-<version>.json`: field names and types of elastic/endpoint-package and elastic/beats
- `rule-fields.json`: fields that public detection rules query and that no schema above defines
- `attack-enterprise-<version>.json`: MITRE ATT&CK Enterprise, identifiers, names, tactics, platforms, revocations
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent / "rulewright_schema"

# The order is the precedence: where two sources disagree on a type, the first wins.
FIELD_SOURCES = {
    "ecs": ("ecs-*.json", "ECS {}"),
    "endpoint": ("endpoint-package.json", "Elastic Defend"),
    "beats": ("beats-*.json", "Beats {}"),
    "rules": ("rule-fields.json", "public detection rules"),
}

# What none of the sources says, or says right: fields of Elastic APM; fields as packages of elastic/integrations map
# them (azure, o365, wiz: data_stream/*/fields), where rules alone do not show the field or its type; and a probability
# that rules compare with fractions.
INTEGRATION_FIELDS = {
    "azure.graphactivitylogs.properties.client_auth_method": "integer",
    "o365.audit.Actor.Type": "keyword",
    "o365.audit.AuthenticationType": "keyword",
    "o365.audit.Target.Type": "keyword",
    "problemchild.prediction_probability": "double",
    "processor.event": "keyword",
    "processor.name": "keyword",
    "session.id": "keyword",
    "wiz.vulnerability.cvss_severity": "keyword",
}


MULTI_FIELDS = {"caseless": "lowercase", "keyword": None, "text": None}
"""Names of multi-fields, which flat lists do not tell from other fields, and their normalizers: Elastic Defend maps
each `caseless` with `normalizer: lowercase` (elastic/endpoint-package)."""


def distil(folder: Path) -> None:
    """Write every data file of the package from the material in `folder`."""
    known: dict[str, str] = {}
    for name, (pattern, title) in FIELD_SOURCES.items():
        path = next(iter(sorted(folder.glob(pattern))))
        listed = json.loads(path.read_text(encoding="utf-8"))["fields"]
        fields = fields_of(listed | INTEGRATION_FIELDS if name == "rules" else listed, known)
        known |= {field: type_ for type_, names in fields["types"].items() for field in names}
        tell_multi_fields(fields, known)
        version = path.stem.rpartition("-")[2]
        write(PACKAGE / "catalogue" / "data" / f"{name}.json", {"title": title.format(version), **fields})
    for path in sorted(folder.glob("attack-enterprise-*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        write(PACKAGE / "attack" / "data" / f"enterprise-{data['version']}.json", attack_of(data))


def fields_of(fields: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    """Group the names of one source by type; leave out what an earlier source defines, and names with a leading dot."""
    types: dict[str, list[str]] = defaultdict(list)
    arrays, multi_fields, allowed = [], {}, {}
    for name, entry in sorted(fields.items()):
        if name in known or name.startswith("."):
            continue
        entry = entry if isinstance(entry, dict) else {"type": entry}
        # `array` is no Elasticsearch type: beats uses it for a list of unstated type, which is mapped as keyword.
        is_untyped_list = entry["type"] == "array"
        types["keyword" if is_untyped_list else entry["type"]].append(name)
        if entry.get("array") or is_untyped_list:
            arrays.append(name)
        if entry.get("allowed_values"):
            allowed[name] = entry["allowed_values"]
        for suffix, multi_type in entry.get("multi_fields", {}).items():
            multi_fields[f"{name}.{suffix}"] = name
            types[multi_type].append(f"{name}.{suffix}")
    return {
        "types": {name: sorted(types[name]) for name in sorted(types)},
        "arrays": arrays,
        "multi_fields": multi_fields,
        "normalizers": {},
        "allowed_values": allowed,
    }


def tell_multi_fields(fields: dict[str, Any], known: dict[str, str]) -> None:
    """Add the multi-fields of a flat list: below a field that holds values, nothing else can lie."""
    for name in sorted(field for names in fields["types"].values() for field in names):
        parent, _, last = name.rpartition(".")
        if last in MULTI_FIELDS and known.get(parent) not in {None, "object", "nested", "flattened"}:
            fields["multi_fields"][name] = parent
            if normalizer := MULTI_FIELDS[last]:
                fields["normalizers"][name] = normalizer


def attack_of(data: dict[str, Any]) -> dict[str, Any]:
    """One row a tactic and a technique; `revoked_by` and `deprecated` stand where they apply."""
    return {
        "title": f"MITRE ATT&CK Enterprise {data['version']}",
        "tactics": [[entry["id"], entry["name"], entry["shortname"]] for entry in data["tactics"]],
        "techniques": [list(technique_row(entry)) for entry in data["techniques"]],
    }


def technique_row(entry: dict[str, Any]) -> Iterable[Any]:
    yield from (entry["id"], entry["name"], entry["tactics"], entry["platforms"])
    if entry.get("revoked"):
        yield {"revoked_by": entry["revoked_by"]}
    elif entry.get("deprecated"):
        yield {"deprecated": True}


def write(path: Path, data: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(data) + "\n", encoding="utf-8")


def render(value: Any) -> str:
    """JSON text with one list element a line, so that a new version of a source reads well as a diff."""
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if not isinstance(value, dict | list) or len(compact) < 80:
        return compact
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(key)}:{render(entry)}" for key, entry in value.items()) + "\n}"
    return "[\n" + ",\n".join(json.dumps(e, ensure_ascii=False, separators=(",", ":")) for e in value) + "\n]"


if __name__ == "__main__":
    distil(Path(sys.argv[1]))
