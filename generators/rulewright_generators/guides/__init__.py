"""Investigation guides: what a rule detects, how it decides, what proves it, and what to do about an alert.

guide.py      what a page shows, from the rule, its query and its cases
facts.py, words.py, highlight.py   the rule's facts, its conditions in words, its query in colour
evidence.py, rows.py               which cases prove which condition; the tables of cases
index.py      every rule under its tactics
markdown.py   the Markdown of rule authors, made safe
site.py       `write_docs`: renders `templates/` into a folder
"""

from rulewright_generators.guides.guide import Entry

__all__ = ["Entry"]
