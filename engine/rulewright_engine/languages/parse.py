"""The one way from query text to a `Query`, whatever its language."""

from collections.abc import Callable

from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import Language, Parsed, Query, QueryOptions

__all__ = ["parse_query"]


def parse_query(
    language: Language, text: str, fields: FieldTypes, options: QueryOptions = QueryOptions()
) -> Parsed[Query]:
    """Parse, type and lower `text`, which is EQL, KQL or Lucene. Every problem is a diagnostic."""
    return _READERS[language](text, fields, options)


# One function a language, so that a language is imported when its first query comes


def _read_eql(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed[Query]:
    from rulewright_engine.languages.eql.reader import read

    return read(text, fields, options)


def _read_kql(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed[Query]:
    from rulewright_engine.languages.kql.query import parse_kql

    return Parsed(*parse_kql(text, fields, now=options.now))


def _read_lucene(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed[Query]:
    from rulewright_engine.languages.lucene.query import parse_lucene

    return Parsed(*parse_lucene(text, fields, now=options.now))


_READERS: dict[Language, Callable[[str, FieldTypes, QueryOptions], Parsed[Query]]] = {
    Language.EQL: _read_eql,
    Language.KQL: _read_kql,
    Language.LUCENE: _read_lucene,
}
