"""Templates of users that extend ours: single blocks, the sections of a page, and names that fit nothing."""

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from rulewright_engine.ir.query import EventQuery
from rulewright_generators.exports.kibana.export import to_kibana
from rulewright_generators.exports.sigma.export import to_sigma
from rulewright_generators.guides import Entry
from rulewright_generators.guides.site import write_docs
from rulewright_generators.writing.templates import TemplateError, Templates
from rulewright_schema.rule import Rule
from support.rules import compilation_of

PAGE = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")
EXTENDS = '{% extends "rulewright/docs/guide.FORMAT.j2" %}\n'
SECTIONS = [
    "facts", "attack", "query", "conditions", "fires", "near-misses", "triage", "setup", "false-positives",
    "references", "tags", "source",
]  # fmt: skip


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def pages(entry: Entry, folder: Path, text: str = "", format_: str = "html") -> str:
    """The guide that the user's template of that text writes."""
    if text:
        put(folder, f"docs/guide.{format_}.j2", EXTENDS.replace("FORMAT", format_) + text)
    write_docs([entry], folder / "out", templates=folder)
    return next((folder / "out" / "rules").glob(f"*.{format_}")).read_text(encoding="utf-8")


def anchors(html: str) -> list[str]:
    return re.findall(r'<section id="([^"]+)"', html)


def titles(markdown: str) -> list[str]:
    return re.findall(r"(?:\A|\n\n)## (.+)\n\n", markdown)


def problem(entry: Entry, folder: Path, text: str, format_: str = "html") -> tuple[int, str, str]:
    """Line, message and help of the one diagnostic."""
    with pytest.raises(TemplateError) as caught:
        pages(entry, folder, text, format_)
    diagnostic = caught.value.diagnostic
    source = (folder / "docs" / f"guide.{format_}.j2").read_text(encoding="utf-8")
    assert diagnostic.code == "RW801" and diagnostic.path.endswith(f"docs/guide.{format_}.j2") and diagnostic.span
    assert not (folder / "out" / "rules").exists()
    return source[: diagnostic.span.start].count("\n") + 1, diagnostic.message.split(": ", 1)[1], diagnostic.help


# Blocks


def test_one_block_is_overridden_and_the_rest_inherited(entry: Entry, tmp_path: Path) -> None:
    ours = pages(entry, tmp_path)
    theirs = pages(entry, tmp_path, "{% block setup %}<p>Ask the platform team.</p>\n{% endblock %}")
    assert anchors(theirs) == anchors(ours) == SECTIONS
    changed = [(a, b) for a, b in zip(ours.split("<section "), theirs.split("<section "), strict=True) if a != b]
    assert len(changed) == 1 and "Install the agent." in changed[0][0] and "Ask the platform team." in changed[0][1]


@pytest.mark.parametrize("format_", ["html", "md"])
def test_a_block_may_keep_what_ours_writes(entry: Entry, tmp_path: Path, format_: str) -> None:
    text = pages(entry, tmp_path, "{% block setup %}\nFirst: {{ rule.severity }}\n{{ super() }}{% endblock %}", format_)
    assert "First: medium" in text and "Install the agent." in text


def test_a_block_inside_the_header_is_overridden_alone(entry: Entry, tmp_path: Path) -> None:
    html = pages(entry, tmp_path, "{% block chips %}{% endblock %}")
    assert "Severity and tactics" not in html and "cases that fire" not in html and "case that fires" in html


def test_the_base_of_a_user_changes_every_page(entry: Entry, tmp_path: Path) -> None:
    footer = "{% block footer %}Internal use only.{% endblock %}"
    for format_ in ("html", "md"):
        put(tmp_path, f"docs/base.{format_}.j2", f'{{% extends "rulewright/docs/base.{format_}.j2" %}}{footer}')
    write_docs([entry], tmp_path / "out", templates=tmp_path)
    written = [path.read_text() for path in (tmp_path / "out").rglob("*.*") if path.suffix in (".html", ".md")]
    assert len(written) == 4 and all("Internal use only." in text for text in written)


def test_a_new_block_inside_an_overridden_one_is_fine(entry: Entry, tmp_path: Path) -> None:
    assert "<b>x</b>" in pages(
        entry, tmp_path, "{% block footer %}{% block house %}<b>x</b>{% endblock %}{% endblock %}"
    )


# Sections


def test_sections_are_left_out_and_reordered(entry: Entry, tmp_path: Path) -> None:
    html = pages(entry, tmp_path, '{% set sections = ["triage", "query", "facts"] %}')
    assert anchors(html) == ["triage", "query", "facts"]
    assert re.findall(r'<li><a href="#([a-z-]+)">', html) == ["triage", "query", "facts"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param('{% set titles = dict(titles, who_to_call="Escalation & co") %}', "Escalation & co", id="title"),
        pytest.param("", "Who to call", id="named after the block"),
    ],
)
def test_a_section_is_added(entry: Entry, tmp_path: Path, text: str, title: str) -> None:
    text += '{% set sections = ["who_to_call"] + sections %}{% block who_to_call %}{{ rule.name }}{% endblock %}'
    html, markdown = pages(entry, tmp_path, text), pages(entry, tmp_path, text, "md")
    assert anchors(html) == ["who-to-call", *SECTIONS] and f">{title.replace('&', '&amp;')}</h2>\n../../&lt;" in html
    assert titles(markdown)[:2] == [title.replace("&", r"\&"), "At a glance"] or titles(markdown)[0] == title


