"""Reader of Elasticsearch's `.csv-spec` files and of the data sets beside them."""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Expected", "SpecCase", "read_cases", "read_data"]

_DIRECTIVE = re.compile(r"required_capability:|skip_flattened_rewrite:|request_stored:")
_TYPES = {
    "i": "integer",
    "l": "long",
    "d": "double",
    "string": "keyword",
    "s": "keyword",
    "k": "keyword",
    "bool": "boolean",
    "datetime": "date",
    "ul": "unsigned_long",
}


@dataclass
class Expected:
    columns: list[tuple[str, str]]
    rows: list[list[Any]]


@dataclass
class SpecCase:
    name: str
    query: str
    expected: Expected
    ignore_order: bool = False
    warnings: list[str] = field(default_factory=list)


def read_cases(path: Path) -> list[SpecCase]:
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    cases = []
    for line in lines:
        if _is_blank(line):
            continue
        name = line.partition("#[skip")[0].strip()
        query = _read_query(lines)
        cases.append(_read_case(name, query, lines))
    return cases


def _is_blank(line: str) -> bool:
    return not line.strip() or line.strip().startswith(("//", "#"))


def _read_query(lines: Any) -> str:
    query: list[str] = []
    for line in lines:
        if not query and (_is_blank(line) or _DIRECTIVE.match(line.strip())):
            continue
        stripped = line.rstrip()
        if stripped.endswith(";") and not stripped.endswith("\\;"):
            query.append(stripped[:-1])
            return "\n".join(query).replace("\\;", ";")
        query.append(line)
    raise ValueError("a query does not end")


def _read_case(name: str, query: str, lines: Any) -> SpecCase:
    case = SpecCase(name, query, Expected([], []))
    for line in lines:
        stripped = line.strip()
        if stripped == ";":
            return case
        if _is_blank(line):
            continue
        if stripped.lower().startswith("ignoreorder:"):
            case.ignore_order = stripped.lower().endswith("true")
        elif stripped.startswith(("warning:", "warningRegex:")):
            case.warnings.append(stripped)
        elif not case.expected.columns:
            case.expected.columns = [_head(cell) for cell in _cells(line)]
        else:
            types = [type_ for _, type_ in case.expected.columns]
            case.expected.rows.append([_value(cell, type_) for cell, type_ in zip(_cells(line), types, strict=True)])
    return case


def _head(text: str) -> tuple[str, str]:
    name, _, type_ = text.rpartition(":")
    type_ = type_.strip().lower()
    return name.strip(), _TYPES.get(type_, type_)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.findall(r'((?:"(?:[^"]|"")*"|[^|"])*)(?:\||$)', line)][: line.count("|") + 1]


def _value(text: str, type_: str) -> Any:
    if text == "null":
        return None
    if text.startswith("[") and text.endswith("]"):
        parts = re.split(r"(?<!\\),(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", text[1:-1])
        return [_scalar(part.replace("\\,", ",").strip(), type_) for part in parts]
    return _scalar(text, type_)


def _scalar(text: str, type_: str) -> Any:
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        text = text[1:-1].replace('""', '"')
    match type_:
        case "integer" | "long" | "unsigned_long":
            return int(text)
        case "double":
            return float(text)
        case "boolean":
            return text == "true"
        case "date":
            return full_date(text)
        case _:
            return text


def full_date(text: str) -> str:
    text = text.removesuffix("Z")
    date, _, time = text.partition("T")
    seconds, _, fraction = (time or "00:00:00").partition(".")
    return f"{date}T{seconds}.{fraction or '000'}Z"


def read_data(path: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The mapping of a data set and its documents."""
    with path.open(encoding="utf-8") as file:
        header, *rows = csv.reader(
            _outside_brackets(line) for line in file if line.strip() and not line.startswith("//")
        )
    names = [cell.strip().rpartition(":")[::2] for cell in header]
    documents = [
        {name: value for (name, _), cell in zip(names, row, strict=True) if (value := _field(cell)) is not None}
        for row in rows
    ]
    return {name: type_.strip() for name, type_ in names}, documents


def _outside_brackets(line: str) -> str:
    """Commas inside of a multivalue are no separators: written as U+0001 until the line is split."""
    return re.sub(r"\[[^\]]*\]", lambda match: match[0].replace(",", "\x01"), line)


def _field(cell: str) -> Any:
    text = cell.strip()
    if text in ("", "[]"):
        return None
    if text.startswith("["):
        return [part.strip() for part in text[1:-1].split("\x01")]
    return text
