"""Lines of JSON: what an index takes of them, and what is said of the others."""

import pytest

from rulewright_schema.jsonlines import parse_json_lines
from rulewright_schema.source import Source

VALUES = [
    ('{"a": 1}\n\n{"a": 2}\r\n', [{"a": 1}, {"a": 2}]),
    ('{"a": "\\ud83d\\ude00"}', [{"a": "\U0001f600"}]),  # RFC 8259, section 7: a pair of escapes is one character
    ('{"a": "\\ud83d"}', [{"a": "\ufffd"}]),  # Lucene, UnicodeUtil: half of one is stored as U+FFFD
    ('{"a\\udE00": ["\\uDEAD!"]}', [{"a\ufffd": ["\ufffd!"]}]),
]
PROBLEMS = [
    ('{"a": 1}\n{"a": \n', "the line is not JSON: expecting value"),
    ("[1]", "the line is JSON, but not an object"),
    ('{"a": ' + "[" * 100_000 + "}", "the line is nested too deeply"),
    ('{"a": ' + "9" * 5_000 + "}", "the line holds a number of thousands of digits"),
]


@pytest.mark.parametrize(("text", "values"), VALUES)
def test_objects(text: str, values: list[object]) -> None:
    lines, problems = parse_json_lines(Source("events.ndjson", text))
    assert ([line.value for line in lines], problems) == (values, [])


@pytest.mark.parametrize(("text", "message"), PROBLEMS, ids=[message for _, message in PROBLEMS])
def test_problems(text: str, message: str) -> None:
    _, problems = parse_json_lines(Source("events.ndjson", text))
    assert [problem.message for problem in problems] == [message]
