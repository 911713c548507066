"""Text that is written into files.

templates      ours or the user's, and what is wrong with one
sandbox        where templates run: escaping, and bounds on steps and length
blocks         the blocks of templates, and the sections of a page
escaping       values made safe for Markdown and YAML
placeholders   `$osquery_0` in the notes of rules
output         files written all at once, inside one folder
locks          runs that write at the same time, and what killed ones leave
"""
