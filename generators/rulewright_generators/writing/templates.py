"""Templates: ours, or the user's of the same name, rendered in a sandbox.

A name is `<generator>/<file>.<format>.j2` (`docs/guide.html.j2`). A file of that name in the user's folder wins; it may
extend ours under `rulewright/<name>`. What is wrong with a template is one diagnostic at its line.

Import this module where it is used: jinja2 is heavy.
"""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from traceback import walk_tb

import jinja2
from jinja2.exceptions import SecurityError

from rulewright_generators.writing.blocks import BlockError
from rulewright_generators.writing.sandbox import LimitError, Sandbox
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.errors import RulewrightError
from rulewright_schema.similar import nearest_of
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

_HELP_USERS = "correct the template, or remove it to fall back on the one that comes with rulewright"
_HELP_OURS = "this template comes with rulewright: please report what you did"


class TemplateError(RulewrightError):
    """A template that cannot be rendered; `diagnostic` says which, where and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Templates:
    """Renders templates of the project and of the user's folder `folder` (None: ours alone)."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._sources: dict[str, Source] = {}
        self._sandboxes: dict[str, Sandbox] = {}

    def render(self, name: str, /, **values: object) -> str:
        """The text of template `name`; a value that is Markup stays as it is. Raises TemplateError."""
        if not self._sandboxes and self._folder is not None:
            _check_names(self._folder)
        sandbox = self._sandbox(name)
        try:
            return sandbox.run(name, values)
        except Exception as error:  # a template is a program: anything can go wrong in it
            raise TemplateError(self._diagnostic(name, error)) from error

    def _sandbox(self, name: str) -> Sandbox:
        format_ = PurePosixPath(name.removesuffix(".j2")).suffix
        if format_ not in self._sandboxes:
            self._sandboxes[format_] = Sandbox(self._load, format_)
        return self._sandboxes[format_]

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """Find a template: source, the file name that error positions carry, and "has not changed"."""
        parts = PurePosixPath(name).parts
        if not all(re.fullmatch(r"\w[\w.-]*", part) for part in parts):
            return None
        source = _ours(parts[1:]) if parts[0] == "rulewright" else self._users(parts) or _ours(parts)
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
        file, line = self._location(error)
        source = self._sources.get(file)
        where = f" at line {line}" if line else ""
        return _code(error).report(
            f"template `{file or name}` cannot be rendered{where}: {_reason(error)}",
            _line_span(source, line) if source and line else None,
            path=file or name,
            help=_help(file, error),
        )

    def _location(self, error: Exception) -> tuple[str, int]:
        """The innermost template file and line of an error; `("", 0)` when it has none."""
        if isinstance(error, jinja2.TemplateSyntaxError):
            return error.filename or error.name or "", error.lineno
        frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
        return next(((file, line) for file, line in reversed(frames) if file in self._sources), ("", 0))


def _ours(parts: tuple[str, ...]) -> Source | None:
    """`docs/guide.html.j2` is `guides/templates/guide.html.j2` of this package."""
    if len(parts) != 2 or parts[0] not in _folders():
        return None
    resource = _folders()[parts[0]].joinpath(parts[1])
    return Source(f"rulewright/{'/'.join(parts)}", resource.read_text(encoding="utf-8")) if resource.is_file() else None


@cache
def _folders() -> dict[str, Traversable]:
    """Where the templates of each kind of output stand: guides, and every folder of `exports` that has some."""
    package = files("rulewright_generators")
    exports = sorted(package.joinpath("exports").iterdir(), key=lambda folder: folder.name)
    folders = {"docs": package.joinpath("guides"), **{folder.name: folder for folder in exports}}
    templates = {kind: folder.joinpath("templates") for kind, folder in folders.items()}
    return {kind: folder for kind, folder in templates.items() if folder.is_dir()}


def _check_names(folder: Path) -> None:
    """Raises TemplateError for a user's file whose name looks like one of ours, is none, and is used nowhere."""
    ours = [f"{kind}/{file.name}" for kind, own in _folders().items() for file in own.iterdir()]
    paths = sorted(path for pattern in ("*.j2", "*/*.j2") for path in folder.glob(pattern) if path.is_file())
    names = {path: path.relative_to(folder).as_posix() for path in paths}
    for path in paths:
        meant = _meant(names[path], ours) if names[path] not in ours else None
        if meant and not any(names[path] in other.read_text(encoding="utf-8", errors="replace") for other in paths):
            message = f"template `{path.as_posix()}` replaces none of ours, and no other template names it"
            raise TemplateError(TEMPLATE_ERROR.report(message, path=path.as_posix(), help=f"did you mean `{meant}`?"))


def _meant(name: str, ours: list[str]) -> str | None:
    """The template of ours whose file name is most like that of `name`, of the same format."""
    stem, _, format_ = PurePosixPath(name).name.partition(".")
    stems = {PurePosixPath(path).name.partition(".")[0]: path for path in ours if path.endswith(f".{format_}")}
    near = nearest_of(stem, stems)
    return stems[near] if near else None


def _code(error: Exception) -> Code:
    match error:
        case SecurityError():
            return TEMPLATE_FORBIDDEN
        case LimitError() | MemoryError() | RecursionError() | OverflowError():
            return TEMPLATE_TOO_LARGE
        case _:
            return TEMPLATE_ERROR


def _help(file: str, error: Exception) -> str:
    if isinstance(error, BlockError) and error.advice:
        return error.advice
    return _HELP_OURS if file.startswith("rulewright/") else _HELP_USERS


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
            text = str(getattr(error, "message", None) or error).rstrip(".")
            text = re.sub(r"'([^'`]*)'", r"`\1`", re.sub(r"^'[\w.]+ object'", "the value", text))
            return text[:1].lower() + text[1:]


def _line_span(source: Source, line: int) -> Span:
    start = sum(len(text) + 1 for text in source.text.split("\n")[: line - 1])
    return Span(start, start + len(source.line(min(line, source.line_count))))
