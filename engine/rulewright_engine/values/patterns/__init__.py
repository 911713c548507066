"""Patterns over text, in bounded time.

characters  sets of characters
glob        matchers for `*` and `?`, and globs as automata
nodes       what a regular expression is made of; lucene: the parser of Lucene's
derivatives regular expressions as states of an automaton, `regex_automaton`
automaton   `Automaton`, the protocol that evaluation and the solver share, and its constructors
"""

from rulewright_engine.values.patterns.automaton import (
    Automaton,
    compile_regex,
    representatives,
)
from rulewright_engine.values.patterns.glob import compile_glob, parse_glob
from rulewright_engine.values.patterns.lucene import RegexError, parse_regex

__all__ = [
    "Automaton",
    "RegexError",
    "compile_glob",
    "compile_regex",
    "parse_glob",
    "parse_regex",
    "representatives",
]