def test_a_section_that_writes_nothing_is_left_out(entry: Entry, tmp_path: Path) -> None:
    mine = "{% block mine %} {% if not rule.note %}x{% endif %} {% endblock %}"
    text = '{% set sections = ["setup", "tags", "mine"] %}' + mine
    bare = replace(entry, rule=replace(entry.rule, setup=None))
    assert anchors(pages(bare, tmp_path, text)) == ["tags"]
    assert titles(pages(bare, tmp_path, text, "md")) == ["Tags"]


# Names that fit nothing


@pytest.mark.parametrize("format_", ["html", "md"])
@pytest.mark.parametrize(
    ("text", "line", "message", "advice"),
    [
        pytest.param(
            "\n{% block triag %}{% endblock %}",
            3,
            "the template that it extends has no block `triag`",
            "did you mean `triage`?; a new section must stand in `sections`",
            id="block",
        ),
        pytest.param(
            "{% if rule.tags %}{% block triag %}{% endblock %}{% endif %}",
            2,
            "the template that it extends has no block `triag`",
            "did you mean `triage`?; a new section must stand in `sections`",
            id="block in a condition",
        ),
        pytest.param(
            '{% set sections = [\n  "facts",\n  "triag",\n] %}',
            4,
            "there is no block for the section `triag`",
            "did you mean `triage`?",
            id="section",
        ),
        pytest.param(
            "{% set sections = sections + ['whom'] %}",
            2,
            "there is no block for the section `whom`",
            "write it: `{% block whom %}...{% endblock %}`",
            id="section added",
        ),
        pytest.param("{% set sections = 3 %}", 2, "`sections` is not a list of names of blocks", "", id="no list"),
        pytest.param("{% set sections = [3] %}", 2, "`sections` is not a list of names of blocks", "", id="no names"),
        pytest.param(
            "{% set titles = 3 %}", 2, "`titles` is not a mapping from names of blocks to titles", "", id="no titles"
        ),
        pytest.param("\n{% block setup %}\n{% if %}{% endblock %}", 4, "expected an expression, got ", "", id="syntax"),
        pytest.param(
            "{% block setup %}\n{{ guide.leafs }}{% endblock %}",
            3,
            "the value has no attribute `leafs`",
            "",
            id="value",
        ),
    ],
)
def test_a_name_that_fits_nothing_is_an_error_at_its_line(
    entry: Entry, tmp_path: Path, format_: str, text: str, line: int, message: str, advice: str
) -> None:
    found = problem(entry, tmp_path, text, format_)
    assert found[0] == line and message in found[1] and (found[2] == advice or not advice)


def test_the_blocks_there_are_stand_in_the_help(entry: Entry, tmp_path: Path) -> None:
    put(tmp_path, "docs/base.html.j2", '{% extends "rulewright/docs/base.html.j2" %}{% block zzz %}{% endblock %}')
    with pytest.raises(TemplateError) as caught:
        write_docs([entry], tmp_path / "out", templates=tmp_path)
    assert caught.value.diagnostic.path.endswith("docs/base.html.j2")
    assert caught.value.diagnostic.help.startswith("it has `policy`, `style`, `head`, `body`, `footer`")


def test_a_template_that_extends_itself(entry: Entry, tmp_path: Path) -> None:
    put(tmp_path, "docs/guide.html.j2", '\n{% extends "docs/guide.html.j2" %}')
    with pytest.raises(TemplateError, match="at line 2: it extends itself") as caught:
        write_docs([entry], tmp_path / "out", templates=tmp_path)
    assert caught.value.diagnostic.help == "ours is `rulewright/docs/guide.html.j2`"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("docs/guid.html.j2", "docs/guide.html.j2"),
        ("doc/guide.md.j2", "docs/guide.md.j2"),
        ("guide.md.j2", "docs/guide.md.j2"),
        ("sigma/rules.yml.j2", "sigma/rule.yml.j2"),
    ],
)
def test_a_file_name_that_fits_nothing(entry: Entry, tmp_path: Path, name: str, meant: str) -> None:
    put(tmp_path, name, "")
    with pytest.raises(TemplateError, match="replaces none of ours, and no other template names it") as caught:
        pages(entry, tmp_path)
    assert caught.value.diagnostic.help == f"did you mean `{meant}`?" and caught.value.diagnostic.path.endswith(name)


def test_files_that_templates_share_are_fine(entry: Entry, tmp_path: Path) -> None:
    put(tmp_path, "docs/guides.html.j2", "shared")
    put(tmp_path, "docs/contact-of-the-team.html.j2", "unused")
    assert "shared" in pages(entry, tmp_path, '{% block setup %}{% include "docs/guides.html.j2" %}{% endblock %}')


