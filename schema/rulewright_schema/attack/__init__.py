"""MITRE ATT&CK Enterprise: tactics and techniques of each version that ships.

attack.py  `attack(version)`: lookups by id and by name, what replaced a revoked technique
data/      one file a version (written by schema/distil.py)
"""

from rulewright_schema.attack.attack import (
    ATTACK_VERSIONS,
    DEFAULT_ATTACK_VERSION,
    Attack,
    TacticEntry,
    TechniqueEntry,
    attack,
)

__all__ = ["ATTACK_VERSIONS", "DEFAULT_ATTACK_VERSION", "Attack", "TacticEntry", "TechniqueEntry", "attack"]
