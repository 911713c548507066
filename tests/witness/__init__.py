"""What readers that are not ours say of the same texts. Each skips, with a reason, where its witness is absent.

esql_mutants, esql_verdicts    mutated queries; what Elastic's package and we say of one
lucene_texts, lucene_shapes    query strings; their structure for Lucene's own query parser and for us
LuceneWitness.java             asks that parser
esql_known, lucene_known       where the witness is right to differ, or wrong: classes with their reasons
test_esql_package, test_lucene   the comparisons
"""
