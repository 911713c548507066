"""Why a question about a condition stays open: one wording for each reason, wherever it arises.

An answer is a value (satisfiable), a conflict without a reason (proven to be unsatisfiable), or a reason of these
(unknown). A reason is a text that completes "undecided: ...".
"""

from enum import StrEnum

from rulewright_engine.ir.work import TOO_LARGE

__all__ = ["BudgetExceeded", "UnknownReason", "only_tried_out", "opaque_object"]


class UnknownReason(StrEnum):
    BUDGET = "the search was given up"
    WORK = TOO_LARGE
    TEXT_BUDGET = "the search for a text was given up"
    TOKEN_BUDGET = "the search for a word was given up"
    PAIR_BUDGET = "too many ways to settle the other conditions on the field"
    NESTED_OBJECTS = "it asks about objects in an array"
    REPEATED_ATOM = "the condition stands in several places that cannot be told apart"
    NO_VALUE = "no value is left"
    UNSOLVABLE_TEST = "a condition on the field cannot be solved for it"
    UNSOLVABLE_TOKEN_TEST = "a condition on the words of the field cannot be solved for it"
    TEXT_AND_TOKENS = "a condition on the whole text and one on its words meet in one field"
    TOKENS_NOT_JOINED = "the words that the conditions ask for could not be put together"
    RELATED_FIELDS = "the conditions relate fields to each other, and no values were found"
    OTHER_FIELDS = "too many fields can hold the value to look into each"
    UNCONFIRMED = "evaluation did not confirm what the search found"


def only_tried_out(condition: str) -> str:
    """Of a condition that no theory reasons about: its field is given the values at hand, and no others."""
    return f"`{condition}` can only be tried out"


def opaque_object(field: str) -> str:
    return f"what `{field}` holds is nothing that evaluation looks at"


class BudgetExceeded(Exception):
    """A question was left without a proven answer; the text of the exception is the reason."""

    def __init__(self, reason: str = UnknownReason.BUDGET) -> None:
        super().__init__(reason)
