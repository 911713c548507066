"""The command line as people and CI use it: exit codes, what is printed, what is written, and hostile input."""

import json
import os
import re
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

import rulewright.cli
from rulewright.cli import COMMANDS
from rulewright_schema.files.load import load_rule
from support.command_line import RULE, Run, process, write_events, write_rule
from support.paths import ROOT

ROOMS = ("schema", "engine", "generators", "src")


# The whole


def test_every_command_explains_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for command in COMMANDS:
        code, out, _ = run(command, "--help")
        assert code == 0
        assert out.startswith(f"usage: rulewright {command}")
        assert max(map(len, out.splitlines())) <= 80, command
        assert "\nExit codes: 0 " in out, command


def test_an_unknown_command_names_the_nearest(run: Run) -> None:
    code, out, err = run("chekc")
    assert (code, out) == (2, "")
    assert "did you mean `check`?" in err


def test_build_writes_everything_and_sums_it_up(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "ruleset/a.toml")
    code, out, _ = run("build")
    assert code == 0, out
    assert "every rule is proven" in out
    for name in ("docs/index.html", "docs/index.md", "sigma/losses.json", "kibana/rules.ndjson"):
        assert (tmp_path / "build" / name).stat().st_size


def test_build_fails_where_a_rule_is_wrong(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "ruleset/a.toml", query='process where process.nam == "nc"')
    code, out, _ = run("build")
    assert code == 1
    assert "error[RW301]" in out
    assert "not every rule is proven" in out


def test_the_names_of_before_still_work_and_are_not_told(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "ruleset/a.toml")
    code, out, err = run("cases")
    assert (code, out != "", err) == (1, True, "1 file of cases would change\n")
    assert run("fixtures") == (code, out, err)
    assert run("fixtures", "--help") == run("cases", "--help")
    assert "fixtures" not in run("--help")[1]
    assert "leaves" not in run("test", "--help")[1]


def test_no_command_imports_a_command() -> None:
    folder = Path(rulewright.cli.__file__).parent
    for path in folder.glob("[!_]*.py"):
        named = re.findall(r"rulewright\.cli[\w.]*", path.read_text(encoding="utf-8"))
        assert set(named) <= {"rulewright.cli._shared"}, path.name
    assert {path.stem for path in folder.glob("[!_]*.py")} == set(COMMANDS)


