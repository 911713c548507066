"""Cases of samples: the events in any order, and what every joined case shows."""

from rulewright_generators.cases.types.joined_cases import JoinedCases

__all__ = ["SampleCases"]


class SampleCases(JoinedCases):
    """The cases of one sample."""

    def add(self) -> None:
        """Every case that is about no condition."""
        if self._positive("There is an event for each stage."):
            self._any_order()
            self._missing_stages()
            self._keys()

    def _any_order(self) -> None:
        last = len(self._slots) - 1
        reverse = [last - position for position in range(last + 1)]
        self._raises("order", "The events come in the reverse order.", self._timed(self._ordinary[::-1]), reverse)
