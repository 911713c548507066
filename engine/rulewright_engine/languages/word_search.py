"""A text looked for in one field, as Elasticsearch's `match` and `match_phrase` do it.

On analysed text each word of what is looked for is a condition: some of them must hold (`or`), all (`and`), or a
minimum; fuzzy words may be a few edits away. Any other field holds one term, which is compared as a whole.
"""

from collections.abc import Sequence

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    FieldType,
    Leaf,
    MatchesText,
    MatchesToken,
    Test,
)
from rulewright_engine.ir.fields import FieldInfo
from rulewright_engine.ir.search_options import SearchOptions, at_least
from rulewright_engine.languages.index_semantics import NEVER, test_fuzzy, test_value
from rulewright_engine.values import text_analyzer

__all__ = ["search_condition", "words_condition"]


def search_condition(
    text: str, info: FieldInfo, options: SearchOptions, *, phrase: bool, fuzzy: bool, empty_matches: bool, now: int
) -> Condition | None:
    """That some value of the field matches `text`; None where the field cannot hold it.

    `empty_matches`: a text without a word finds every document (`zero_terms_query`).
    """
    field = info.field()
    words = text_analyzer.tokens(text) if info.type is FieldType.TEXT else ()
    if info.type is FieldType.TEXT and not words:
        return Constant(empty_matches)
    if fuzzy and not phrase:
        tests = [test_fuzzy(word, info, options.fuzziness.edits(word), options) for word in words or (text,)]
        sound = [test for test in tests if test is not None]
        leaves = [Leaf(field, test, _label(info, test, text)) for test in sound]
        return words_condition(leaves, options) if leaves else NEVER if options.lenient else None
    test = test_value(text, info.type, phrase=phrase, now=now, slop=options.slop)
    match test:
        case None:
            return NEVER if options.lenient else None
        case Constant():
            return test
        case MatchesText(several, phrase=False) if len(several) > 1 and (options.all_words or options.minimum):
            single = [MatchesText((word,), phrase=True) for word in several]
            return words_condition([Leaf(field, each, _label(info, each, text)) for each in single], options)
        case _:
            return Leaf(field, test, _label(info, test, text))


def words_condition(leaves: Sequence[Condition], options: SearchOptions) -> Condition | None:
    """That as many words hold as are asked for; None where that takes too many combinations.

    A minimum counts optional words. Of a single word it asks nothing; where all words are required none is optional,
    and a minimum is never reached.
    """
    if len(leaves) == 1:
        return leaves[0]
    wanted = 0 if options.minimum is None else options.minimum.of(0 if options.all_words else len(leaves))
    if options.all_words:
        return And((*leaves, NEVER)) if wanted else And(tuple(leaves))
    return at_least(leaves, max(wanted, 1))


def _label(info: FieldInfo, test: Test, text: str) -> str:
    """What a condition is called: what is looked for, as Lucene writes it."""
    match test:
        case MatchesToken(inner) if not isinstance(inner, MatchesText):
            return _label(info, inner, text)
        case MatchesText((word,)):
            return f"{info.name}: {word}"
        case MatchesText(slop=slop) if slop:
            return f'{info.name}: "{text}"~{slop}'
        case _:
            edits = getattr(test, "edits", 0)
            return f"{info.name}: {getattr(test, 'text', text)}" + (f"~{edits}" if edits else "")