@pytest.mark.parametrize("text", ["{% macro f() %}X{% endmacro %}{{ f() }}", "{% block footer %}X{% endblock %}"])
def test_blocks_and_macros_are_cut_off_where_the_page_is(entry: Entry, tmp_path: Path, text: str) -> None:
    endless = "{% for i in range(300) %}{{ 'y' * 100000 }}{% endfor %}"
    put(tmp_path, "docs/base.html.j2", text.replace("X", endless))
    with pytest.raises(TemplateError, match="longer than 20,000,000 characters") as caught:
        pages(entry, tmp_path)
    assert caught.value.diagnostic.code == "RW803"


# Exports


def test_a_block_of_a_sigma_rule(rule: Rule, entry: Entry, tmp_path: Path) -> None:
    assert isinstance(entry.query, EventQuery)
    put(
        tmp_path,
        "sigma/rule.yml.j2",
        '{% extends "rulewright/sigma/rule.yml.j2" %}{% set author = "SOC" %}\n'
        "{% block references %}{% endblock %}\n{% block extra %}\ncustom:\n    team: {{ level }}\n{% endblock %}",
    )
    ours = to_sigma(compilation_of(rule)).text
    theirs = to_sigma(compilation_of(rule), templates=Templates(tmp_path)).text
    assert ours and theirs and "\nreferences:" in ours and "references:" not in theirs
    assert "\nauthor: 'SOC'\n" in theirs and theirs.endswith("custom:\n    team: 'medium'\n")


def test_a_block_of_a_kibana_rule(rule: Rule, tmp_path: Path) -> None:
    put(
        tmp_path,
        "kibana/rule.ndjson.j2",
        '{% extends "rulewright/kibana/rule.ndjson.j2" %}'
        '{% block fields %}{{ super() }}, "license": "house"{% endblock %}',
    )
    rule = replace(rule, raw={"rule": {"name": "x"}})
    line = to_kibana(compilation_of(rule), templates=Templates(tmp_path))
    assert json.loads(line)["name"] == "x" and json.loads(line)["license"] == "house"


# The page about templates


def test_the_page_lists_every_file_and_block() -> None:
    sections = re.search(r"The sections of a guide: (.*?)\.\n", PAGE, re.DOTALL)
    assert sections is not None
    listed = {
        name: set(re.findall(r"`(\w+)`", blocks + (sections[1] if "the sections" in blocks else "")))
        for name, blocks in re.findall(r"^\| `(\w+/[\w.]+\.j2)` \| (.*) \|$", PAGE, re.MULTILINE)
    }
    folders = {"docs": "guides", "sigma": "exports/sigma", "kibana": "exports/kibana"}
    blocks = {
        f"{kind}/{path.name}": {block.name for block in _blocks(path.read_text(encoding="utf-8"))}
        for kind, folder in folders.items()
        for path in files("rulewright_generators").joinpath(folder, "templates").iterdir()
    }
    assert blocks.pop("docs/style.css.j2") == set()
    assert listed == blocks


def _blocks(text: str) -> list[nodes.Block]:
    return list(jinja2.Environment().parse(text).find_all(nodes.Block))


def test_the_examples_of_the_page_work(entry: Entry, rule: Rule, tmp_path: Path) -> None:
    examples = re.findall(r"`templates/(\S+\.j2)`.*?```jinja\n(.*?)```", PAGE, re.DOTALL)
    assert [name for name, _ in examples] == ["docs/guide.html.j2", "docs/guide.md.j2", "kibana/rule.ndjson.j2"]
    for name, text in examples:
        put(tmp_path, name, text)
    critical = replace(entry, rule=replace(entry.rule, severity="critical"))
    assert "before you isolate a host" in pages(critical, tmp_path)
    markdown = pages(critical, tmp_path, format_="md")
    assert titles(markdown) == [
        "Triage notes",
        "Whom to call",
        "At a glance",
        "Query",
        "What each condition contributes",
    ]
    assert "goes to the incident commander." in markdown
    assert "Whom to call" not in pages(entry, tmp_path, format_="md")
    line = to_kibana(compilation_of(replace(rule, raw={"rule": {"name": "x"}})), templates=Templates(tmp_path))
    assert json.loads(line)["enabled"] is True


def test_every_value_of_the_page_is_given(entry: Entry, tmp_path: Path) -> None:
    """Names the values that the page promises; an unknown one would be an error."""
    for format_ in ("html", "md"):
        own = re.search(rf"^\| guide, {'HTML' if format_ == 'html' else 'Markdown'} \| (.*) \|$", PAGE, re.MULTILINE)
        guide = re.search(r"^\| \| `guide`: (.*) \|$", PAGE, re.MULTILINE)
        assert own and guide
        attributes = re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", guide[1]))
        values = [*(f"guide.{name}" for name in attributes), *re.findall(r"`(\w+)`", own[1]), "several_events"]
        assert len(values) > 10
        shown = "".join(f"{{{{ {value} }}}}" for value in values)
        pages(entry, tmp_path, f"{{% block setup %}}{shown}{{% endblock %}}", format_)
