"""Rulewright manages and proves security detection rules as code."""

__version__ = "0.1.0"
