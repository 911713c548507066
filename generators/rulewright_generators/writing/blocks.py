"""The blocks of templates: which there are, which make the sections of a page, and which would never be shown.

A template that extends another one overrides its blocks by name. The sections of a page are blocks as well: the value
`sections` lists their names in the order of the page, and a template that extends ours may set it anew.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context, TemplateReference
from markupsafe import Markup

from rulewright_schema.similar import nearest_of

__all__ = ["BlockError", "Blocks", "Section"]


class BlockError(jinja2.TemplateSyntaxError):
    """A block or a section that does not fit the templates it is meant for; `advice` says what to write instead."""

    def __init__(self, message: str, template: "_Outline", line: int, advice: str) -> None:
        super().__init__(message, line, template.name, template.file)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a page that has something to show."""

    name: str
    title: str
    body: Markup

    @property
    def anchor(self) -> str:
        return self.name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class _Outline:
    """What a template defines; `tree` is its syntax tree, `blocks` holds the lines of its blocks.

    `outermost` are the blocks that stand in no other block. In a template that extends another one they are shown only
    where a template further up has a block of that name.
    """

    name: str
    file: str
    tree: nodes.Template
    extends: str | None
    blocks: Mapping[str, int]
    outermost: tuple[str, ...]

    def line_of_value(self, name: str, part: str) -> int | None:
        """Where the template sets the value `name`: the line of `part` in it, else the first; None if it does not."""
        for assignment in self.tree.find_all(nodes.Assign):
            if isinstance(assignment.target, nodes.Name) and assignment.target.name == name:
                constants = assignment.node.find_all(nodes.Const)
                return next((constant.lineno for constant in constants if constant.value == part), assignment.lineno)
        return None


class Blocks:
    """The blocks of every template that was loaded."""

    def __init__(self) -> None:
        self._outlines: dict[str, _Outline] = {}

    def add(self, tree: nodes.Template, name: str, file: str) -> None:
        """Take in a template. Raises BlockError when it extends itself."""
        parent = tree.find(nodes.Extends)
        extends = parent.template.value if parent and isinstance(parent.template, nodes.Const) else None
        blocks = {block.name: block.lineno for block in tree.find_all(nodes.Block)}
        outline = _Outline(name, file, tree, extends, blocks, tuple(_outermost(tree)))
        if parent and extends == name:
            raise BlockError("it extends itself", outline, parent.lineno, f"ours is `rulewright/{name}`")
        self._outlines[name] = outline

    def check(self, context: Context) -> None:
        """Raises BlockError for a block of the rendered template, or of one that it extends, that is never shown.

        The sections that are given count as well: a template may leave one out whose block stands in ours.
        """
        lineage = self._lineage(context)
        sections = (*context.parent.get("sections", ()), *context.get("sections", ()))
        for level, outline in enumerate(lineage[:-1]):
            known = [block for parent in lineage[level + 1 :] for block in parent.blocks]
            for block in outline.outermost:
                if block not in known and block not in sections:
                    message = f"the template that it extends has no block `{block}`"
                    advice = _did_you_mean(block, known) or f"it has {', '.join(f'`{name}`' for name in known)}"
                    advice += "; a new section must stand in `sections`" if sections else ""
                    raise BlockError(message, outline, outline.blocks[block], advice)

    @jinja2.pass_context
    def shown_sections(self, context: Context) -> list[Section]:
        """The sections of the page, in the order of `sections`; one that writes nothing is left out.

        Titles are those of `titles`; a section without one is called by its name. Raises BlockError for a name in
        `sections` without a block.
        """
        sections, titles = context["sections"], context["titles"]
        if not isinstance(sections, list) or not all(isinstance(name, str) for name in sections):
            raise self._wrong_value(context, "sections", "`sections` is not a list of names of blocks")
        if not isinstance(titles, dict):
            raise self._wrong_value(context, "titles", "`titles` is not a mapping from names of blocks to titles")
        shown = []
        for name in dict.fromkeys(sections):
            if name not in context.blocks:
                message = f"there is no block for the section `{name}`"
                advice = _did_you_mean(name, context.blocks) or f"write it: `{{% block {name} %}}...{{% endblock %}}`"
                raise self._wrong_value(context, "sections", message, part=name, advice=advice)
            body = TemplateReference(context)[name]()
            if body.strip():
                shown.append(Section(name, titles.get(name) or name.replace("_", " ").capitalize(), body))
        return shown

    def _lineage(self, context: Context) -> list[_Outline]:
        """The rendered template and those that it extends, the nearest first."""
        lineage: list[_Outline] = []
        name = context.name
        while name is not None and name in self._outlines:
            lineage.append(self._outlines[name])
            name = lineage[-1].extends
        return lineage

    def _wrong_value(
        self, context: Context, name: str, message: str, *, part: str = "", advice: str = ""
    ) -> BlockError:
        """An error in the value `name`, at its line in the template that sets it."""
        lineage = self._lineage(context)
        lines = ((outline, outline.line_of_value(name, part)) for outline in lineage)
        outline, line = next(((outline, line) for outline, line in lines if line), (lineage[0], 1))
        return BlockError(message, outline, line, advice)


def _outermost(node: nodes.Node) -> Iterator[str]:
    """The names of the blocks in a node that stand in no other block."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Block):
            yield child.name
        else:
            yield from _outermost(child)


def _did_you_mean(name: str, known: Collection[str]) -> str:
    near = nearest_of(name, known)
    return f"did you mean `{near}`?" if near else ""
