"""What every explanation can do."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from rulewright._report.style import PLAIN, Style

__all__ = ["Explanation"]


class Explanation(ABC):
    """One answer: `str()` of it is for people, `to_json()` for programs."""

    __slots__ = ()

    @abstractmethod
    def lines(self, style: Style) -> Iterator[str]:
        """For people; no line holds a line end."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """For programs."""

    def __str__(self) -> str:
        return "\n".join(self.lines(PLAIN))
