"""Values that probably tell a changed test from the one that it was, to be tried before anything is searched."""

from collections.abc import Iterator

from rulewright_engine.esql.analysis.plan import Apply, Constant
from rulewright_engine.ir.expression import Scalar
from rulewright_generators.cases.esql.mutation.mutants import Mutant
from rulewright_generators.cases.mutation.operators import Operator

__all__ = ["seed_values"]

MAX_ELEMENTS = 3
"""Elements of a list of which the spelling is changed, where one of them will do."""


def seed_values(mutant: Mutant) -> Iterator[tuple[Scalar, ...]]:
    """What the one field that a test reads may hold."""
    node = mutant.node
    if not isinstance(node, Apply):
        return
    texts = [each.value for each in node.arguments[1:] if isinstance(each, Constant) and isinstance(each.value, str)]
    match mutant.operator:
        case Operator.MISSING:
            yield ()
        case Operator.BEGINNING:
            yield from ((f"{text}2",) for text in texts if mutant.element in (None, text))
        case Operator.CASE:
            cased = [text for text in texts if text.swapcase() != text]
            yield from ((_plain(text.swapcase()),) for text in cased[:MAX_ELEMENTS])
        case Operator.FILLED:
            yield from ((_plain(text),) for text in texts[:MAX_ELEMENTS])
        case Operator.WILDCARD:
            for text in (text for text in texts if mutant.element in (None, text)):
                yield from ((f"x{_plain(text)}",), (f"{_plain(text)}x",))
        case _:
            return


def _plain(pattern: str) -> str:
    """A text that a pattern of LIKE matches."""
    return pattern.replace("*", "").replace("?", "x").replace("\\\\", "\\")
