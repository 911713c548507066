"""EQL over all public rules: what is read, typed, compiled and lowered, and which silent defects are found."""

from pathlib import Path

import pytest

from rulewright_engine.checks import query_checks
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.ir.query import (
    EventQuery,
    Language,
    Sample,
    Sequence,
)
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.rules.rule_query import RuleQuery, rule_query
from rulewright_schema.checks import RuleContext
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.files.load import RuleFile
from support.rules import loaded

CONFIG = Config()

DEAD_WILDCARDS = {
    ("defense_evasion_timestomp_touch.toml", '"/opt/vuso*"'),
    ("discovery_tool_enumeration.toml", '"cc1*"'),
    ("defense_evasion_apparmor_profile_compilation.toml", '"--ofile*"'),
    ("defense_evasion_interpreter_launched_from_decoded_payload.toml", '?process.parent.name == "python*"'),
    ("defense_evasion_ld_so_creation.toml", '"/dev/fd/*"'),
    ("persistence_apt_package_manager_file_creation.toml", '"/dev/fd/*"'),
    ("persistence_init_d_file_creation.toml", '"platform-python*"'),
    ("persistence_lkm_configuration_file_creation.toml", '"/dev/fd/*"'),
    ("persistence_rc_script_creation.toml", '"/dev/fd/*"'),
    ("persistence_rc_script_creation.toml", '"platform-python*"'),
    ("persistence_systemd_generator_creation.toml", '"/dev/fd/*"'),
    ("privilege_escalation_enlightenment_window_manager.toml", '"uid=*"'),
    ("privilege_escalation_suspicious_chown_fowner_elevation.toml", '"/root/.ssh/*"'),
}
"""File and underlined text; one more has a text that is too long to name here."""


Queries = list[tuple[RuleFile, RuleQuery]]
Problems = dict[str, list[Diagnostic]]


@pytest.fixture(scope="module")
def files(corpus: list[Path]) -> list[RuleFile]:
    return [loaded(path) for path in corpus]


@pytest.fixture(scope="module")
def queries(files: list[RuleFile]) -> Queries:
    read = [(file, rule_query(file.rule, CONFIG)) for file in files if file.rule is not None]
    return [(file, query) for file, query in read if query is not None and query.language is Language.EQL]


@pytest.fixture(scope="module")
def problems(files: list[RuleFile]) -> Problems:
    """What the checks of queries say, by the name of the file."""
    return {file.name: list(query_checks(RuleContext(file, file.rule, CONFIG))) for file in files if file.rule}


def test_every_query_is_read_typed_and_compiled(queries: Queries) -> None:
    kinds = {EventQuery: 0, Sequence: 0, Sample: 0}
    wrong = set()
    for file, query in queries:
        match query.parsed.query:
            case None:
                wrong.add(Path(file.name).name)
            case EventQuery(condition) as found:
                compile_condition(condition)
                kinds[type(found)] += 1
            case found:
                for stage in found.stages:
                    compile_condition(stage.condition)
                kinds[type(found)] += 1
    assert wrong == set()
    assert kinds == {EventQuery: 592, Sequence: 160, Sample: 3}


def test_the_text_of_every_leaf_is_a_query_that_means_the_leaf(queries: Queries) -> None:
    for _, query in queries[::5]:
        if not isinstance(query.parsed.query, EventQuery):
            continue
        for leaf in query.parsed.query.condition.leaves():
            alone = parse_query(Language.EQL, f"any where {leaf.text}", query.fields, query.options).query
            assert isinstance(alone, EventQuery)
            assert [(found.value, found.test) for found in alone.condition.leaves()] == [(leaf.value, leaf.test)]


def test_silent_defects_are_found_where_they_are(files: list[RuleFile], problems: Problems) -> None:
    found = {
        (Path(file.name).name, file.source.text[problem.span.start : problem.span.end])
        for file in files
        for problem in problems.get(file.name, ())
        if problem.code == "RW520" and problem.span
    }
    assert {entry for entry in found if len(entry[1]) < 60} == DEAD_WILDCARDS
    assert len(found) == len(DEAD_WILDCARDS) + 1


def test_no_rule_in_use_has_an_error_in_its_query(queries: Queries, problems: Problems) -> None:
    errors = [
        (file.name, problem.code, problem.message)
        for file, _ in queries
        if not file.is_deprecated
        for problem in problems[file.name]
        if problem.level is Level.ERROR
    ]
    assert errors == []
