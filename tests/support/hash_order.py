"""Cases of many kinds of rule as bytes, to compare two processes: `python -m support.hash_order` prints them."""

import sys

from rulewright_engine.ir.query import Language
from rulewright_generators.cases import dump_cases, generate
from support.cases import cases_of_example, fixtures_of
from support.esql import esql_rule
from support.event_queries import KQL, QUERIES
from support.paths import data_of
from support.rules import compiled_of

__all__ = ["COUNTED", "all_cases"]

COUNTED = 'FROM logs-* | WHERE event.action == "{}" | STATS c = COUNT(*) BY host.id | WHERE c > 2 | KEEP host.id'


def all_cases() -> str:
    counted = esql_rule(COUNTED.format("a"))
    made = [
        *(fixtures_of(query).cases for query in QUERIES),
        *(fixtures_of(query, Language.KQL).cases for query in KQL),
        *(cases_of_example(entry["rule"]).cases for entry in data_of("type-cases.toml")["rules"]),
        generate(compiled_of(counted)).cases,
    ]
    return "".join(map(dump_cases, made))


if __name__ == "__main__":
    sys.stdout.write(all_cases())
