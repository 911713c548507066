"""Rules in the form that Kibana's rule import takes: one JSON object a line, and a last line that counts them.

payload.py   `payload_of`: what Kibana calls the fields of a rule file
required.py  the fields that the query names
export.py    `export_rules`, `write_kibana`: the file, through templates/rule.ndjson.j2
"""

from rulewright_generators.exports.kibana.payload import payload_of

__all__ = ["payload_of"]
