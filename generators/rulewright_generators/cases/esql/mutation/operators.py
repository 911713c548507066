"""The small changes that a mutant may have of one test of an ES|QL query, as tests of ES|QL again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from rulewright_engine.esql.analysis.plan import Apply, Constant, Typed
from rulewright_engine.esql.analysis.signatures import Call, bind
from rulewright_engine.esql.functions import FUNCTIONS
from rulewright_engine.esql.functions.comparison import like_parts
from rulewright_engine.esql.functions.registry import Function
from rulewright_engine.esql.functions.text import LOWER_CASE
from rulewright_engine.esql.functions.traits import Element
from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_engine.ir.expression import Comparison
from rulewright_engine.ir.operators import COMPARISONS
from rulewright_engine.ir.operators import Operator as Logical
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_engine.values.patterns.glob import Wild
from rulewright_generators.cases.mutation.operators import Operator, with_prefix

__all__ = ["applied", "changes_of_test"]

Changed = tuple[Operator, Typed, str, Any]
"""The kind of change, what stands there instead, what completes "it fails if `the test`", and the element changed."""

_OR = FUNCTIONS[Logical.OR]
_TEXT = GROUPS["string"]
_NUMBERS = frozenset({Type.INTEGER, Type.LONG, Type.UNSIGNED_LONG, Type.DOUBLE})


def applied(function: Function, *arguments: Typed) -> Apply | None:
    """A call of a function, with the span of its first argument; None where it cannot be."""
    span = arguments[0].span
    found = bind(Call(function, function.name, span, arguments, span, ""), REFERENCE_TIME)
    return found if isinstance(found, Apply) else None


def changes_of_test(test: Apply, source: Callable[[Typed], str]) -> Iterator[Changed]:
    """Every change of a test of one value with constants; of a list, of each element, too."""
    for operator, changed, what, *element in _changes(test, source):
        if changed is not None and changed != test:
            yield operator, replace(changed, span=test.span), what, element[0] if element else None


Proposed = Iterator[tuple[Operator, Apply | None, str] | tuple[Operator, Apply | None, str, Any]]


def _changes(test: Apply, source: Callable[[Typed], str]) -> Proposed:
    function, arguments = test.function, test.arguments
    traits = function.traits
    if traits.comparison is not None and function.neighbour is not None:
        yield Operator.BOUND, applied(function.neighbour, *arguments), _bound(traits.comparison)
    if function.operator in COMPARISONS:
        yield from _other_numbers(test)
    if len(arguments) < 2 or not all(isinstance(each, Constant) for each in arguments[1:]):
        return
    if traits.element is not None:
        yield from _of_elements(test, traits.element, source)
    elif _is_text(arguments[1]):
        yield from _of_beginning(function, arguments)
    if traits.minds_case:
        yield Operator.CASE, _folded(test), "ignores case"


def _bound(comparison: Comparison) -> str:
    is_closed = comparison in (Comparison.LESS_EQUAL, Comparison.GREATER_EQUAL)
    return "leaves its bound out" if is_closed else "lets its bound in"


def _of_beginning(function: Function, arguments: Sequence[Typed]) -> Proposed:
    positive = function.negates or function
    beginning = applied(positive.beginning, *arguments) if positive.beginning else None
    if beginning is not None:
        longer = beginning if positive is function else applied(FUNCTIONS[Logical.NOT], beginning)
        yield Operator.BEGINNING, longer, "is only a beginning"


def _other_numbers(test: Apply) -> Proposed:
    for index, argument in enumerate(test.arguments):
        if isinstance(argument, Constant) and argument.type in _NUMBERS and isinstance(argument.value, int | float):
            for step, what in ((1, "is one more"), (-1, "is one less")):
                yield Operator.NUMBER, _with(test, index, replace(argument, value=argument.value + step)), what


def _is_text(constant: Typed) -> bool:
    return isinstance(constant, Constant) and constant.type in _TEXT and bool(constant.value)


def _with(test: Apply, index: int, *elements: Typed) -> Apply | None:
    """The test with other arguments in the place of one."""
    return applied(test.function, *test.arguments[:index], *elements, *test.arguments[index + 1 :])


def _of_elements(test: Apply, kind: Element, source: Callable[[Typed], str]) -> Proposed:
    subject, *elements = test.arguments
    for index, element in enumerate(elements, 1):
        assert isinstance(element, Constant)  # Invariant: asked only of such lists
        said = f"in its element `{source(element)}`" if len(elements) > 1 else ""
        if len(elements) > 1:
            yield Operator.FALSE, _with(test, index), f"has no element `{source(element)}`"
        match kind:
            case Element.VALUE if _is_text(element) and test.function.beginning:
                beginning, rest = applied(test.function.beginning, subject, element), _with(test, index)
                either = applied(_OR, rest, beginning) if rest and beginning and len(elements) > 1 else beginning
                yield Operator.BEGINNING, either, f"asks only for a beginning {said}".rstrip(), element.value
            case Element.GLOB | Element.REGEX if isinstance(element.value, str):
                shorter = _shorter_glob if kind is Element.GLOB else _shorter_expression
                for pattern, what in shorter(element.value):
                    changed = _with(test, index, replace(element, value=pattern))
                    yield Operator.WILDCARD, changed, f"loses its {what} wildcard {said}".rstrip(), element.value
            case Element.NETWORK if isinstance(element.value, str):
                for change, what in ((-1, "twice as wide"), (1, "half as wide")):
                    if network := with_prefix(element.value, change):
                        changed = _with(test, index, replace(element, value=network))
                        yield Operator.NETWORK, changed, f"is {what} {said}".rstrip()
    if kind is Element.GLOB:
        filled = [_filled(element) for element in elements]
        what = "needs a character for each wildcard at an end"
        yield Operator.FILLED, applied(test.function, subject, *filled), what


def _shorter_glob(pattern: str) -> Iterator[tuple[str, str]]:
    parts = like_parts(pattern)
    if isinstance(parts, int) or len(parts) < 2:
        return
    if parts[0] is Wild.ANY:
        yield pattern[1:], "first"
    if parts[-1] is Wild.ANY:
        yield pattern[:-1], "last"


def _shorter_expression(pattern: str) -> Iterator[tuple[str, str]]:
    if pattern.startswith(".*") and len(pattern) > 2:
        yield pattern[2:], "first"
    if pattern.endswith(".*") and len(pattern) > 2 and not pattern.endswith("\\.*"):
        yield pattern[:-2], "last"


def _filled(element: Typed) -> Typed:
    """The pattern with a character more wherever a wildcard stands at an end."""
    if not isinstance(element, Constant) or not isinstance(element.value, str):
        return element
    pattern = element.value
    ends = [which for _, which in _shorter_glob(pattern)]
    before, after = "?" if "first" in ends else "", "?" if "last" in ends else ""
    return replace(element, value=f"{before}{pattern}{after}")


def _folded(test: Apply) -> Apply | None:
    """The test in lower case; None where case makes no difference."""
    subject, *elements = test.arguments
    if isinstance(subject, Apply) and subject.function.traits.changes_case is not None:
        return None
    lower = [_lower(element, is_expression=test.function.traits.element is Element.REGEX) for element in elements]
    if all(not isinstance(e, Constant) or str(e.value).swapcase() == str(e.value) for e in lower):
        return None
    folded = applied(LOWER_CASE, subject) if all(map(_is_text, elements)) else None
    return None if folded is None else applied(test.function, folded, *lower)


def _lower(element: Typed, *, is_expression: bool) -> Typed:
    """The text in lower case; of an expression all but what follows a backslash, which may be a class."""
    if not isinstance(element, Constant) or not isinstance(element.value, str):
        return element
    parts: Sequence[str] = element.value.split("\\") if is_expression else [element.value]
    lower = [parts[0].lower(), *(part[:1] + part[1:].lower() for part in parts[1:])]
    value: Any = "\\".join(lower)
    return replace(element, value=value)