def test_no_rules_are_no_clean_rules(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ruleset").mkdir()
    for command in ("build", "check", "test", "cases", "docs", "overlap"):
        code, out, err = run(command)
        assert (code, out) == (2, "")
        assert "no rule in `" in err
    (tmp_path / "rulewright.toml").write_text("paths = []\n", "utf-8")
    code, out, err = run("build")
    assert (code, out) == (2, "")
    assert "the settings' `paths` are empty" in err
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize("command", [("build",), ("docs",), ("export", "sigma"), ("export", "kibana")])
def test_a_link_that_leaves_the_build_folder_is_refused(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    write_rule(tmp_path / "ruleset/a.toml")
    outside, build = tmp_path / "outside", tmp_path / "build"
    for folder in (outside, build):
        folder.mkdir()
    (outside / "index.html").write_text("mine", "utf-8")
    name = "docs" if command == ("build",) else command[-1]
    (build / name).symlink_to(outside)
    code, out, err = run(*command)
    assert (code, out) == (2, "")
    assert f"`build/{name}` is a link that leaves `build`" in err
    assert [path.name for path in outside.iterdir()] == ["index.html"]
    assert run(*command, "--output", "elsewhere")[0] == 0


# check


def test_check_of_a_clean_rule(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "ruleset/a.toml")
    assert run("check") == (0, "", "1 rule, no findings\n")


def test_check_points_into_the_query(run: Run, tmp_path: Path) -> None:
    path = write_rule(tmp_path / "ruleset/a.toml", query='process where\n  process.nam == "nc"')
    code, out, err = run("check", "--format", "json")
    (problem,) = map(json.loads, out.splitlines())
    line = path.read_text().splitlines()[problem["start"]["line"] - 1]
    assert code == 1
    assert line[problem["start"]["column"] - 1 : problem["end"]["column"] - 1] == "process.nam"
    assert err == "1 error in 1 of 1 rule\n"


# test and cases


def test_cases_show_then_write_then_are_clean(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "ruleset/a.toml")
    cases = tmp_path / "ruleset/a.cases.jsonl"
    assert run("cases")[0] == 1
    assert not cases.exists()
    assert run("cases", "--write")[0] == 0
    written = cases.read_bytes()
    assert run("cases", "--write")[0] == 0
    assert cases.read_bytes() == written
    assert run("cases")[0] == 0


def test_a_changed_query_fails_its_pinned_cases(run: Run, tmp_path: Path) -> None:
    path = write_rule(tmp_path / "ruleset/a.toml")
    run("cases", "--write")
    assert run("test")[0] == 0
    path.write_text(path.read_text().replace('"ncat"', '"socat"'), encoding="utf-8")
    code, out, _ = run("test")
    assert code == 1
    assert "should raise an alert and raises none" in out
    assert 'process.name is "ncat"' in out


def test_no_firing_case_is_lost_without_being_told_to(run: Run, tmp_path: Path) -> None:
    path = write_rule(tmp_path / "ruleset/a.toml")
    run("cases", "--write")
    cases = path.with_suffix(".cases.jsonl")
    before = cases.read_text(encoding="utf-8")
    path.write_text(path.read_text().replace('"ncat"', '"socat"'), encoding="utf-8")
    code, out, err = run("cases", "--write")
    assert (code, cases.read_text(encoding="utf-8")) == (1, before)
    assert 'lost     positive: process.name in ("ncat") (its events raise no such alert now)' in out
    assert 'new      positive: process.name in ("socat")' in out
    assert "1 file not written, for firing cases would be lost" in err
    assert "--accept-losses" in err
    assert run("cases", "--write", "--accept-losses")[0] == 0
    assert "ncat" not in cases.read_text(encoding="utf-8").replace('"name": "ncat"', "")  # the base may still have it
    assert run("cases")[:2] == (0, "")


def test_a_change_that_loses_nothing_is_written(run: Run, tmp_path: Path) -> None:
    path = write_rule(tmp_path / "ruleset/a.toml")
    run("cases", "--write")
    path.write_text(path.read_text().replace('"ncat"', '"ncat", "socat"'), encoding="utf-8")
    code, out, _ = run("cases", "--write")
    assert code == 0
    assert "lost" not in out
    assert 'new      positive: process.name in ("socat")' in out
    assert run("test")[0] == 0


def test_cases_by_hand_stay_and_are_no_change(run: Run, tmp_path: Path) -> None:
    path = write_rule(tmp_path / "ruleset/a.toml")
    run("cases", "--write")
    cases = path.with_suffix(".cases.jsonl")
    lines = cases.read_text(encoding="utf-8").splitlines()
    wrong = '{"events": [{"process": {"nmae": "nc"}}], "case": "mine",  "alerts": [[0]]}'
    cases.write_text("\n".join([*lines[:2], wrong, *lines[2:], ""]), encoding="utf-8")
    before = cases.read_bytes()
    assert run("cases")[:2] == (0, "")
    assert run("cases", "--write")[0] == 0
    assert cases.read_bytes() == before
    code, out, _ = run("test")
    assert code == 1
    assert "change `alerts` or `events` in line 3 of `a.cases.jsonl`" in out
    assert "case `mine` has an unknown field `process.nmae`" in out
    column = wrong.index('"nmae"') + 1
    assert f"a.cases.jsonl:3:{column}" in out
    assert "did you mean `process.name`?" in out


def test_a_failed_case_is_told_at_its_condition_with_what_changed(run: Run, tmp_path: Path) -> None:
    path = write_rule(tmp_path / "ruleset/a.toml")
    run("cases", "--write")
    text = path.read_text()
    path.write_text(text.replace('"ncat"', '"socat"'), encoding="utf-8")
    _, out, _ = run("test", "--format", "concise")
    line, column = next(
        (number, line.index('"socat"') + 1)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "socat" in line
    )
    failed = [each for each in out.splitlines() if 'positive: process.name in ("ncat")' in each]
    assert failed and all(f":{line}:{column}:" in each for each in failed)
    out = run("test")[1]
    assert 'Since it was pinned, `process.name in ("ncat")` went from the query' in out
    assert '`process.name in ("socat")` came into it' in out


def test_what_changed_is_named_once_for_a_case_by_hand(run: Run, tmp_path: Path) -> None:
    path = write_rule(tmp_path / "ruleset/a.toml")
    run("cases", "--write")
    pinned = path.with_suffix(".cases.jsonl")
    shown = next(line for line in pinned.read_text().splitlines() if 'positive: process.name in (\\"ncat\\")' in line)
    own = {key: value for key, value in json.loads(shown).items() if key not in ("covers", "why")}
    with pinned.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**own, "case": "mine"}) + "\n")
    path.write_text(path.read_text().replace('"ncat"', '"socat"'), encoding="utf-8")
    told = next(text for text in run("test")[1].split("\n\n") if "case `mine`" in text)
    assert told.count('`process.name in ("ncat")`') == 1


