"""ES|QL: a language of its own beside the others, from text to table.

syntax/      text to a syntax tree
analysis/    the tree to a typed plan
functions/   what functions mean
execution/   the plan to rows: `run(text, events, fields) -> Table`

Why own nodes and not `expression`: there a condition holds if *some* value of a field meets it, and a verdict is true
or false; here a multivalue makes a scalar null, logic is three-valued, and columns are computed. What differs:

|                            | EQL, KQL, Lucene      | ES|QL                                    |
| -------------------------- | --------------------- | ---------------------------------------- |
| several values of a field  | any may match         | null and a warning; MV_* see all         |
| a missing field            | test false, NOT true  | null, and so is its NOT: the row is gone |
| `x IN (1, null)`           | as `x in (1)`         | true or null, never false                |
| types                      | coerced by the field  | checked; texts become dates, addresses   |
| division of whole numbers  | truncated             | truncated; by zero null and a warning    |
| wildcards                  | `*` `?`, no escapes   | `*` `?`, `\\` escapes; case counts        |
"""

from rulewright_engine.esql.analysis.analyze import Analysis, analyze
from rulewright_engine.esql.execution.run import Head, Table, run
from rulewright_engine.esql.syntax.parser import parse

__all__ = ["Analysis", "Head", "Table", "analyze", "parse", "run"]
