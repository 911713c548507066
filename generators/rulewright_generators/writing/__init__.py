"""Text that is written into files.

templates      ours or the user's, rendered in a sandbox
escaping       values made safe for Markdown and YAML
placeholders   `{{...}}` of Kibana in the texts of rules
output         files written all at once, inside one folder
"""
