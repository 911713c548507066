"""Templates: ours, or the user's of the same name, rendered in a sandbox that escapes for the format they write.

A name is `<generator>/<file>.<format>.j2` (`docs/guide.html.j2`). A file of that name in the user's folder wins; it may
extend ours under `rulewright/<name>`. Formats and what happens to a value there: `html` escapes markup, `md` escapes
Markdown, `yml` writes a quoted scalar, `ndjson` JSON on one line; a filter whose result is markup already (`code`,
`fence`, ...) stays as it is.

Import this module where it is used: jinja2 is heavy.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path, PurePosixPath
from traceback import walk_tb
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.nodes import Call, EnvironmentAttribute, For
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from rulewright_generators.writing.escaping import (
    markdown_code,
    markdown_fence,
    markdown_text,
    yaml_node,
    yaml_scalar,
)
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.errors import RulewrightError
from rulewright_schema.source import Source, Span

__all__ = ["TemplateError", "Templates"]

TEMPLATE_ERROR = Code(
    code="RW801",
    name="template-error",
    level=Level.ERROR,
    title="a template must render",
    why="Documents and exports are written by templates; one with a mistake writes nothing rather than half a page.",
    bad="{% if rule.note %}{{ rule.nota }}{% endif %}",
    good="{% if rule.note %}{{ rule.note }}{% endif %}",
)
TEMPLATE_FORBIDDEN = Code(
    code="RW802",
    name="template-forbidden",
    level=Level.ERROR,
    title="a template may only read the values that it is given",
    why="Templates run on the machines of everyone who builds the rules, so they cannot reach Python, files or the "
    "network, nor change a value.",
    bad="{{ ''.__class__ }}",
    good="{{ rule.name }}",
)
TEMPLATE_TOO_LARGE = Code(
    code="RW803",
    name="template-too-large",
    level=Level.ERROR,
    title="a template must come to an end",
    why="A loop or a text without bound would stop the build of every rule.",
    bad="{% for number in range(10 ** 9) %}{{ number }}{% endfor %}",
    good="{% for number in range(10) %}{{ number }}{% endfor %}",
)

_MAX_STEPS = 1_000_000
"""Loop iterations and calls of one rendering."""
_MAX_RENDERED = 20_000_000
"""Characters of one rendering, and of one product such as `"ab" * n`."""

_FOLDERS = {"docs": "guides", "sigma": "exports/sigma", "kibana": "exports/kibana"}
"""Where the templates of each kind of output stand."""

_HELP_USERS = "correct the template, or remove it to fall back on the one that comes with rulewright"
_HELP_OURS = "this template comes with rulewright: please report what you did"


class TemplateError(RulewrightError):
    """A template that cannot be rendered; `diagnostic` says which, where and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class _LimitError(RulewrightError):
    pass


