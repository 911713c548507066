"""The one way from query text to a `Query`, whatever its language."""

from collections.abc import Callable

from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import Language, Parsed, QueryOptions

__all__ = ["parse_query"]


def parse_query(language: Language, text: str, fields: FieldTypes, options: QueryOptions = QueryOptions()) -> Parsed:
    """Parse, type and lower `text`. Never raises for bad input: every problem is a diagnostic.

    An ES|QL query computes rows and is no `Query`; `engine.esql` reads and runs it, and nothing is said of it here.
    """
    reader = _READERS.get(language)
    return Parsed(None, ()) if reader is None else reader(text, fields, options)


# One function a language, so that a language is imported when its first query comes


def _read_eql(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed:
    from rulewright_engine.languages.eql.reader import read

    return read(text, fields, options)


def _read_kql(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed:
    from rulewright_engine.languages.kql.query import parse_kql

    return Parsed(*parse_kql(text, fields, now=options.now))


def _read_lucene(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed:
    from rulewright_engine.languages.lucene.query import parse_lucene

    return Parsed(*parse_lucene(text, fields, now=options.now))


_READERS: dict[Language, Callable[[str, FieldTypes, QueryOptions], Parsed]] = {
    Language.EQL: _read_eql,
    Language.KQL: _read_kql,
    Language.LUCENE: _read_lucene,
}
