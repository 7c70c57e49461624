"""Turn texts into vectors.

Texts go in; unit vectors of the embedding model come out, for documents through sentence-transformers and
for a question through NumPy.
"""
