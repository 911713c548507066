"""One condition as one search item of Sigma, and what is lost on the way."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rulewright_engine.evaluate.functions import FUNCTIONS
from rulewright_engine.ir.expression import (
    And,
    Between,
    Call,
    Compare,
    Comparison,
    Condition,
    Constant,
    Equals,
    Exists,
    Field,
    FieldType,
    InNetwork,
    InOtherFields,
    IsTrue,
    Leaf,
    Literal,
    MatchesFuzzy,
    MatchesGlob,
    MatchesRegex,
    MatchesText,
    MatchesToken,
    Nested,
    Not,
    Or,
    Test,
)
from rulewright_engine.values.patterns.glob import Wild
from rulewright_generators.exports.sigma.codes import UNSAYABLE, Refused
from rulewright_generators.exports.sigma.patterns import (
    Parts,
    as_globs,
    as_regex,
    has_case,
)

__all__ = [
    "AllOf",
    "Always",
    "AnyOf",
    "Item",
    "Loss",
    "NoneOf",
    "Profile",
    "TextItem",
    "Tree",
    "ValueItem",
    "translate",
]

_NUMERIC = frozenset({FieldType.LONG, FieldType.DOUBLE})
_COMPARISONS = {
    Comparison.LESS: "lt",
    Comparison.LESS_EQUAL: "lte",
    Comparison.GREATER: "gt",
    Comparison.GREATER_EQUAL: "gte",
}


class Profile(StrEnum):
    """`portable` converts in every common back end, at the price of case; `exact` says `|cased` and `|exists`."""

    PORTABLE = "portable"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Loss:
    """What the Sigma rule does not say. `subject` is a condition by its text, or a key of the rule file.

    Kinds: `case` (the condition is case-sensitive, Sigma is not), `line` (`.` takes no line end), `words` (a word of
    an analysed text may be part of another), `array` (two bounds may be met by two values), `metadata` (the key has
    no place).
    """

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class TextItem:
    """A text with wildcards; its modifiers are decided together with its neighbours."""

    field: str
    parts: Parts
    cased: bool = False


@dataclass(frozen=True, slots=True)
class ValueItem:
    """A value under a finished key (`field|gte`); None is Sigma's null: the field has no value."""

    key: str
    value: str | int | float | bool | None


Item = TextItem | ValueItem


@dataclass(frozen=True, slots=True)
class AllOf:
    children: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    children: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    child: "Tree"


@dataclass(frozen=True, slots=True)
class Always:
    """True of every event, or of none."""

    value: bool


Tree = TextItem | ValueItem | AllOf | AnyOf | NoneOf | Always


def translate(condition: Condition, profile: Profile) -> tuple[Tree, tuple[Loss, ...]]:
    """The condition over search items, in a simple form, and the losses in the order of the text. Raises Refused.

    Invariant: no `AllOf` holds an `AllOf`, no `AnyOf` an `AnyOf`, no `NoneOf` a `NoneOf`, and `Always` stands alone.
    """
    translator = _Translator(profile)
    tree = translator.tree(condition)
    return tree, tuple(dict.fromkeys(translator.losses))


def _all(children: Iterator[Tree]) -> Tree:
    kept: list[Tree] = []
    for child in children:
        match child:
            case Always(False):
                return child
            case Always():
                continue
            case AllOf(inner):
                kept.extend(inner)
            case _:
                kept.append(child)
    return kept[0] if len(kept) == 1 else AllOf(tuple(kept)) if kept else Always(True)


def _any(children: Iterator[Tree]) -> Tree:
    kept: list[Tree] = []
    for child in children:
        match child:
            case Always(True):
                return child
            case Always():
                continue
            case AnyOf(inner):
                kept.extend(inner)
            case _:
                kept.append(child)
    return kept[0] if len(kept) == 1 else AnyOf(tuple(kept)) if kept else Always(False)


def _no(child: Tree) -> Tree:
    match child:
        case NoneOf(inner):
            return inner
        case Always(value):
            return Always(not value)
        case _:
            return NoneOf(child)


