"""The pinned cases of our rules, run by a real Elasticsearch and Kibana; see README.md.

cluster      the requests, by the standard library alone
mapping      the mapping of an index that holds the events of a case
replay       one case: index, preview, compare, clean up
test_live    all cases of all rules; skips where no cluster is named
test_client  the client against a server that answers as the documentation of the APIs says
"""
