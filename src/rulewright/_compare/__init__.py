"""What a change to rules changes of their meaning.

sources, git   the rules of files, folders and revisions, and which belong together
relation       equal, narrower, wider, or both; and what several parts come to
parts          in what rules can differ; conditions: two conditions, with an event that each alone matches
edits          what was done to a condition, part by part; changes, witnesses: each with an event that shows it
esql_*         the same of ES|QL: conditions and steps as shapes, the edits between them; esql: runs that show them
policy         what the settings allow, warn of or refuse
attributes     keys that change what an analyst sees, and not what a rule finds
rules, runs    two rules as wholes, and runs on which only one of them alerts
stages         the stages of two sequences side by side; overlap: rules that find only what others find
entries        all rules of two sides; text, markdown, machine, wording and run_lines say it
"""

from rulewright._compare.rules import Comparison, compare, compare_rules
from rulewright_engine.solver.analysis.relation import Relation

__all__ = ["Comparison", "Relation", "compare", "compare_rules"]
