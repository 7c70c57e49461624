"""Turn texts into vectors.

Texts go in; unit vectors of the embedding model come out, for documents through PyTorch and for a
question through NumPy.
"""
