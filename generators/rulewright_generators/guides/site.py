"""Writes the guides of a set of rules, in HTML and in Markdown, and the index of both."""

import re
from collections.abc import Sequence
from contextlib import nullcontext
from inspect import cleandoc
from pathlib import Path
from typing import Any

from markupsafe import Markup

from rulewright_generators.guides.guide import Entry, Guide, guide_of
from rulewright_generators.guides.index import groups_of, severities_of
from rulewright_generators.guides.markdown import is_web_link, markdown_to_html, safe_markdown
from rulewright_generators.writing.escaping import markdown_text
from rulewright_generators.writing.output import FileNames, OutputFolder, output_folder
from rulewright_generators.writing.templates import Templates
from rulewright_schema.codes.isolation import isolated
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.wording import counted

__all__ = ["write_docs"]

_TITLES = {
    "facts": "At a glance",
    "attack": "MITRE ATT&CK",
    "query": "Query",
    "conditions": "What each condition contributes",
    "fires": "Cases that fire",
    "near_misses": "Near misses that do not",
    "triage": "Triage notes",
    "setup": "Setup",
    "false_positives": "False positives",
    "references": "References",
    "tags": "Tags",
    "source": "Rule file",
}
"""The sections of a guide in the order of the page: the block that writes each, and its title."""


def write_docs(
    entries: Sequence[Entry],
    output: Path,
    *,
    templates: Path | None = None,
    title: str = "Detection rules",
    problems: list[Diagnostic] | None = None,
) -> list[Path]:
    """Write `index.html`, `index.md` and, for each rule, `rules/<name>.html` and `.md`; the paths written.

    `templates` is the user's folder of templates. `problems`, where it is given, takes what unexpectedly keeps a guide
    from being made. Raises TemplateError, and UsageError for a folder that cannot be written; then nothing has been
    written.
    """
    renderer = Templates(templates)
    names = FileNames()
    pages: list[tuple[str, Guide]] = []
    with output_folder(output) as folder:
        for entry in entries:
            page = f"rules/{names.take(entry.rule.name)}"
            with nullcontext() if problems is None else isolated(entry.source.name, problems):
                guide = guide_of(entry)
                _write_guide(renderer, folder, page, guide)
                pages.append((page, guide))
        _write_index(renderer, folder, pages, title)
        return folder.files


def _write_guide(renderer: Templates, folder: OutputFolder, page: str, guide: Guide) -> None:
    rule = guide.rule
    several = any(value.last for row in (*guide.positives, *guide.near_misses) for value in row.values)
    common: dict[str, Any] = {
        "guide": guide,
        "rule": rule,
        "sections": list(_TITLES),
        "titles": dict(_TITLES),
        "several_events": several,
    }
    html = renderer.render(
        "docs/guide.html.j2",
        **common,
        title=rule.name,
        description=" ".join(rule.description.split()),
        root="../",
        severity=rule.severity if rule.severity in ("low", "medium", "high", "critical") else "",
        web_link=_html_link,
        description_html=markdown_to_html(cleandoc(rule.description), top=3),
        note_html=markdown_to_html(_body(guide.note), top=3),
        setup_html=markdown_to_html(_body(rule.setup or ""), top=3),
        false_positives_html=[markdown_to_html(cleandoc(text), top=4) for text in rule.false_positives],
    )
    folder.write(f"{page}.html", html)
    markdown = renderer.render(
        "docs/guide.md.j2",
        **common,
        web_link=_markdown_link,
        description_md=safe_markdown(cleandoc(rule.description), top=3),
        note_md=safe_markdown(_body(guide.note), top=3),
        setup_md=safe_markdown(_body(rule.setup or ""), top=3),
        false_positives_md=[safe_markdown(cleandoc(text), top=4) for text in rule.false_positives],
    )
    folder.write(f"{page}.md", markdown)


def _write_index(renderer: Templates, folder: OutputFolder, pages: list[tuple[str, Guide]], title: str) -> None:
    guides = [guide for _, guide in pages]
    groups = list(groups_of(pages))
    fire, quiet = sum(len(guide.positives) for guide in guides), sum(len(guide.near_misses) for guide in guides)
    shown = (
        counted(fire, "case that fires", "cases that fire"),
        counted(quiet, "near miss that does not", "near misses that do not"),
    )
    proof = f", proven by {' and '.join(shown)}" if fire or quiet else ""
    tactics = sum(bool(group.id) for group in groups)
    values: dict[str, Any] = {
        "title": title,
        "description": f"{counted(len(guides), 'rule')} for {counted(tactics, 'tactic')}{proof}.",
        "groups": groups,
        "severities": severities_of(guides),
    }
    folder.write("index.html", renderer.render("docs/index.html.j2", **values, root="", web_link=_html_link))
    folder.write("index.md", renderer.render("docs/index.md.j2", **values, web_link=_markdown_link))


def _body(text: str) -> str:
    """The text without a first heading that only says what the title of its section says."""
    return re.sub(r"\A\s*#+[ \t]+(?:setup|triage and analysis)[ \t]*$", "", text, flags=re.IGNORECASE | re.MULTILINE)


def _html_link(url: str, text: str = "") -> Markup:
    """A link to the web; the bare text for any other address."""
    if not is_web_link(url):
        return Markup("{}").format(text or url)
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, text or url)


def _markdown_link(url: str, text: str = "") -> Markup:
    if not is_web_link(url):
        return Markup(markdown_text(text or url))
    return Markup(f"[{markdown_text(text or url)}](<{url.replace('<', '%3C').replace('>', '%3E')}>)")
