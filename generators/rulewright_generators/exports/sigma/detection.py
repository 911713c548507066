"""Search items arranged as Sigma's `detection`: named selections, and the condition that joins them.

A map is an AND of its keys, a list of values an OR, a list of maps an OR of ANDs. What is nested deeper becomes
selections of their own, joined in the condition. What is negated is a `filter`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from rulewright_engine.values.case_folding import fold_case
from rulewright_generators.exports.sigma.items import (
    AllOf,
    AnyOf,
    Item,
    NoneOf,
    TextItem,
    Tree,
    ValueItem,
)
from rulewright_generators.exports.sigma.patterns import escaped, shape_of, without_ends

__all__ = ["detection_of"]

Map = dict[str, Any]
_ItemKey = tuple[type, str, bool]


def detection_of(tree: Tree) -> Map:
    """`{selection...: ..., filter...: ..., condition: ...}`.

    Invariant: every name begins with `selection` or `filter`; back ends misread one that begins with `not`.
    """
    writer = _Writer()
    condition = writer.expression(tree, "selection")
    return {**writer.selections, "condition": condition}


class _Writer:
    def __init__(self) -> None:
        self.selections: Map = {}

    def expression(self, tree: Tree, kind: str) -> str:
        """The condition for `tree`; its selections are added under names that begin with `kind`."""
        block = _block(tree)
        if block is not None:
            return self._named(block, kind)
        match tree:
            case NoneOf(child):
                inner = self.expression(child, "filter")
                return f"not ({inner})" if " " in inner else f"not {inner}"
            case AllOf(children):
                return " and ".join(self._operands(children, kind, _merged_maps, alternatives=True))
            case AnyOf(children):
                return " or ".join(self._operands(children, kind, _merged_alternatives, alternatives=False))
            case _:
                raise AssertionError(tree)  # Invariant: an item is a block, and the caller refuses `Always`

    def _operands(self, children: Sequence[Tree], kind: str, merge: Any, *, alternatives: bool) -> list[str]:
        blocks = [_block(child) for child in children]
        operands = [self._named(block, kind) for block in merge([block for block in blocks if block is not None])]
        for child, block in zip(children, blocks, strict=True):
            if block is None:
                inner = self.expression(child, kind)
                operands.append(f"({inner})" if isinstance(child, AnyOf if alternatives else AllOf) else inner)
        return operands

    def _named(self, block: Any, kind: str) -> str:
        number = sum(name == kind or name.startswith(f"{kind}_") for name in self.selections) + 1
        name = kind if number == 1 else f"{kind}_{number}"
        self.selections[name] = block
        return name


def _block(tree: Tree) -> Map | list[Map] | None:
    """The tree as one selection, if it fits into one."""
    match tree:
        case TextItem() | ValueItem():
            return _map([tree])
        case AnyOf(children):
            maps = _alternatives(children)
            return None if maps is None else maps[0] if len(maps) == 1 else maps
        case AllOf(children):
            blocks = [_block(child) for child in children]
            maps = [block for block in blocks if isinstance(block, dict)]
            merged = _merged_maps(maps) if len(maps) == len(blocks) else []
            return merged[0] if len(merged) == 1 else None
        case _:
            return None


def _alternatives(children: Iterable[Tree]) -> list[Map] | None:
    """The maps of an OR; items of one field share a map."""
    groups: dict[_ItemKey, list[Item]] = {}
    maps: list[Map | _ItemKey] = []
    for child in children:
        key: _ItemKey
        match child:
            case TextItem(field, _, cased):
                key = (TextItem, field, cased)
            case ValueItem(name, value) if value is not None:
                key = (ValueItem, name, False)
            case _:
                block = _block(child)
                if not isinstance(block, dict):
                    return None
                maps.append(block)
                continue
        if key not in groups:
            maps.append(key)
        groups.setdefault(key, []).append(child)
    return [_map(groups[entry]) if isinstance(entry, tuple) else entry for entry in maps]


def _map(items: Sequence[Item]) -> Map:
    """One key with the values of items on one field."""
    texts = [item for item in items if isinstance(item, TextItem)]
    others = [item for item in items if isinstance(item, ValueItem)]
    key, values = _texts(texts) if texts else (others[0].key, list(dict.fromkeys(item.value for item in others)))
    return {key: values[0] if len(values) == 1 else values}


def _texts(texts: Sequence[TextItem]) -> tuple[str, list[Any]]:
    """Key and values: with the modifier that all texts share, else with wildcards in the values."""
    field, cased = texts[0].field, texts[0].cased
    shapes = {shape_of(text.parts) for text in texts}
    shape = shapes.pop() if len(shapes) == 1 else None
    values = [escaped(without_ends(text.parts) if shape else text.parts) for text in texts]
    modifiers = [field, *([shape] if shape else []), *(["cased"] if cased else [])]
    return "|".join(modifiers), _distinct(values, cased)


def _distinct(values: Iterable[str], cased: bool) -> list[str]:
    """The values that differ; without `cased`, those that differ in more than case."""
    kept: dict[str, str] = {}
    for value in values:
        kept.setdefault(value if cased else fold_case(value), value)
    return list(kept.values())


def _merged_maps(blocks: Sequence[Map | list[Map]]) -> list[Map | list[Map]]:
    """The ANDed blocks in as few selections as possible: a key can stand once in a map."""
    merged: list[Map | list[Map]] = []
    for block in blocks:
        if isinstance(block, dict):
            host = next((m for m in merged if isinstance(m, dict) and not m.keys() & block.keys()), None)
            if host is not None:
                host.update(block)
                continue
        merged.append(block)
    return merged


def _merged_alternatives(blocks: Sequence[Map | list[Map]]) -> list[Map | list[Map]]:
    """The ORed blocks in one selection."""
    maps = [entry for block in blocks for entry in (block if isinstance(block, list) else [block])]
    return [] if not maps else [maps[0]] if len(maps) == 1 else [maps]
