"""Random documents, and random query texts that fit `naive_documents.MAPPING`."""

import json
from typing import Any

from hypothesis import strategies as st

Texts = st.SearchStrategy[str]

WORDS = ["a", "A", "ab", "aB", "b", "B.exe", "b.EXE", "xa", "a b", "É", "é", "ab*", "*", "a?", "a\\b"]
MOMENTS = ["2024-01-01T00:00:00.000Z", "2024-01-01T12:30:00.000Z", "2024-01-02T00:00:00.000Z"]
ADDRESSES = ["10.0.0.1", "10.200.0.1", "192.0.2.7", "2001:db8::1", "::1"]
NETWORKS = ["10.0.0.0/8", "10.0.0.1/16", "192.0.2.7/32", "2001:db8::/32", "0.0.0.0/0", "::/0"]
SENTENCES = ["", "a", "A b", "the quick fox", "Quick brown, fox", "fox quick", "b-a 12"]


def evenly(*choices: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One of the choices, each as often as any other, however many choices they are themselves."""
    return st.sampled_from(choices).flatmap(lambda choice: choice)


def one_of(*items: str) -> Texts:
    return st.sampled_from(items)


def joined(*parts: Texts | str) -> Texts:
    """The parts in a row; plain texts stand for themselves."""
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


def listed(item: Texts, separator: str = ", ", most: int = 3) -> Texts:
    return st.lists(item, min_size=1, max_size=most).map(separator.join)


# Documents

_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "k": st.sampled_from([*WORDS, "", "", 5, True]),
    "w": st.sampled_from([*WORDS, ""]),
    "t": st.sampled_from(SENTENCES),
    "n": st.sampled_from([-3, -1, 0, 1, 2, 3, "2", 1.7, "x"]),
    "d": st.sampled_from([0, 0.5, 1.5, -1.0, "2.5"]),
    "b": st.sampled_from([True, False, "true", "false"]),
    "at": st.sampled_from([*MOMENTS, 1704067200000]),
    "ip": st.sampled_from([*ADDRESSES, "::ffff:10.0.0.1", "host"]),
}


def _some(scalar: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return evenly(scalar, scalar, scalar, st.none(), st.lists(st.one_of(scalar, scalar, st.none()), max_size=3))


_INNER = st.fixed_dictionaries({}, optional={"k": _some(_SCALARS["k"]), "n": _some(_SCALARS["n"])})
DOCUMENTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "event": st.sampled_from([{"category": "process"}, {"category": ["file", "process"]}, {}]),
        "k": _some(_SCALARS["k"]),
        "n": _some(_SCALARS["n"]),
        "t": _some(_SCALARS["t"]),
    },
    optional={
        **{name: _some(scalar) for name, scalar in _SCALARS.items() if name not in "knt"},
        "c": _INNER | st.lists(_INNER, max_size=2),
        "c.k": _some(_SCALARS["k"]),
        "p": _INNER | st.lists(_INNER, max_size=3),
    },
)


# EQL


def _quoted(text: str) -> Texts:
    raw = f'"""{text}"""' if '"' not in text else json.dumps(text)
    return one_of(json.dumps(text, ensure_ascii=False), raw)


_WORD = st.sampled_from(WORDS).flatmap(_quoted)
_GLOB = st.sampled_from([*WORDS, "*b*", "a*", "*.exe", "??", "", "B*E"]).flatmap(_quoted)
_REGEX = st.sampled_from(["a.*", "[ab]+", "(a|b)?[.]?.*", "A", r"b\.exe", ".{2}", "[^a]*"]).flatmap(_quoted)
_TEXT_FIELD = one_of("k", "c.k", "w", "?k", "`c`.`k`")
_PART = one_of('"a"', '"b"', '"B"', '"E"', '"."', '""', '"x"')
_SMALL = one_of("0", "1", "2", "3")
_TEXT = st.one_of(
    _TEXT_FIELD,
    _TEXT_FIELD,
    joined("substring(", _TEXT_FIELD, ", ", one_of("0", "1", "-2"), one_of("", ", 1", ", -1", ", null"), ")"),
    joined("concat(", listed(st.one_of(_TEXT_FIELD, _WORD, one_of("n", "b", "1")), most=2), ", c.k)"),
    joined(one_of("string", "String"), "(", one_of("n", "b", "d"), ")"),
    joined(
        one_of("between", "between~"), "(", _TEXT_FIELD, ", ", _PART, ", ", _PART, one_of("", ", true", ", false"), ")"
    ),
)
_ARITHMETIC = one_of(" + ", " - ", "*", " / ", " % ")
_INTEGER = evenly(
    one_of("n", "c.n", "n", "?n", "-n"),
    joined("length(", _TEXT, ")"),
    joined(one_of("indexOf", "indexOf~"), "(", _TEXT, ", ", _PART, one_of("", ", 1", ", -1", ", null"), ")"),
    joined(one_of("n", "c.n"), _ARITHMETIC, one_of("2", "c.n", "0", "3", "-2")),
    joined("n", _ARITHMETIC, "2"),
    joined(one_of("add", "subtract", "multiply", "divide", "modulo"), "(n, ", one_of("2", "c.n", "-3"), ")"),
    one_of("n + 1 * 2", "(n + 1) * 2", "7 - n - 1", "number(k)", 'number("2")'),
)
_NUMBER = st.one_of(_INTEGER, _INTEGER, one_of("d", "d * 2", "n + d", "n / 2.0"))
_ORDER = one_of("==", "!=", "<", "<=", ">", ">=").map(lambda operator: f" {operator} ")
_SAME = one_of(" == ", " != ")
_COMPARISON = evenly(
    joined(_TEXT, _ORDER, st.one_of(_WORD, _PART)),
    joined(_WORD, _ORDER, _TEXT_FIELD),
    joined(_NUMBER, _ORDER, one_of("0", "1", "2", "1.5", "-1")),
    joined(_NUMBER, _ORDER, one_of("0", "-1")),
    joined(_SMALL, _ORDER, one_of("n", "d", "c.n")),
)
_LISTS_EQL = st.one_of(
    joined(_TEXT_FIELD, one_of(" in (", " in~ (", " not in (", " not in~ ("), listed(_WORD), ")"),
    joined(one_of("n", "c.n"), one_of(" in (", " not in ("), listed(_SMALL), ")"),
    joined(_TEXT_FIELD, one_of(" : (", " like (", " like~ ("), listed(_GLOB), ")"),
    joined(_TEXT_FIELD, one_of(" regex (", " regex~ ("), listed(_REGEX, most=2), ")"),
)
_PATTERNS_EQL = st.one_of(
    joined(_TEXT, one_of(" : ", " like ", " like~ "), _GLOB),
    joined(_TEXT_FIELD, one_of(" regex ", " regex~ "), _REGEX),
)
_NULLS_EQL = st.one_of(
    one_of("b", "b == true", "b != true", "b == false", "true", "false", "?u == null", "?u != null"),
    one_of('?u : "a*"', '?u == "a"', '?u != "a"', "?u > 1", "?u", "k == null", "c.k != null"),
    joined(st.one_of(_TEXT, _NUMBER, one_of("b", "at", "ip")), one_of(" == null", " != null")),
    joined(one_of("null == (", "null != ("), _COMPARISON, ")"),
    joined("null == (", _COMPARISON, one_of(" and ", " or "), one_of("b", "not b", "n > 1"), ")"),
)
_TYPED_EQL = st.one_of(
    joined("at", _ORDER, st.sampled_from(MOMENTS).map(json.dumps) | one_of("1704067200000")),
    joined("ip", one_of(" == ", " != "), st.sampled_from(ADDRESSES).map(json.dumps)),
    joined("ip", one_of(" in (", " not in ("), listed(st.sampled_from(ADDRESSES).map(json.dumps)), ")"),
    joined(one_of("cidrMatch", "cidrmatch"), "(ip, ", listed(st.sampled_from(NETWORKS).map(json.dumps)), ")"),
)
_TESTS_EQL = joined(
    one_of("startsWith", "startsWith~", "endsWith", "endswith~", "stringContains", "stringContains~"),
    "(",
    _TEXT,
    ", ",
    evenly(_PART, _TEXT_FIELD),
    ")",
)
_LEAF_EQL = evenly(_COMPARISON, _COMPARISON, _LISTS_EQL, _PATTERNS_EQL, _NULLS_EQL, _TYPED_EQL, _TESTS_EQL)


def _logical(leaf: Texts, conjunction: Texts, disjunction: Texts, negation: str) -> Texts:
    """Conditions that need the precedence of the language as often as parentheses."""
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            joined(inner, conjunction, inner),
            joined(inner, disjunction, inner),
            joined("(", inner, disjunction, inner, ")", conjunction, inner),
            joined(negation, "(", inner, ")"),
            joined(negation, leaf),
        ),
        max_leaves=5,
    )


EQL = joined(
    one_of("any", "any", "process", "file", '"process"', "Process"),
    one_of(" where ", "\nwhere\n  "),
    _logical(_LEAF_EQL, one_of(" and ", "\nand ", " and /* x */ "), one_of(" or ", " or\n"), "not "),
    one_of("", " // end"),
)


# KQL

_ESCAPED_KQL = one_of("a\\*", "a\\:b", "\\(a\\)", "b\\*", "\\*", "a\\\\b")
_PLAIN_KQL = one_of("a", "A", "ab", "aB", "B.exe", "a b", "é", "a?", "xa", "5", "true")
_WILD_KQL = one_of("a*", "*", "*b*", "*.exe", "a*b", "B*E", "a\\**", "* b")
_QUOTED_KQL = st.sampled_from([*WORDS, "5", ""]).map(lambda text: json.dumps(text, ensure_ascii=False))
_FOX = st.one_of(
    one_of("fox", "Quick", "quick fox", "b a", "fo*", "*ow*", "QU*", "*", "12", "nothing"),
    one_of('"quick fox"', '"fox quick"', '"a b"', '"THE quick"', '"fo*"', '"b-a"'),
)
_COLON = one_of(":", " : ", ": ")
_DATE_KQL = st.sampled_from([*MOMENTS, "2024-01-01", "2024-01-02"]).map(json.dumps)
_RANGE = one_of(" < ", "<=", " >", " >= ")


def _kql_list(item: Texts) -> Texts:
    return st.one_of(
        joined("(", listed(item, " or "), ")"),
        joined("(", listed(item, " and ", 2), ")"),
        joined("(", item, " or ", item, " and not ", item, ")"),
        joined("( not ", item, " )"),
    )


def _kql_is(name: Texts | str, item: Texts) -> Texts:
    return joined(name, _COLON, st.one_of(item, item, _kql_list(item)))


_NUMBER_KQL = one_of("0", "1", "2", '"2"', "1.5", "*", "-2", '"0"')
_INTEGER_KQL = one_of("0", "1", "2", '"2"', "*", "-2", '"0"')
_TEXT_KQL = st.one_of(_PLAIN_KQL, _WILD_KQL, _QUOTED_KQL, _ESCAPED_KQL)
_LEAF_KQL = evenly(
    _kql_is(one_of("k", "w", "c.k", '"c.k"'), _TEXT_KQL),
    _kql_is("t", _FOX),
    joined("t", _COLON, one_of('"quick fox"', '"fox quick"', "quick fox", "qu*", "fox")),
    _kql_is(one_of("n", "c.n"), _INTEGER_KQL),
    _kql_is("d", _NUMBER_KQL),
    _kql_is("b", one_of("true", "false", '"true"', "*")),
    _kql_is("ip", st.sampled_from([*ADDRESSES, *NETWORKS]).map(json.dumps) | one_of("10.0.0.1", "10.0.0.0/8", "*")),
    _kql_is("at", _DATE_KQL | one_of("*")),
    _kql_is(one_of("c.*", "*.n"), one_of("1", "2", "*")),
    _kql_is(one_of("k*", "*k"), _PLAIN_KQL),
    joined(one_of("n", "d", "c.n"), _RANGE, one_of("0", "1", "1.5", '"2"')),
    joined(one_of("k", "c.k", "w"), _RANGE, one_of("a", '"a b"', "b")),
    joined("at", _RANGE, _DATE_KQL),
    joined("ip", _RANGE, one_of("10.0.0.1", '"2001:db8::"')),
    joined(
        one_of("p:{ ", "p : {"),
        _logical(
            _kql_is("k", _TEXT_KQL) | _kql_is("n", _INTEGER_KQL) | joined("n", _RANGE, "1"),
            one_of(" and "),
            one_of(" or "),
            "not ",
        ),
        one_of(" }", "}"),
    ),
)
KQL = joined(
    one_of("", " "),
    _logical(_LEAF_KQL, one_of(" and ", " AND\n", "  and "), one_of(" or ", " Or "), "not "),
    one_of("", " \n"),
) | one_of("*:*", "")


# Lucene

_PLAIN_LUCENE = one_of("a", "A", "ab", "B.exe", "a\\ b", "é", "a\\?", "xa", "5", "b\\*", "a\\:b", "a\\\\b", "true")
_WILD_LUCENE = one_of("a*", "*", "*b*", "*.exe", "a?", "?", "B*E", "a\\**", "a*b")
_REGEX_LUCENE = one_of("/a.*/", "/[ab]+/", "/(a|b)?[.]?.*/", "/b\\.exe/", "/.{2}/", "/a\\\\b/")
_TEXT_LUCENE = st.one_of(_PLAIN_LUCENE, _WILD_LUCENE, _QUOTED_KQL, _REGEX_LUCENE)
_FOX_LUCENE = one_of("fox", "Quick", "fo*", "*ow*", "QU?ck", "*", "12", '"quick fox"', '"a b"', "/qu.*/", "/[a-f]o./")
_ADDRESS_LUCENE = st.sampled_from([*ADDRESSES, *NETWORKS]).map(json.dumps) | one_of("10.0.0.1", "10.0.0.0\\/8", "*")
_DATE_LUCENE = st.sampled_from([*MOMENTS, "2024-01-01", "2024-01-02"]).map(json.dumps) | one_of("2024\\-01\\-01")


def _lucene_is(name: Texts | str, item: Texts) -> Texts:
    group = st.one_of(
        joined("(", listed(item, " OR "), ")"),
        joined("(", listed(item, " AND ", 2), ")"),
        joined("(", item, " AND NOT ", item, ")"),
        joined("(", item, one_of(" -", " OR NOT ", " +"), item, ")"),
    )
    return joined(name, ":", st.one_of(item, item, group), one_of("", "", "^2"))


def _lucene_range(name: Texts | str, bound: Texts, quoted: Texts) -> Texts:
    """Only between brackets may a bound be quoted."""
    end = st.one_of(bound, quoted, one_of("*"))
    return joined(
        name,
        ":",
        st.one_of(
            joined(one_of("[", "{"), end, " TO ", end, one_of("]", "}")),
            joined(one_of("<", "<=", ">", ">="), bound),
        ),
    )


_LEAF_LUCENE = evenly(
    _lucene_is(one_of("k", "w", "c.k"), _TEXT_LUCENE),
    _lucene_is("t", _FOX_LUCENE),
    joined("t:", one_of('"quick fox"', '"fox quick"', "(quick fox)", "qu*", "fox")),
    _lucene_is(one_of("n", "c.n"), one_of("0", "1", "2", '"2"', "*", "\\-2", '"-2"')),
    _lucene_is("d", one_of("0", "1.5", '"0.5"', "*")),
    _lucene_is("b", one_of("true", "false", '"true"', "*")),
    _lucene_is("ip", _ADDRESS_LUCENE),
    _lucene_is("at", _DATE_LUCENE | one_of("*")),
    _lucene_is("c.\\*", one_of("1", "2", "*")),
    joined("_exists_:", one_of("k", "c.k", "n", "t", "b", "at", "ip")),
    _lucene_range(one_of("n", "d", "c.n"), one_of("0", "1", "2"), one_of('"1"')),
    _lucene_range(one_of("k", "c.k", "w"), one_of("a", "b"), one_of('"a b"', '"B"')),
    _lucene_range("at", one_of("2024-01-01", "2024-01-01T12\\:30\\:00.000Z"), st.sampled_from(MOMENTS).map(json.dumps)),
    _lucene_range("ip", one_of("10.0.0.1", "192.0.2.0", "2001\\:db8\\:\\:"), one_of('"2001:db8::"')),
)
_SIGNED = one_of(" AND NOT ", " OR NOT ", " NOT ", " -", " +", " AND -", " !")


def _lucene_rows(inner: Texts) -> Texts:
    """Rows of clauses; at most one sign stands before a clause."""
    group = joined("(", inner, ")")
    return st.one_of(
        joined(inner, one_of(" AND ", " && ", " OR ", " || "), group | _LEAF_LUCENE),
        joined(inner, _SIGNED, group | _LEAF_LUCENE),
        joined(group, one_of(" AND ", " OR ", " "), inner),
        joined(one_of("NOT ", "-", "+", "!"), group | _LEAF_LUCENE),
    )


LUCENE = st.recursive(_LEAF_LUCENE, _lucene_rows, max_leaves=5) | one_of("*", "*:*", "")
