"""An index in Milvus: the same state, builds and checks as in a folder, in collections.

Only what Milvus Lite, Milvus and Zilliz have in common is used; ``docs/milvus.md`` has where they differ.
"""
