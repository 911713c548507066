"""The sandbox in which templates run: values are escaped for the format of the page, loops and texts are bounded.

What happens to a value in each format: `html` escapes markup, `md` escapes Markdown, `yml` writes a quoted scalar,
`ndjson` JSON on one line; a filter whose result is markup already (`code`, `fence`, ...) stays as it is.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Call, EnvironmentAttribute, For, Template
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from rulewright_generators.writing.blocks import Blocks
from rulewright_generators.writing.escaping import (
    markdown_code,
    markdown_fence,
    markdown_text,
    yaml_node,
    yaml_scalar,
)
from rulewright_schema.errors import RulewrightError
from rulewright_schema.wording import counted

__all__ = ["FORMATS", "LimitError", "Sandbox"]

_MAX_TEMPLATE_STEPS = 1_000_000
"""Loop iterations and calls of one rendering."""
_MAX_TEMPLATE_OUTPUT = 20_000_000
"""Characters of one rendering, and of one product such as `"ab" * n`."""


class LimitError(RulewrightError):
    """A template that takes too many steps or writes too much; the author of the template must shorten it."""


class Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox of one output format, with a budget for loops and calls.

    `load` finds a template by its name, `format_` is a key of `FORMATS`. `blocks` knows the blocks of every template
    that was loaded.
    """

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, load: Callable[[str], Any], format_: str) -> None:
        if format_ not in FORMATS:
            raise NotImplementedError(f"FORMATS of writing/sandbox.py does not say how to escape values in {format_}")
        finalize, filters = FORMATS[format_]
        super().__init__(
            loader=jinja2.FunctionLoader(load),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            finalize=finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self.filters.update(filters)
        self.blocks = Blocks()
        self.globals |= {"counted": counted, "shown_sections": self.blocks.shown_sections}
        self._steps = 0

    def run(self, name: str, values: dict[str, Any]) -> str:
        """The text that a template writes. Raises whatever goes wrong in it."""
        self._steps = 0
        template = self.get_template(name)
        context = template.new_context(values)
        try:
            text = _joined(template.root_render_func(context))
        except Exception:
            self.handle_exception()  # raises the error again, with lines of the template in its traceback
        self.blocks.check(context)
        return text

    @staticmethod
    def concat(chunks: Iterable[str]) -> str:
        """Joins what a block or a macro writes, within the bound on texts."""
        return _joined(chunks)

    def counted_steps(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self._step()
            yield item

    def _step(self) -> None:
        self._steps += 1
        if self._steps > _MAX_TEMPLATE_STEPS:
            raise LimitError(f"it needs more than {_MAX_TEMPLATE_STEPS:,} loop steps and calls")

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        self._step()
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        match operator, left, right:
            case "*", (str() | list() | tuple()), int():
                _check_length(len(left) * right)
            case "*", int(), (str() | list() | tuple()):
                _check_length(left * len(right))
            case "**", int(), int() if abs(left) > 1 and right > 1000:
                raise LimitError("a power is too large")
        return super().call_binop(context, operator, left, right)

    def _generate(self, source: Template, name: str | None, filename: str | None, defer_init: bool = False) -> str:
        """Jinja's hook between the syntax tree of a template and its code."""
        self.blocks.add(source, name or "", filename or "")
        return super()._generate(source, name, filename, defer_init)


class _CountingGenerator(CodeGenerator):
    """Sends what a `for` iterates over through the environment's counter."""

    def visit_For(self, node: For, frame: Frame) -> None:
        node.iter = Call(EnvironmentAttribute("counted_steps"), [node.iter], [], None, None, lineno=node.lineno)
        super().visit_For(node, frame)


Sandbox.code_generator_class = _CountingGenerator


def _joined(chunks: Iterable[str]) -> str:
    """The chunks as one text; LimitError as soon as it gets too long."""
    collected: list[str] = []
    length = 0
    for chunk in chunks:
        length += len(chunk)
        _check_length(length)
        collected.append(chunk)
    return "".join(collected)


def _check_length(length: int) -> None:
    if length > _MAX_TEMPLATE_OUTPUT:
        raise LimitError(f"its output is longer than {_MAX_TEMPLATE_OUTPUT:,} characters")


def _as_markdown(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(markdown_text(str(value)))


def _as_yaml(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(yaml_scalar(value))


def _as_json(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(json.dumps(value, sort_keys=True, ensure_ascii=False))


FORMATS: dict[str, tuple[Callable[[Any], Any] | None, dict[str, Callable[..., Any]]]] = {
    ".html": (None, {}),
    ".md": (
        _as_markdown,
        {
            "code": lambda text: Markup(markdown_code(text)),
            "fence": lambda text, language="": Markup(markdown_fence(text, language)),
        },
    ),
    ".ndjson": (_as_json, {}),
    ".yml": (_as_yaml, {"node": lambda value: Markup(yaml_node(value))}),
}
"""By the suffix of the page: what is made of a value that is written out, and the filters of the format."""
