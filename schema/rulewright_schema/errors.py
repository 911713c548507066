"""The exceptions of Rulewright. Problems in a rule are never exceptions: they are `Diagnostic` values.

RulewrightError            something the caller can act on; the message is one sentence that says what to do
├── UsageError             an argument, a path or a configuration that cannot be used (exit code 2)
└── LimitExceeded          the input is larger or deeper than Rulewright accepts
"""

__all__ = ["LimitExceeded", "RulewrightError", "UsageError"]


class RulewrightError(Exception):
    """Root of all exceptions that Rulewright raises on purpose."""


class UsageError(RulewrightError):
    """An argument, a path or a configuration that cannot be used; correct it and call again."""


class LimitExceeded(RulewrightError):
    """Input beyond a documented limit (nesting, size, states); simplify it."""