def test_an_alert_that_says_something_else_is_told_at_the_key_that_decides(run: Run, tmp_path: Path) -> None:
    mapping = 'field = "log.level"\noperator = "equals"\nvalue = "bad"\nseverity = "high"\n'
    path = write_rule(tmp_path / "ruleset/a.toml")
    path.write_text(f"{path.read_text()}\n[[rule.severity_mapping]]\n{mapping}", encoding="utf-8")
    run("cases", "--write")
    assert run("test")[0] == 0
    pinned = path.with_suffix(".cases.jsonl")
    assert '"alert": {"severity": "high"}' in pinned.read_text()
    path.write_text(path.read_text().replace('severity = "high"', 'severity = "critical"'), encoding="utf-8")
    code, out, _ = run("test")
    assert code == 1
    assert 'severity is "critical", from `log.level`, and the case says "high"' in out
    assert "[[rule.severity_mapping]]\n   | ^" in re.sub(r"\n +\|", "\n   |", out)
    run("cases", "--write", "--accept-losses")
    assert run("test")[0] == 0


def test_broken_cases_are_findings(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "ruleset/a.toml")
    (tmp_path / "ruleset/a.cases.jsonl").write_text('{"case": "a"\n', encoding="utf-8")
    code, out, _ = run("test")
    assert code == 1
    assert "error[RW011]" in out


def test_a_rule_type_runs_by_its_type(run: Run, tmp_path: Path) -> None:
    text = RULE.format(name="Many", query="event.category : process")
    text = text.replace('"eql"', '"kuery"', 1).replace('type = "eql"', 'type = "threshold"')
    path = tmp_path / "ruleset/a.toml"
    path.parent.mkdir()
    path.write_text(f'{text}\n[rule.threshold]\nfield = ["host.id"]\nvalue = 2\n', encoding="utf-8")
    event = {"@timestamp": "2026-01-01T11:55:00Z", "event": {"category": "process"}, "host": {"id": "h"}}
    cases = [
        {"case": "two", "alerts": [[0, 1]], "why": "", "events": [event, event]},
        {"case": "one", "alerts": [], "why": "", "events": [event]},
    ]
    path.with_suffix(".cases.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in cases), encoding="utf-8")
    assert run("check")[0] == 0
    assert run("test")[0] == 0
    assert run("cases", "--write")[0] == 0
    assert run("cases")[0] == 0
    assert run("test")[0] == 0


# query


def test_query_prints_positions(run: Run, tmp_path: Path) -> None:
    events = write_events(tmp_path / "e", process("nc"), process("sh"), process("nc"))
    code, out, _ = run(
        "query", "-l", "eql", "-e", events, "--format", "json", "--", 'process where process.name == "nc"'
    )
    assert (code, out) == (0, '{"events": [0]}\n{"events": [2]}\n')


def test_query_in_eql_keeps_the_newest(run: Run, tmp_path: Path) -> None:
    events = write_events(tmp_path / "e", process("nc"), process("nc"), process("nc"))
    for pipe, found in (("", [1, 2]), ("| head 5", [0, 1]), ("| tail 1", [2])):
        text = f'process where process.name == "nc" {pipe}'
        out = run("query", "-l", "eql", "-e", events, "--format", "json", "--size", "2", "--", text)[1]
        assert out == "".join(f'{{"events": [{place}]}}\n' for place in found)
    out = run("query", "-l", "kql", "-e", events, "--format", "json", "--size", "2", "process.name : nc")[1]
    assert out == '{"events": [0]}\n{"events": [1]}\n'


def test_query_without_a_result_is_no_failure(run: Run, tmp_path: Path) -> None:
    events = write_events(tmp_path / "e", process("nc"))
    assert run("query", "-l", "kql", "-e", events, "--format", "json", "process.name : sh")[:2] == (0, "")


def test_query_of_esql_prints_columns_then_rows(run: Run, tmp_path: Path) -> None:
    events = write_events(tmp_path / "e", process("nc", pid=7))
    code, out, _ = run("query", "-l", "esql", "-e", events, "--format", "json", "FROM logs | KEEP process.pid")
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        {"columns": [{"name": "process.pid", "type": "long"}]},
        [7],
    ]


