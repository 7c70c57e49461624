"""The places where an index is kept.

Immutable segments and the snapshot that names the current ones go in, and come out verified: in a folder
(:mod:`~qa.index.stores.local`) or in Milvus (:mod:`~qa.index.stores.milvus`).
"""
