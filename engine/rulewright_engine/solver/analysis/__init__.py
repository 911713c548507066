"""What the solver proves of conditions as wholes, for authors and reviewers.

findings         a condition that no event meets, and the parts of one that it may do without
siblings         what stands beside a part of a condition, and where
relation         how what is found now lies to what was found before
difference       what one condition matches and another does not
index_patterns   which index patterns can name the same index, and which name all that others do
"""