class Templates:
    """Renders templates of the project and of the user's folder `folder` (None: ours alone)."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._sources: dict[str, Source] = {}
        self._environments: dict[str, _Environment] = {}

    def render(self, name: str, /, **values: object) -> str:
        """The text of template `name`; a value that is Markup stays as it is. Raises TemplateError."""
        environment = self._environment(name)
        environment.steps = 0
        try:
            return _joined(environment.get_template(name).generate(values))
        except Exception as error:  # a template is a program: anything can go wrong in it
            raise TemplateError(self._diagnostic(name, error)) from error

    def _environment(self, name: str) -> "_Environment":
        format_ = PurePosixPath(name).suffixes[-2]
        if format_ not in self._environments:
            self._environments[format_] = _Environment(self._load, **_FORMATS[format_])
        return self._environments[format_]

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """Find a template: source, the file name that error positions carry, and "has not changed"."""
        parts = PurePosixPath(name).parts
        if not all(re.fullmatch(r"\w[\w.-]*", part) for part in parts):
            return None
        source = self._users(parts) or _ours(parts[1:] if parts[0] == "rulewright" else parts)
        if source is None:
            return None
        self._sources[source.name] = source
        return source.text, source.name, lambda: True

    def _users(self, parts: tuple[str, ...]) -> Source | None:
        if self._folder is None:
            return None
        path = self._folder.joinpath(*parts)
        if not path.is_file() or not path.resolve().is_relative_to(self._folder.resolve()):
            return None
        return Source(path.as_posix(), path.read_text(encoding="utf-8"))

    def _diagnostic(self, name: str, error: Exception) -> Diagnostic:
        file, line = self._place(error)
        source = self._sources.get(file)
        where = f" at line {line}" if line else ""
        return _code(error).report(
            f"template `{file or name}` cannot be rendered{where}: {_reason(error)}",
            _line_span(source, line) if source and line else None,
            path=file or name,
            help=_HELP_OURS if file.startswith("rulewright/") else _HELP_USERS,
        )

    def _place(self, error: Exception) -> tuple[str, int]:
        """The innermost template file and line of an error; `("", 0)` when it has none."""
        if isinstance(error, jinja2.TemplateSyntaxError):
            return error.filename or error.name or "", error.lineno
        frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
        return next(((file, line) for file, line in reversed(frames) if file in self._sources), ("", 0))


def _ours(parts: tuple[str, ...]) -> Source | None:
    """`docs/guide.html.j2` is `guides/templates/guide.html.j2` of this package."""
    if len(parts) != 2 or parts[0] not in _FOLDERS:
        return None
    resource = files("rulewright_generators").joinpath(_FOLDERS[parts[0]], "templates", parts[1])
    return Source(f"rulewright/{'/'.join(parts)}", resource.read_text(encoding="utf-8")) if resource.is_file() else None


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
    if length > _MAX_RENDERED:
        raise _LimitError(f"its output is longer than {_MAX_RENDERED:,} characters")


def _code(error: Exception) -> Code:
    match error:
        case SecurityError():
            return TEMPLATE_FORBIDDEN
        case _LimitError() | MemoryError() | RecursionError() | OverflowError():
            return TEMPLATE_TOO_LARGE
        case _:
            return TEMPLATE_ERROR


def _reason(error: Exception) -> str:
    match error:
        case jinja2.TemplateNotFound():
            return f"there is no template `{error.name}`"
        case RecursionError():
            return "it calls itself without end"
        case MemoryError():
            return "it needs more memory than there is"
        case OverflowError():
            return "a number or a range in it is too large"
        case UnicodeDecodeError():
            return "it is not UTF-8 text"
        case _:
            text = re.sub(r"'([^'`]*)'", r"`\1`", str(getattr(error, "message", None) or error)).rstrip(".")
            return text[:1].lower() + text[1:]


def _line_span(source: Source, line: int) -> Span:
    start = sum(len(text) + 1 for text in source.text.split("\n")[: line - 1])
    return Span(start, start + len(source.line(min(line, source.line_count))))


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox of one output format, with a budget for loops and calls."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(
        self, load: Callable[[str], Any], finalize: Callable[[Any], Any] | None, filters: dict[str, Callable[..., Any]]
    ) -> None:
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
        self.steps = 0
        self.filters.update(filters)

    def counted(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self._step()
            yield item

    def _step(self) -> None:
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise _LimitError(f"it needs more than {_MAX_STEPS:,} loop steps and calls")

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
                raise _LimitError("a power is too large")
        return super().call_binop(context, operator, left, right)


class _CountingGenerator(CodeGenerator):
    """Sends what a `for` iterates over through the environment's counter."""

    def visit_For(self, node: For, frame: Frame) -> None:
        node.iter = Call(EnvironmentAttribute("counted"), [node.iter], [], None, None, lineno=node.lineno)
        super().visit_For(node, frame)


_Environment.code_generator_class = _CountingGenerator


def _as_markdown(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(markdown_text(str(value)))


def _as_yaml(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(yaml_scalar(value))


def _as_json(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(json.dumps(value, sort_keys=True, ensure_ascii=False))


_FORMATS: dict[str, dict[str, Any]] = {
    ".html": {"finalize": None, "filters": {}},
    ".md": {
        "finalize": _as_markdown,
        "filters": {
            "code": lambda text: Markup(markdown_code(text)),
            "fence": lambda text, language="": Markup(markdown_fence(text, language)),
        },
    },
    ".ndjson": {"finalize": _as_json, "filters": {}},
    ".yml": {"finalize": _as_yaml, "filters": {"node": lambda value: Markup(yaml_node(value))}},
}
