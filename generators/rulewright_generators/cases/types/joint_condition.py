"""All stages of a sequence or sample as one condition about all of its events, in which the key is the same.

The solver then says what no stage says alone: that a condition decides nothing, because the key brings the value that
another stage asks for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Exists,
    Field,
    FieldType,
    Leaf,
    Nested,
    Value,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import Stage
from rulewright_engine.solver import ConditionOutcome, Outcome, SmtSolver, multi_valued_in

__all__ = ["JointCondition"]

TEXTS = (FieldType.KEYWORD, FieldType.WILDCARD)


class JointCondition:
    """The joint condition of `stages`, none of which is one whose event must be missing."""

    def __init__(self, stages: Sequence[Stage], fields: FieldTypes) -> None:
        self._fields = fields
        shared = [self._shared(keys) for keys in zip(*(stage.keys for stage in stages), strict=False)]
        keys = [key for key in shared if key is not None]
        parts = [self._renamed_stage(number, stage, shared) for number, stage in enumerate(stages)]
        joint = And((*parts, *(Leaf(key, Exists(), key.name) for key in keys)))
        self._solver = SmtSolver(joint, multi_valued=self._multi_valued)
        self._starts = [sum(1 for part in parts[:number] for _ in part.leaves()) for number in range(len(parts))]

    def outcome(self, stage: int, index: int) -> ConditionOutcome:
        """What a condition of a stage decides where the other stages are met; pairs may still fail to be made."""
        occurrences = self._solver.formula.occurrences
        occurrence = occurrences[self._starts[stage] + index]
        if any(other.duplicate_of is occurrence for other in occurrences):
            return ConditionOutcome(
                occurrence.leaf,
                occurrence.positive,
                Outcome.REDUNDANT,
                because=(occurrence.leaf,),
                reason="another stage asks the same of the value that they share",
            )
        return self._solver.outcome(occurrence)

    def _shared(self, keys: Sequence[Value]) -> Field | None:
        """The field that stands for one part of the key; None where the solver cannot take the parts for one.

        Of an array the stages share one value, and not all of them.
        """
        named = [key for key in keys if isinstance(key, Field) and not self._is_array(key)]
        types = {FieldType.KEYWORD if key.type in TEXTS else key.type for key in named}
        return replace(named[0], optional=False) if len(named) == len(keys) and len(types) == 1 else None

    def _is_array(self, field: Field) -> bool:
        return bool(self._multi_valued(field.name))

    def _multi_valued(self, name: str) -> bool | None:
        """Whether a field, also one of a stage's own, holds several values; None where nobody says."""
        return multi_valued_in(self._fields)(name.rpartition(":")[2])

    def _renamed_stage(self, number: int, stage: Stage, shared: Sequence[Field | None]) -> Condition:
        names = {
            key.name: common
            for key, common in zip(stage.keys, shared, strict=True)
            if isinstance(key, Field) and common is not None
        }
        return _renamed(stage.condition, number, names)


def _renamed(condition: Condition, number: int, names: Mapping[str, Field]) -> Condition:
    """The condition about fields of its own, and about the shared ones."""

    def renamed_value(node: Value) -> Value:
        if isinstance(node, Field):
            return names.get(node.name) or replace(node, name=f"{number}:{node.name}")
        return node

    def renamed(node: Condition) -> Condition:
        match node:
            case Nested(path):
                return replace(node, path=f"{number}:{path}")
            case Leaf(value):
                return replace(node, value=value.transform(renamed_value))
            case _:
                return node

    return condition.transform(renamed)
