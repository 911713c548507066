"""The Sigma form of a rule."""

from rulewright_generators.exports.sigma import Profile
from rulewright_generators.exports.sigma.export import SigmaExport, to_sigma
from rulewright_generators.writing.templates import Templates
from rulewright_schema.rule import Rule
from support.rules import compilation_of

__all__ = ["sigma_of"]

TEMPLATES = Templates()


def sigma_of(rule: Rule, profile: Profile = Profile.PORTABLE) -> SigmaExport:
    return to_sigma(compilation_of(rule), profile=profile, templates=TEMPLATES)
