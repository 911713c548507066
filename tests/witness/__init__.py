"""What readers that are not ours say of the same texts. Each skips, with a reason, where its witness is absent.

esql_mutants, esql_verdicts, esql_known.toml   mutated queries; the verdicts; where Elastic's package is known to be wrong
lucene_texts, LuceneWitness.java   Lucene query strings; how Lucene's own query parser reads them
lucene_shapes, lucene_known.toml   the structure of a query for comparison; where Elasticsearch differs from that parser
test_esql_package, test_lucene     the comparisons
"""
