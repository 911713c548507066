"""The fields that events have, with their Elasticsearch types.

source.py     one list of fields: a data file of ours, or a project's own fields
catalogue.py  all lists in order of precedence: lookup, nearest, matching, with_fields
data/         ECS, Elastic Defend, Beats, and fields that public rules query (written by schema/distil.py)
"""

from rulewright_schema.catalogue.catalogue import Catalogue, default_catalogue
from rulewright_schema.catalogue.source import FIELD_TYPES, FieldEntry

__all__ = ["FIELD_TYPES", "Catalogue", "FieldEntry", "default_catalogue"]
