"""The registries of the checks that need no query, and their decorators."""

from rulewright_schema.checks.context import Collection, RuleContext
from rulewright_schema.checks.registry import Registry

__all__ = ["COLLECTION_CHECKS", "RULE_CHECKS", "check", "collection_check"]

RULE_CHECKS: Registry[RuleContext] = Registry()
COLLECTION_CHECKS: Registry[Collection] = Registry()

check = RULE_CHECKS.check
collection_check = COLLECTION_CHECKS.check
