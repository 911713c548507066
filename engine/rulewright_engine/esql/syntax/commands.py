"""Tokens to one command, one method a command."""

import re
from collections.abc import Callable, Iterator

from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import (
    Assignment,
    Column,
    Command,
    Completion,
    Dissect,
    Drop,
    Enrich,
    Eval,
    Expression,
    From,
    Grok,
    InlineStats,
    Keep,
    Limit,
    LookupJoin,
    MvExpand,
    Name,
    Order,
    Parts,
    Pattern,
    Rename,
    Renaming,
    Row,
    Sort,
    Stats,
    Unreadable,
    Unsupported,
    Where,
)
from rulewright_engine.esql.syntax.expressions import ExpressionParser
from rulewright_engine.esql.syntax.operands import ONE_STREAM
from rulewright_engine.esql.syntax.tokens import Token, TokenKind
from rulewright_engine.languages.problems import GiveUp
from rulewright_schema.source import Span

__all__ = ["CommandParser"]

_SEPARATORS = frozenset({(), (":",), ("::",), (":", "::")})
_SOURCE_WORDS = frozenset({"metadata", "with"})
_AS = frozenset({"as"})
_PATTERN_PART = re.compile(r"(?:[A-Za-z*][A-Za-z0-9_*]*+|[_@][A-Za-z0-9_*]++|`(?:[^`]|``)++`)++")