def test_a_mapping_adds_to_the_types_of_the_events(run: Run, tmp_path: Path) -> None:
    events = write_events(tmp_path / "e", process("nc", pid="7"))
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"process.pid": "long"}', encoding="utf-8")
    query = 'process where process.pid > 6 and process.name == "nc"'
    code, out, _ = run("query", "-l", "eql", "-e", events, "--mapping", str(mapping), "--format", "json", query)
    assert (code, out) == (0, '{"events": [0]}\n')


@pytest.mark.parametrize(
    "words",
    [
        ("-e", "missing", "any where true"),
        ("-e", "broken", "any where true"),
        ("-e", "fine", "--mapping", "broken", "any where true"),
        ("-e", "fine", "any where"),
        ("-e", "fine", "--query-file", "missing"),
        ("-e", "fine"),
        ("any where true",),
        ("-e", "fine", "--size", "-1", "any where true"),
        ("-e", "fine", "--size", "9" * 5000, "any where true"),
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_what_cannot_be_used_ends_with_two(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    write_events(tmp_path / "fine", process("nc"))
    (tmp_path / "broken").write_text("{", encoding="utf-8")
    code, out, err = run("query", "-l", "eql", *words)
    assert (code, out) == (2, "")
    assert err
    assert "Traceback" not in err


# explain, new, export


def test_explain_marks_what_decides(run: Run, tmp_path: Path) -> None:
    rule = write_rule(tmp_path / "a.toml")
    event = write_events(tmp_path / "e", process("nc", args=["nc", "-l"]))
    code, out, _ = run("explain", str(rule), "-e", event)
    (decisive,) = [line for line in out.splitlines() if line.endswith("<--")]
    assert code == 0
    assert "does not match" in out
    assert 'process.args : "-e"' in decisive


def test_explain_wants_one_rule_and_says_where_an_event_is_wrong(run: Run, tmp_path: Path) -> None:
    rule = write_rule(tmp_path / "ruleset/a.toml")
    write_rule(tmp_path / "ruleset/b.toml")
    (tmp_path / "e").write_text('{"a": 1}\n{"a": nothing}\n', encoding="utf-8")
    assert run("explain", "ruleset", "-e", "e")[::2] == (2, "rulewright: `ruleset` holds 2 rules; name one\n")
    code, out, err = run("explain", str(rule), "-e", "e")
    assert (code, out) == (2, "")
    assert err.startswith("rulewright: e:2: the line is not JSON")


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_an_encoding_cannot_hold_is_escaped(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    rule = write_rule(tmp_path / "a.toml")
    (tmp_path / "e").write_text('{"process": {"name": "\\ud800 \u00e9"}}', encoding="utf-8")
    written = BytesIO()
    monkeypatch.setattr("sys.stdout", TextIOWrapper(written, encoding="ascii"))
    run("explain", str(rule), "-e", "e", "--format", form)
    sys.stdout.flush()
    if form == "text":
        assert b'process.name = "\\ufffd \\xe9"' in written.getvalue()
    else:
        data = json.loads(written.getvalue())
        assert data["blocked_by"][1]["values"] == {"process.name": ["\ufffd \u00e9"]}


def test_explain_prints_the_page_of_every_code(run: Run) -> None:
    from rulewright._project.codes import all_codes

    for code in all_codes():
        assert run("explain", code)[0] == 0
    assert run("explain", "RW999")[0] == 2


def test_no_code_is_without_a_page() -> None:
    """In a process of its own, since importing a module is what registers its codes."""
    script = "from rulewright._project.codes import all_codes; print(*all_codes())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    sources = (path.read_text("utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    defined = {code for text in sources for code in re.findall(r'\bcode="(RW\d+)"', text)}
    assert set(done.stdout.split()) == defined


def test_new_writes_a_rule_that_passes(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("new", "Curl fetches a tool", "--technique", "T1105")
    rule = tmp_path / "ruleset/curl_fetches_a_tool.toml"
    assert code == 0
    assert out.split() == ["ruleset/curl_fetches_a_tool.toml", "ruleset/curl_fetches_a_tool.cases.jsonl"]
    assert load_rule(rule).diagnostics == ()
    assert run("check")[0] == 0
    assert run("test")[0] == 0
    assert run("new", "Curl fetches a tool")[0] == 2


def test_names_from_strangers_stay_in_the_folder_and_are_escaped(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "ruleset/a.toml", name="../../<script>alert(1)</script>")
    before = set(tmp_path.iterdir())
    assert run("docs", "--output", "out/docs")[0] == 0
    assert run("export", "sigma", "--output", "out/sigma")[0] == 0
    assert run("export", "kibana", "--output", "out/kibana")[0] == 0
    assert set(tmp_path.iterdir()) - before == {tmp_path / "out"}
    for path in (tmp_path / "out").rglob("*.html"):
        assert "<script>alert" not in path.read_text(encoding="utf-8")


# Bad input of any kind: one clear answer, exit code 1 or 2, nothing half-written


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "empty.toml").write_bytes(b"")
    (folder / "folder.toml").mkdir()
    (folder / "empty").mkdir()
    (folder / "binary.toml").write_bytes(bytes(range(256)) * 8)
    (folder / "latin.toml").write_bytes(b'[rule]\nname = "caf\xe9"\n')
    (folder / "parentheses.toml").write_bytes(b"(" * 10_000_000)
    write_rule(folder / "deep.toml", query="process where " + "(" * 10_000 + "true" + ")" * 10_000)
    write_rule(folder / "unterminated.toml", query='process where process.name == "nc')
    for name, type_, more in (
        ("unmapped", "threat_match", 'threat_index = ["ti-*"]\nthreat_query = "*:*"\nthreat_mapping = []\n'),
        ("uncounted", "threshold", 'threshold = {field = [], value = 1, cardinality = [{field = "a", value = 0}]}\n'),
    ):
        path = write_rule(folder / f"{name}.toml", query="process.name: nc")
        text = path.read_text(encoding="utf-8").replace('type = "eql"', f'type = "{type_}"')
        path.write_text(text.replace('language = "eql"', 'language = "kuery"') + more, encoding="utf-8")
    (folder / "cycle").mkdir()
    (folder / "cycle/loop").symlink_to(folder / "cycle", target_is_directory=True)
    (folder / "self.toml").symlink_to(folder / "self.toml")
    return folder


@pytest.mark.parametrize("command", ["check", "test", "docs", "build"])
@pytest.mark.parametrize(
    "name",
    [
        "empty.toml", "folder.toml", "empty", "binary.toml", "latin.toml", "parentheses.toml", "deep.toml",
        "unterminated.toml", "cycle", "self.toml", "missing.toml", "unmapped.toml", "uncounted.toml",
    ],
)  # fmt: skip
def test_bad_input_gets_an_answer(run: Run, bad: Path, command: str, name: str) -> None:
    code, out, err = run(command, str(bad / name))
    assert code in (
        (0, 1)
        if name in ("deep.toml", "unterminated.toml", "unmapped.toml", "uncounted.toml") and command != "check"
        else (1, 2)
    )
    assert out or err
    assert "internal error" not in err
    assert "Traceback" not in out + err


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    "words",
    ["--help | true", "--help >&-", "check --help | true", "check . >&- 2>&-", "query -l eql -e /dev/null - <&-"],
)
def test_streams_may_be_closed(tmp_path: Path, words: str) -> None:
    write_rule(tmp_path / "wrong.toml", query="process where")
    command = f"'{sys.executable}' -m rulewright {words}"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert "Traceback" not in said and "internal error" not in said and "Exception" not in said


@pytest.mark.skipif(os.geteuid() == 0, reason="this user may read every file")
def test_an_unreadable_file_is_said_to_be(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "a.toml").chmod(0)
    code, out, _ = run("check", str(tmp_path / "a.toml"))
    assert code == 1
    assert "RW001" in out


def test_a_template_that_reaches_out_is_stopped(run: Run, tmp_path: Path) -> None:
    write_rule(tmp_path / "ruleset/a.toml")
    template = tmp_path / "templates/docs/guide.html.j2"
    template.parent.mkdir(parents=True)
    template.write_text("{{ ''.__class__.__mro__[1].__subclasses__() }}", encoding="utf-8")
    code, out, _ = run("docs", "--templates", "templates", "--output", "out")
    assert code == 1
    assert "error[RW802]" in out
    assert not list((tmp_path / "out").rglob("*"))


def test_commands_stay_light() -> None:
    """What `check` of a clean rule does without: each of these costs more than the check itself."""
    heavy = ("jinja2", "jsonschema", "hypothesis", "pytest", "markdown_it")
    script = f"import sys, rulewright.cli.check; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
