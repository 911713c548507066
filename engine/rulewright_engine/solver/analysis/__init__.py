"""What the solver proves of queries as wholes, for authors and reviewers.

findings   a condition that can never be met, and the parts of one that it may do without
neighbours what stands beside a part, and where
difference what one condition matches and another does not
indices    which index patterns can name the same index, and which name all that others do
"""
