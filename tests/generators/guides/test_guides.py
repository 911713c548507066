"""The pages of a rule: everything is there, nothing of it is markup, and nothing leaves the folder."""

import dataclasses
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rulewright_engine.ir.expression import Equals, Field, FieldType, Leaf
from rulewright_engine.ir.query import EventQuery
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.guides import Entry
from rulewright_generators.guides.facts import facts_of
from rulewright_generators.guides.guide import guide_of
from rulewright_generators.guides.site import write_docs
from rulewright_generators.writing.templates import TemplateError
from rulewright_schema.files.load import load_rule
from rulewright_schema.rule import EqlRule, Threshold, ThresholdRule

INLINE = frozenset({"a", "b", "code", "em", "span", "strong"})
VOID = frozenset({"meta", "br", "hr", "link", "img", "input"})


class Page(HTMLParser):
    """Collects text, ids, links and the tags in use; fails on tags that do not match."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text, self.ids, self.links, self.tags = "", [], [], set()
        self.headings: list[int] = []
        self._open: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.add(tag)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if "href" in attributes else []
        assert not any(name.startswith("on") for name in attributes)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self._open.append(tag)
        self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self._separate(tag)

    def handle_data(self, data: str) -> None:
        self.text += "" if "style" in self._open else data

    def _separate(self, tag: str) -> None:
        self.text += "" if tag in INLINE else " "


@pytest.fixture
def written(entry: Entry, tmp_path: Path) -> Path:
    write_docs([entry], tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def page(written: Path) -> Page:
    return Page(next((written / "rules").glob("*.html")))


def test_files_stay_in_the_folder(entry: Entry, tmp_path: Path) -> None:
    paths = write_docs([entry], tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in paths] == [
        "rules/script-alert-name-script.html",
        "rules/script-alert-name-script.md",
        "index.html",
        "index.md",
    ]
    assert all(path.is_file() for path in paths) and [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_guide_shows_everything(page: Page) -> None:
    text = " ".join(page.text.split())
    for shown in (
        "Finds a <b>shell</b> behind a socket.",
        "medium severity",
        "Data sources Elastic Defend",
        "Indices logs-endpoint.events.process-*",
        "Risk score 47",
        "Runs every 5 minutes",
        "Looks back 9 minutes",
        "Created 2026-01-02",
        "Updated 2026-02-03",
        "Authors Rulewright <x@example.org>",
        "Licence Apache-2.0",
        "ATT&CK version 18.1",
        "Execution TA0002",
        "<Interpreter> T1059",
        'not user.name == "svc<script>"',
        "process.name is one of nc ncat",
        "process.args starts with -e, ignoring case",
        "user.name is not svc<script>",
        "<i>another</i> element matches as well",
        'positive-0 event.category == "process"',
        'process.args = ["nc", "-e/bin/sh"]',
        'near-miss-0 process.name in ("nc") process.name = "socat" process.name is <b>neither</b>',
        "Look at process.args",
        "Sockets <i>: SELECT * FROM sockets WHERE a || b",
        "Alerts of the host (now-48h/h to now): host.id: {{host.id}}",
        "Install the agent.",
        "Administrators who debug. Rare.",
        "javascript:alert(2)",
        "Tactic: Execution",
        "[rule] name = '<script>'",
    ):
        assert shown in text


def test_one_of_a_thing_is_not_several(entry: Entry, tmp_path: Path) -> None:
    query = EventQuery(Leaf(Field("process.name", FieldType.KEYWORD), Equals("nc"), 'process.name == "nc"'))
    cases = tuple(Case(name=case.name, events=case.events, alerts=case.alerts, why=case.why) for case in entry.cases)
    write_docs([replace(entry, query=query, cases=cases)], tmp_path)
    html = " ".join(Page(next((tmp_path / "rules").glob("*.html"))).text.split())
    assert "condition 1 proven both ways 1 case that fires 1 near miss that does not 1 " in html
    assert "Evidence for the condition" in html
    markdown = next((tmp_path / "rules").glob("*.md")).read_text()
    assert "1 condition, 1 proven both ways: 1 case fires, 1 near miss does not." in markdown
    index = (tmp_path / "index.md").read_text()
    assert "1 rule for 1 tactic, proven by 1 case that fires and 1 near miss that does not." in index
    assert "| 1 fires, 1 quiet |" in index


@pytest.mark.parametrize(
    ("threshold", "fact"),
    [
        (Threshold(field=(), value=1), "at least 1 event matches"),
        (Threshold(field=("host.id",), value=1), "at least 1 event shares host.id"),
        (Threshold(field=("host.id", "user.name"), value=20), "at least 20 events share host.id and user.name"),
    ],
)
def test_a_threshold_in_words(rule: EqlRule, threshold: Threshold, fact: str) -> None:
    known = {field.name for field in dataclasses.fields(ThresholdRule)} - {"threshold"}
    values = {name: getattr(rule, name) for name in known} | {"type": "threshold"}
    facts = facts_of(ThresholdRule(**values, threshold=threshold), "18.1")
    assert [shown.values for shown in facts if shown.label == "Alerts when"] == [(fact,)]


def test_nothing_of_a_rule_is_markup(written: Path) -> None:
    for path in (*written.glob("*.html"), *written.glob("rules/*.html")):
        page = Page(path)
        assert not page.tags & {"script", "i", "img", "iframe", "form"}
        assert all(re.match(r"https://|#|\.\./index\.html|rules/", link or "") for link in page.links)
    assert not any("<b>" in path.read_text() for path in written.glob("rules/*.html"))


def test_markdown_holds_no_markup_outside_code(written: Path) -> None:
    for path in (*written.glob("*.md"), *written.glob("rules/*.md")):
        text = re.sub(r"^(`{3,}).*?^\1$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        text = re.sub(r"(`+)[^`]+\1|<(?:br|/?code)>|\\.", "", text)
        assert not re.search(r"<(?!https://)", text), path
        assert "](javascript:" not in text


def test_markdown_shows_the_tree_indented(written: Path) -> None:
    text = next(written.glob("rules/*.md")).read_text()
    assert "- **all of**\n  - `event.category` is `process`\n  - `process.name` is one of `nc`, `ncat`\n" in text


def test_pages_are_accessible(page: Page) -> None:
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link and link.startswith("#")} <= set(page.ids)


def test_a_rule_whose_query_is_not_read_has_a_guide(plain_entry: Entry, tmp_path: Path) -> None:
    write_docs([plain_entry], tmp_path)
    text = " ".join(Page(next((tmp_path / "rules").glob("*.html"))).text.split())
    assert "What each condition contributes" not in text and "Triage" in text and "process where" in text


def test_same_names_get_pages_of_their_own(entry: Entry, tmp_path: Path) -> None:
    write_docs([entry, replace(entry)], tmp_path)
    assert len(list((tmp_path / "rules").glob("*.html"))) == 2
    links = [link for link in Page(tmp_path / "index.html").links if link and link.startswith("rules/")]
    assert len(set(links)) == 2 and all((tmp_path / link).is_file() for link in links)


def test_output_is_the_same_every_time(entry: Entry, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_docs([entry], tmp_path / name)
    contents = [
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("a", "b")
    ]
    assert contents[0] == contents[1]


def test_a_broken_template_writes_nothing(entry: Entry, tmp_path: Path) -> None:
    (tmp_path / "templates" / "docs").mkdir(parents=True)
    (tmp_path / "templates" / "docs" / "guide.md.j2").write_text("# {{ guide.rule.nmae }}")
    with pytest.raises(TemplateError) as caught:
        write_docs([entry], tmp_path / "out", templates=tmp_path / "templates")
    assert caught.value.diagnostic.path.endswith("docs/guide.md.j2")
    assert not list((tmp_path / "out").iterdir())


def test_every_public_rule_has_a_guide(corpus: list[Path], tmp_path: Path) -> None:
    sample = corpus[::25]
    entries = [Entry(rule=file.rule, source=file.source) for file in map(load_rule, sample) if file.rule is not None]
    assert len(entries) == len(sample)
    write_docs(entries, tmp_path)
    for path in tmp_path.glob("rules/*.html"):
        assert Page(path).headings.count(1) == 1


def _contrast(first: str, second: str) -> float:
    def luminance(color: str) -> float:
        color = color if len(color) == 7 else "#" + "".join(2 * digit for digit in color[1:])
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_have_the_contrast_of_wcag_aa(page: Page, written: Path, scheme: int) -> None:
    style = next(written.glob("rules/*.html")).read_text()
    palette = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme]))
    check: Callable[[str, str], bool] = lambda ink, ground: _contrast(palette[ink], palette[ground]) >= 4.5  # noqa: E731
    inks = {"ink", "soft", "accent", "good", "quiet", "low", "medium", "high", "critical"}
    low = {(ink, ground) for ink in inks for ground in ("card", "page") if not check(ink, ground)}
    code = {"ink", "soft", "keyword", "field", "function", "string", "number", "comment"}
    assert low | {(ink, "well") for ink in code if not check(ink, "well")} == set()


def test_a_crowd_is_shown_by_what_differs(entry: Entry) -> None:
    events = tuple({"process": {"name": f"tool{number}.exe"}} for number in range(30))
    leaf = 'process.name in ("nc")'
    case = Case(name="crowd", events=events, alerts=(tuple(range(30)),), why="Many.", covers=(leaf,))
    guide = guide_of(replace(entry, cases=(case,)))
    (row,) = guide.positives
    shown = [(value.text, value.where) for value in row.values if value.name == "process.name"]
    assert shown == [
        ('"tool0.exe"', "event 1"),
        ('"tool1.exe"', "event 2"),
        ('"tool2.exe"', "event 3"),
        ('"tool29.exe"', "event 30"),
    ]
    assert [value.where for value in row.values if not value.name] == ["events 4 to 29"]
    assert guide.example is not None
    assert guide.example.caption == "The first and the last of 30 events that fire together"
