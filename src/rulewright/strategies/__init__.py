"""Hypothesis strategies for tests that people write: events on which a rule fires, and events that miss by a little.

    from hypothesis import given
    from rulewright.strategies import matching, near_misses

    @given(matching("rules/netcat.toml"))
    def test_the_pipeline_keeps_what_the_rule_needs(event):
        assert "args" in pipeline(event)["process"]

    @given(near_misses("rules/netcat.toml"))
    def test_the_agent_agrees_that_this_is_harmless(event): ...

For a rule that judges each event by itself (EQL, KQL or Lucene query), an event is one JSON document. For every other
type a list of documents is drawn, which one run of the rule at `REFERENCE_TIME` sees together; for a threat_match rule,
`{"events": [...], "indicators": [...]}`. Whatever is drawn has been judged by evaluation. Needs Hypothesis:
`pip install 'rulewright[hypothesis]'`.

values   values of one field, led by what conditions ask of it
events   events of one condition
lists    lists of events: variations of the rule's cases
"""

try:
    import hypothesis
except ImportError as error:
    raise ImportError("rulewright.strategies needs Hypothesis: pip install 'rulewright[hypothesis]'") from error

from pathlib import Path
from typing import Any

from hypothesis.strategies import SearchStrategy

from rulewright._project.project import Rule, load
from rulewright.strategies.events import Events
from rulewright.strategies.lists import Lists
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import type_of
from rulewright_schema.errors import UsageError

__all__ = ["matching", "near_misses"]


def matching(rule: str | Path | Rule) -> SearchStrategy[Any]:
    """Events on which the rule fires; a document, or a list of documents for a rule that sees several together.

    The drawn events reach all branches of the condition that the solver has an event for; texts vary within their
    wildcards, numbers within their bounds, arrays in what they hold beside, and fields that the rule does not read at
    will. They shrink to a plain event. `rule` is a rule file, or one that was loaded. Raises UsageError for a rule
    that cannot be run, or that no event is known for.
    """
    return _source_of(rule).matching()


def near_misses(rule: str | Path | Rule) -> SearchStrategy[Any]:
    """Events on which the rule does not fire, each of which differs in one condition from an event on which it does.

    Raises UsageError as `matching` does, and where no condition decides by itself.
    """
    return _source_of(rule).near_misses()


def _source_of(rule: str | Path | Rule) -> Events | Lists:
    loaded = rule if isinstance(rule, Rule) else _load(str(rule))
    compiled = loaded.compiled
    if compiled is None:
        raise UsageError(f"`{loaded.file.name}` cannot be run; `rulewright check` says why")
    if isinstance(compiled.query, EventQuery) and type_of(loaded.rule).judges_single_events:
        return Events(loaded, compiled, compiled.query)
    return Lists(loaded, compiled)


def _load(path: str) -> Rule:
    rules = load(path)
    if len(rules) != 1:
        raise UsageError(f"`{path}` holds {len(rules)} rules; name a file")
    return rules[0]


assert hypothesis  # Invariant: what is imported below it needs it
