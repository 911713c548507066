"""Every public KQL and Lucene rule is read, typed and compiled; what is wrong with one is wrong in truth."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rulewright_engine.checks import query_checks
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.languages.parse import parse_query
from rulewright_schema.checks import RuleContext
from rulewright_schema.config import Config
from rulewright_schema.files.load import RuleFile
from rulewright_schema.rule import ThreatMatchRule
from support.rules import loaded

FIELDS = CatalogueFields()


@pytest.fixture(scope="module")
def files(corpus: list[Path]) -> list[RuleFile]:
    found = [loaded(path) for path in corpus]
    return [file for file in found if file.rule and file.rule.query_language in {Language.KQL, Language.LUCENE}]


def queries(files: list[RuleFile]) -> Iterator[tuple[Language, str]]:
    for file in files:
        assert file.rule and file.rule.query_text is not None
        yield Language(str(file.rule.query_language)), file.rule.query_text
        if isinstance(file.rule, ThreatMatchRule) and file.rule.threat_query:
            yield Language.KQL, file.rule.threat_query


def test_every_query_runs(files: list[RuleFile]) -> None:
    for language, text in queries(files):
        parsed = parse_query(language, text, FIELDS)
        assert isinstance(parsed.query, EventQuery), (text, parsed.diagnostics)
        compile_condition(parsed.query.condition)


def test_the_text_of_a_leaf_is_a_query_for_that_leaf(files: list[RuleFile]) -> None:
    for language, text in queries(files):
        parsed = parse_query(language, text, FIELDS)
        assert isinstance(parsed.query, EventQuery)
        for leaf in parsed.query.condition.leaves():
            alone = parse_query(language, leaf.text, FIELDS).query
            assert isinstance(alone, EventQuery)
            assert list(alone.condition.leaves()) == [leaf]


def test_silent_defects_are_found(files: list[RuleFile]) -> None:
    config = Config()
    found = [
        (Path(file.name).stem, problem.code)
        for file in files
        if file.rule is not None
        for problem in query_checks(RuleContext(file, file.rule, config))
        if problem.code in {"RW543", "RW544", "RW545", "RW546", "RW557", "RW558", "RW562", "RW563"}
    ]
    assert found == [
        ("persistence_shell_activity_by_web_server", "RW544"),
        ("privilege_escalation_setgid_bit_set_via_chmod", "RW558"),
        ("threat_intel_fleet_integrations", "RW563"),
        ("defense_evasion_genai_config_modification", "RW543"),
        ("command_and_control_unusual_network_connection_to_suspicious_web_service", "RW543"),
        ("initial_access_splunk_postgres_recovery_body_injection", "RW544"),
        ("initial_access_splunk_postgres_recovery_body_injection", "RW544"),
        ("initial_access_splunk_postgres_recovery_body_injection", "RW544"),
    ]