class CommandParser(ExpressionParser):
    """Reads what follows the name of a command. `readers`: the name -> the method."""

    def _from(self, start: Token) -> Command:
        sources = [self._source("an index").text]
        while self.take_symbol(","):
            sources.append(self._source("an index").text)
        metadata: list[Name] = []
        if self.is_symbol("["):
            self.fail("expected `METADATA` without brackets", help="versions before 9.0 took them: remove both")
        if self.take_word("metadata"):
            metadata = self._names()
        if self.token.kind is TokenKind.SOURCE and self.token.text.lower() in self.readers:
            self.reject(problems.missing_pipe(self.token.span, self.token.text))
        return From(tuple(sources), tuple(metadata), Span(start.start, self.end))

    def _source(self, what: str) -> Name:
        if self.is_symbol("("):
            self.reject_nested(problems.unsupported(self.token.span, "a subquery in `FROM`", ONE_STREAM))
        first = self.token
        if first.kind is TokenKind.STRING:
            self.take()
        else:
            self._source_part(what)
            if tuple(self._more_source(what)) not in _SEPARATORS:
                span = Span(first.start, self.end)
                self.fail(
                    "this names no source", span=span, help="write `index` or `cluster:index`, each with `::data`"
                )
        span = Span(first.start, self.end)
        return Name(self.source(span).strip('"'), span)

    def _more_source(self, what: str) -> Iterator[str]:
        while separator := self.take_symbol(":", "::"):
            yield separator.text
            self._source_part(what)

    def _source_part(self, what: str) -> None:
        if self.token.kind is not TokenKind.SOURCE or self.token.text.lower() in _SOURCE_WORDS:
            self.fail(f"expected the name of {what}")
        self.take()

    def _names(self) -> list[Name]:
        names = [self._metadata_name()]
        while self.take_symbol(","):
            names.append(self._metadata_name())
        return names

    def _metadata_name(self) -> Name:
        name = self.column_name(reserved=_SOURCE_WORDS)
        if self.source(name.span) != name.text:
            self.fail("expected the plain name of a metadata column", span=name.span)
        return name

    def _row(self, start: Token) -> Command:
        return Row(self._assignments(), Span(start.start, self.end))

    def _eval(self, start: Token) -> Command:
        return Eval(self._assignments(), Span(start.start, self.end))

    def _where(self, start: Token) -> Command:
        condition = self._where_condition()
        return Where(condition, Span(start.start, self.end))

    def _where_condition(self) -> Expression:
        if self.at_end_of_command:
            self.fail("expected a condition")
        return self.expression()

    def _stats(self, start: Token) -> Command:
        aggregates, by = self._stats_parts()
        return Stats(aggregates, by, Span(start.start, self.end))

    def _inline(self, start: Token) -> Command:
        if start.word == "inline" and not self.take_word("stats"):
            self.fail("expected `STATS` after `INLINE`")
        aggregates, by = self._stats_parts()
        if not aggregates:
            self.fail("expected an aggregate")
        return InlineStats(aggregates, by, Span(start.start, self.end))

    def _stats_parts(self) -> tuple[tuple[Assignment, ...], tuple[Assignment, ...]]:
        aggregates: tuple[Assignment, ...] = ()
        by: tuple[Assignment, ...] = ()
        if self.token.word != "by":
            aggregates = self._assignments(with_filter=True)
        if self.take_word("by"):
            by = self._assignments()
        return aggregates, by

    def _assignments(self, *, with_filter: bool = False) -> tuple[Assignment, ...]:
        """Fields between commas; one that cannot be read is reported and stands as `Unreadable`."""
        assignments: list[Assignment] = []
        while True:
            start, position = self.token, self.position
            try:
                assignments.append(self._assignment(with_filter=with_filter))
                if not self.take_symbol(","):
                    return tuple(assignments)
            except GiveUp:
                self._depth = 0
                more = self.skip_to_separator(position)
                span = Span(start.start, max(start.end, self.end))
                assignments.append(Assignment(self._name_at(start, span), Unreadable(span), named=True))
                if not more:
                    return tuple(assignments)

    def _name_at(self, start: Token, span: Span) -> Name:
        """The name that a field which could not be read defines, as far as it can be told."""
        text = self.source(span)
        name, equals, _ = text.partition("=")
        return (
            Name(name.strip().replace("`", ""), Span(start.start, start.start + len(name.rstrip())))
            if equals
            else Name(text, span)
        )

    def _assignment(self, *, with_filter: bool) -> Assignment:
        start = self.token
        name = self.column_name() if self._names_a_column() else None
        if name is not None:
            self.take()
        expression = self.expression()
        span = Span(start.start, self.end)
        where = self._where_condition() if with_filter and self.take_word("where") else None
        return Assignment(name or Name(self.source(span), span), expression, name is not None, where)

    def _names_a_column(self) -> bool:
        """Whether a name and `=` come next."""
        distance = 0
        while self.ahead(distance).kind in (TokenKind.NAME, TokenKind.QUOTED_NAME):
            after = self.ahead(distance + 1)
            if after.kind is not TokenKind.SYMBOL or after.text != ".":
                return after.kind is TokenKind.SYMBOL and after.text == "="
            distance += 2
        return False

    def _keep(self, start: Token) -> Command:
        return Keep(self._column_patterns(), Span(start.start, self.end))

    def _drop(self, start: Token) -> Command:
        return Drop(self._column_patterns(), Span(start.start, self.end))

    def _column_patterns(self) -> tuple[Pattern, ...]:
        patterns = [self._column_pattern()]
        while self.take_symbol(","):
            patterns.append(self._column_pattern())
        return tuple(patterns)

    def _column_pattern(self) -> Pattern:
        """A name with wildcards."""
        first = self.token
        parts = [self._pattern_part()]
        while self.take_symbol("."):
            parts.append(self._pattern_part())
        span = Span(first.start, max(self.end, first.start))
        written = ["".join(token.text for token in part) for part in parts]
        if not any(parts):
            self.fail("expected the name of a column")
        if not all(parts):
            self.reject(problems.broken_pattern(span, ".".join(written)))
        if not all(map(_PATTERN_PART.fullmatch, written)):
            self.fail(
                "this is no name of a column", span=span, help="put a part that begins with a digit in backquotes"
            )
        text = ".".join("".join(token.value or token.text for token in part) for part in parts)
        return Pattern(text, any(token.text == "*" for part in parts for token in part), span)

    def _pattern_part(self) -> list[Token]:
        """What stands without blanks between two dots."""
        found: list[Token] = []
        while self._continues_pattern() and (not found or self.token.start == self.end):
            found.append(self.take())
        return found

    def _continues_pattern(self) -> bool:
        return self.is_symbol("*") or self.token.kind in (TokenKind.NAME, TokenKind.QUOTED_NAME, TokenKind.INTEGER)

    def _rename(self, start: Token) -> Command:
        renamings = [self._renaming()]
        while self.take_symbol(","):
            renamings.append(self._renaming())
        return Rename(tuple(renamings), Span(start.start, self.end))

    def _renaming(self) -> Renaming:
        first = self.column_name(reserved=_AS)
        if self.take_symbol("="):
            return Renaming(old=self.column_name(reserved=_AS), new=first)
        if not self.take_word("as"):
            self.fail("expected `AS` and the new name")
        return Renaming(old=first, new=self.column_name(reserved=_AS))

    def _sort(self, start: Token) -> Command:
        orders = [self._order()]
        while self.take_symbol(","):
            orders.append(self._order())
        return Sort(tuple(orders), Span(start.start, self.end))

    def _order(self) -> Order:
        expression = self.expression()
        direction = self.take_word("asc", "desc")
        descending = direction is not None and direction.word == "desc"
        nulls_first = descending
        if self.take_word("nulls"):
            end = self.take_word("first", "last")
            if end is None:
                self.fail("expected `FIRST` or `LAST` after `NULLS`")
            nulls_first = end.word == "first"
        return Order(expression, descending, nulls_first)

    def _limit(self, start: Token) -> Command:
        count = self.constant()
        if self.token.word == "by":
            why = "it picks rows of each group in an order that a run may choose"
            self.found.append(problems.unsupported(self.token.span, "`LIMIT ... BY`", why))
            self.skip_nested_to_pipe()
            return Unsupported("limit", Span(start.start, self.end))
        return Limit(count, Span(start.start, self.end))

    def _mv_expand(self, start: Token) -> Command:
        return MvExpand(self.column_name(reserved=frozenset()), Span(start.start, self.end))

    def _grok(self, start: Token) -> Command:
        value = self._unsigned()
        patterns = [self._pattern("GROK")]
        while self.take_symbol(","):
            patterns.append(self._pattern("GROK"))
        return Grok(value, tuple(patterns), Span(start.start, self.end))

    def _unsigned(self) -> Expression:
        """A value without operators; a sign is a part of a number alone."""
        return self.constant() if self.is_symbol("-", "+") else self._cast()

    def _dissect(self, start: Token) -> Command:
        value = self._unsigned()
        pattern = self._pattern("DISSECT")
        separator = ""
        if option := self.take_word("append_separator"):
            self.expect_symbol("=", "after `append_separator`")
            separator = self.expect_string("the separator").value
        elif self.token.kind is TokenKind.NAME and self.ahead().text == "=":
            option = self.token
            self.fail(
                f"unknown option `{option.text}`",
                span=option.span,
                help="the one option of DISSECT is `append_separator`",
            )
        return Dissect(value, pattern, separator, Span(start.start, self.end))

    def _parts(self, start: Token) -> Command:
        prefix = self.column_name()
        self.expect_symbol("=", "after the prefix of the columns")
        return Parts(start.word, prefix, self.expression(), Span(start.start, self.end))

    def _lookup(self, start: Token) -> Command:
        if not self.take_word("join"):
            self.fail("expected `JOIN` after `LOOKUP`")
        index = self._source("a lookup index")
        if not self.take_word("on"):
            self.fail("expected `ON` and the columns that rows agree in")
        first, *more = self._listed_expressions()
        columns = tuple(each for each in (first, *more) if isinstance(each, Column))
        span = Span(start.start, self.end)
        if len(columns) == len(more) + 1:
            return LookupJoin(index, columns, None, span)
        if more:
            self.fail("columns and conditions cannot stand in one list", span=more[0].span, help="write `AND`")
        return LookupJoin(index, (), first, span)

    def _listed_expressions(self) -> list[Expression]:
        found = [self.expression()]
        while self.take_symbol(","):
            found.append(self.expression())
        return found

    def _enrich(self, start: Token) -> Command:
        policy = self._source("an enrich policy")
        on = None
        if self.take_word("on"):
            name = self.column_name()
            on = Column(name.text, name.span)
        fields = None
        if self.take_word("with"):
            fields = [self._enriched()]
            while self.take_symbol(","):
                fields.append(self._enriched())
        return Enrich(policy, on, None if fields is None else tuple(fields), Span(start.start, self.end))

    def _enriched(self) -> Renaming:
        name = self.column_name()
        return Renaming(old=self.column_name() if self.take_symbol("=") else name, new=name)

    def _completion(self, start: Token) -> Command:
        target = self.column_name() if self._names_a_column() else None
        if target is not None:
            self.take()
        prompt = self._unsigned()
        options = None
        if self.take_word("with"):
            if not self.is_symbol("{"):
                self.fail("expected the options of COMPLETION in braces")
            options = self.map_literal()
        return Completion(target or Name("completion", start.span), prompt, options, Span(start.start, self.end))

    readers: dict[str, Callable[["CommandParser", Token], Command]] = {  # noqa: RUF012
        "completion": _completion,
        "dissect": _dissect,
        "drop": _drop,
        "enrich": _enrich,
        "eval": _eval,
        "from": _from,
        "grok": _grok,
        "inline": _inline,
        "inlinestats": _inline,
        "keep": _keep,
        "limit": _limit,
        "lookup": _lookup,
        "mv_expand": _mv_expand,
        "registered_domain": _parts,
        "rename": _rename,
        "row": _row,
        "sort": _sort,
        "stats": _stats,
        "uri_parts": _parts,
        "where": _where,
    }
