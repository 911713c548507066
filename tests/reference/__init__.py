"""Deliberately naive evaluators that share no code with the engine, and the tests that compare the two.

naive_documents     mappings and values of documents
naive_eql, naive_kql, naive_lucene      one query over one document; naive_joined: sequences and samples
naive_rules         which alerts a rule raises
query_texts, variations     random queries and documents, small changes of the documents of cases
"""
