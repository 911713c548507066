"""The sandbox: what a template may do, how values are escaped, and how each mistake is reported."""

from pathlib import Path

import pytest

from rulewright_generators.writing.templates import TemplateError, Templates

HOSTILE = "<script>alert('x')</script> ../../etc/passwd | `x` *y* [z](javascript:1)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    return tmp_path


def render(folder: Path, text: str, *, format_: str = "html", **values: object) -> str:
    (folder / "docs" / f"page.{format_}.j2").write_text(text, encoding="utf-8")
    return Templates(folder).render(f"docs/page.{format_}.j2", **values)


def problem(folder: Path, text: str, **values: object) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        render(folder, text, **values)
    return caught.value


def test_html_is_escaped(folder: Path) -> None:
    assert "<script>" not in render(folder, "<p title='{{ x }}'>{{ x }}</p>", x=HOSTILE)


def test_markdown_is_escaped_through_macros_and_joins(folder: Path) -> None:
    text = "{% macro bold(x) %}**{{ x }}**{% endmacro %}{{ bold(x) }} {{ [x, x]|join(', ') }}"
    rendered = render(folder, text, format_="md", x="<b>*_`|[")
    assert rendered == r"**\<b>\*\_\`\|\[** \<b>\*\_\`\|\[, \<b>\*\_\`\|\["


def test_yaml_values_are_quoted(folder: Path) -> None:
    text = "a: {{ a }}\nb: {{ b }}\nc: {{ c }}\n"
    assert render(folder, text, format_="yml", a="it's: yes", b=3, c=None) == "a: 'it''s: yes'\nb: 3\nc: null\n"


def test_the_users_template_wins_and_may_extend_ours(folder: Path) -> None:
    (folder / "docs" / "base.html.j2").write_text(
        "{% extends 'rulewright/docs/base.html.j2' %}{% block footer %}house rules{% endblock %}"
    )
    values = {"title": "T", "css": "", "root": "", "description": "D"}
    ours = Templates().render("docs/base.html.j2", **values)
    theirs = Templates(folder).render("docs/base.html.j2", **values)
    assert "house rules" in theirs and "house rules" not in ours and "<title>T" in ours and "<title>T" in theirs


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        pytest.param("\n{% if %}", "RW801", 2, id="syntax"),
        pytest.param("\n\n{{ missing }}", "RW801", 3, id="undefined"),
        pytest.param("{{ x.missing }}", "RW801", 1, id="undefined attribute"),
        pytest.param("\n{{ 1 // 0 }}", "RW801", 2, id="division"),
        pytest.param("\n{% include 'docs/other.html.j2' %}", "RW801", 2, id="not found"),
        pytest.param("{% include 'docs/../../secret' %}", "RW801", 1, id="outside"),
        pytest.param("\n{{ ''.__class__.__mro__ }}", "RW802", 2, id="dunder"),
        pytest.param("\n{{ self.__init__.__globals__['os'].system('id') }}", "RW802", 2, id="os"),
        pytest.param("{{ x.clear() }}", "RW802", 1, id="change a value"),
        pytest.param("{% for i in range(10 ** 9) %}{% endfor %}", "RW803", 1, id="long range"),
        pytest.param(
            "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
            "RW803",
            1,
            id="nested loops",
        ),
        pytest.param("\n{{ 'ab' * 10 ** 9 }}", "RW803", 2, id="long text"),
        pytest.param("{{ 9 ** (9 ** 9) }}", "RW803", 1, id="power"),
        pytest.param("{% macro f() %}{{ f() }}{% endmacro %}\n{{ f() }}", "RW803", 1, id="recursion"),
    ],
)
def test_a_bad_template_is_one_diagnostic_with_its_place(folder: Path, text: str, code: str, line: int) -> None:
    diagnostic = problem(folder, text, x=["y" * 100]).diagnostic
    assert diagnostic.code == code
    assert f"docs/page.html.j2` cannot be rendered at line {line}: " in diagnostic.message
    assert diagnostic.path.endswith("docs/page.html.j2") and diagnostic.help
    assert diagnostic.span is not None and text[: diagnostic.span.start].count("\n") + 1 == line


def test_an_output_without_end_is_cut_off(folder: Path) -> None:
    text = "{% for i in range(9999) %}{% for j in range(90) %}{{ x }}{% endfor %}{% endfor %}"
    assert problem(folder, text, x="y" * 100).diagnostic.code == "RW803"


def test_a_template_that_is_no_text(folder: Path) -> None:
    (folder / "docs" / "page.html.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match="not UTF-8"):
        Templates(folder).render("docs/page.html.j2")


def test_a_link_that_leaves_the_folder_is_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret"
    secret.write_text("secret")
    (folder / "docs" / "page.html.j2").symlink_to(secret)
    with pytest.raises(TemplateError, match="there is no template"):
        Templates(folder).render("docs/page.html.j2")