class _Translator:
    def __init__(self, profile: Profile) -> None:
        self._exact = profile is Profile.EXACT
        self.losses: list[Loss] = []

    def tree(self, condition: Condition) -> Tree:
        match condition:
            case Constant(value):
                return Always(value)
            case Not(child):
                return _no(self.tree(child))
            case And(children):
                return _all(self.tree(child) for child in children)
            case Or(children):
                return _any(self.tree(child) for child in children)
            case Nested(path):
                message = f"Sigma has no condition on one object of `{path}`"
                raise Refused(UNSAYABLE, message, condition.span, help=f"ask for each field of `{path}` by itself")
            case Leaf(test=InOtherFields()):
                raise _unsayable(condition, "it is about thousands of fields", "name the fields that hold the value")
            case Leaf(Field(name, type_), test):
                return self._on_field(condition, name, type_, test)
            case Leaf(Call(function, (Field(name, type_), *rest), insensitive), IsTrue()):
                as_tests = FUNCTIONS[function].as_tests
                constants = tuple(argument.value for argument in rest if isinstance(argument, Literal))
                if as_tests is not None and len(constants) == len(rest):
                    tests = as_tests(constants, insensitive)
                    return _any(self._on_field(condition, name, type_, test) for test in tests)
        raise _unsayable(condition, "Sigma has no functions and no arithmetic", "compare the field itself")

    def _on_field(self, leaf: Leaf, field: str, type_: FieldType, test: Test) -> Tree:
        match test:
            case Equals(str(text), insensitive):
                return self._text(leaf, field, (text,) if text else (), insensitive)
            case Equals(value) if type_ is not FieldType.DATE:
                return ValueItem(field, value)
            case MatchesGlob((Wild.ANY,)) | Exists():
                return self._exists(field)
            case MatchesGlob(parts, insensitive):
                return self._text(leaf, field, parts, insensitive)
            case MatchesRegex(pattern, insensitive):
                return self._regex(leaf, field, pattern, insensitive)
            case Compare(operator, bound) if type_ in _NUMERIC and not isinstance(bound, str):
                return ValueItem(f"{field}|{_COMPARISONS[operator]}", bound)
            case Between(low, high) if type_ in _NUMERIC:
                self._lose("array", leaf)
                return _all(self._on_field(leaf, field, type_, bound) for bound in (low, high))
            case InNetwork(network):
                return ValueItem(f"{field}|cidr", str(ipaddress.ip_network(network, strict=False)))
            case MatchesText(slop=slop) if slop:
                raise _unsayable(leaf, "Sigma knows no loose phrases", "look for the exact phrase, or for its words")
            case MatchesFuzzy():
                raise _unsayable(leaf, "Sigma knows no fuzzy terms", "name the spellings, or use wildcards")
            case MatchesText(tokens, phrase):
                return self._words(leaf, field, tokens, phrase)
            case IsTrue():
                return ValueItem(field, True)
            case Compare() | Between() | Equals():
                raise _unsayable(leaf, "Sigma orders numbers only", "name the values, or use wildcards")
            case MatchesToken():
                raise _unsayable(leaf, "Sigma knows no words of a text", "compare with a keyword field")
        raise _unsayable(leaf, "Sigma has no such test", "name the values, or use wildcards")

    def _text(self, leaf: Leaf, field: str, parts: Parts, insensitive: bool) -> Tree:
        matters = not insensitive and has_case(parts)
        if matters and not self._exact:
            self._lose("case", leaf)
        return TextItem(field, parts, cased=matters and self._exact)

    def _exists(self, field: str) -> Tree:
        return ValueItem(f"{field}|exists", True) if self._exact else NoneOf(ValueItem(field, None))

    def _regex(self, leaf: Leaf, field: str, pattern: str, insensitive: bool) -> Tree:
        globs = as_globs(pattern)
        if globs is not None:
            return _any(self._text(leaf, field, parts, insensitive) for parts in globs)
        written = as_regex(pattern, insensitive=insensitive)
        if written is None:
            raise _unsayable(leaf, "Sigma's regular expressions cannot say this one", "use wildcards")
        text, modified = written
        if "." in text.replace("\\.", ""):
            self._lose("line", leaf)
        return ValueItem(f"{field}|re|i" if modified else f"{field}|re", text)

    def _words(self, leaf: Leaf, field: str, tokens: tuple[str, ...], phrase: bool) -> Tree:
        """A word of an analysed text becomes a part of it, a phrase its words in order with anything between them."""
        self._lose("words", leaf)
        runs = [tokens] if phrase else [(token,) for token in tokens]
        return _any(TextItem(field, (Wild.ANY, *(part for token in run for part in (token, Wild.ANY)))) for run in runs)

    def _lose(self, kind: str, leaf: Leaf) -> None:
        self.losses.append(Loss(kind, leaf.text))


def _unsayable(condition: Condition, reason: str, advice: str) -> Refused:
    text = condition.text if isinstance(condition, Leaf) else "this condition"
    return Refused(UNSAYABLE, f"`{text}` has no Sigma form: {reason}", condition.span, help=advice)
