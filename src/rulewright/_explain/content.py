"""What alerts say beside their events, where that depends on these."""

from collections.abc import Iterator, Sequence
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.rules import Alert, AlertContent, CompiledRule, contents, has_content
from rulewright_engine.rules.wording import value_text

__all__ = ["content_lines", "contents_to_json", "said_by"]


def said_by(
    compiled: CompiledRule, alerts: Sequence[Alert], events: Sequence[Event], indicators: Sequence[Event] = ()
) -> tuple[AlertContent, ...]:
    """What each of the alerts says; nothing where all of them say what the rule says."""
    return tuple(contents(compiled, alerts, events, indicators)) if has_content(compiled.rule) else ()


def contents_to_json(said: Sequence[AlertContent]) -> dict[str, Any]:
    """The key `says` of an explanation, if there is something to say."""
    return {"says": [content.to_json() for content in said]} if said else {}


def content_lines(said: Sequence[AlertContent]) -> Iterator[str]:
    """A line or more for each alert, numbered where they are several."""
    for number, content in enumerate(said, 1):
        yield f"alert {number} says" if len(said) > 1 else "the alert says"
        for what, field in content.overrides.items():
            source = f"from {field}" if field else "the rule's"
            yield f"  {what.replace('_', ' ')} {getattr(content, what)} ({source})"
        if content.highlighted:
            yield "  " + "; ".join(f"{name} = {value_text(values)}" for name, values in content.highlighted.items())
        for each in content.enrichments:
            matched, feed = each["matched"], each["feed"].get("name", "an unnamed feed")
            yield f"  {matched['field']} = {value_text([matched['atomic']])} is an indicator of {feed}"
