"""The one way from query text to a `Query`, whatever its language: each parses its text and lowers what it read."""

from collections.abc import Callable

from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import Language, Parsed, Query, QueryOptions
from rulewright_engine.languages.problems import GiveUp, Problems

__all__ = ["parse_query"]


def parse_query(
    language: Language, text: str, fields: FieldTypes, options: QueryOptions = QueryOptions()
) -> Parsed[Query]:
    """Parse, type and lower `text`, which is EQL, KQL or Lucene. Every problem is a diagnostic."""
    found = Problems()
    try:
        query = _READERS[language](text, fields, options, found)
    except GiveUp:
        query = None
    return Parsed(query, found.in_order())


# One function a language, so that a language is imported when its first query comes


def _read_eql(text: str, fields: FieldTypes, options: QueryOptions, found: Problems) -> Query | None:
    from rulewright_engine.languages.eql.lower import lower
    from rulewright_engine.languages.eql.parser import parse

    return lower(parse(text, found), fields, options, found)


def _read_kql(text: str, fields: FieldTypes, options: QueryOptions, found: Problems) -> Query | None:
    from rulewright_engine.languages.kql.lower import lower
    from rulewright_engine.languages.kql.parser import parse

    node = parse(text, found, native=options.search.native)
    return None if node is None else lower(node, text, fields, options, found)


def _read_lucene(text: str, fields: FieldTypes, options: QueryOptions, found: Problems) -> Query | None:
    from rulewright_engine.languages.lucene.lower import lower
    from rulewright_engine.languages.lucene.parser import parse

    node = parse(text, found, all_words=options.search.all_words)
    return None if node is None else lower(node, text, fields, options, found)


_READERS: dict[Language, Callable[[str, FieldTypes, QueryOptions, Problems], Query | None]] = {
    Language.EQL: _read_eql,
    Language.KQL: _read_kql,
    Language.LUCENE: _read_lucene,
}
