"""Believable events.

documents, profiles (data/profiles.toml)   JSON documents of decided fields, filled in from ordinary ones
consistency, processes, facts              what the fields of one event say of each other
values, timeline                           other values of the same kind; when events happen
event_writer, event_templates              events of one condition; events that stand together in one case
"""
