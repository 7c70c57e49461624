"""An index in Milvus: the same snapshot, segments and checks as in a folder, in collections.

Segments go in and come out as from a folder. Only what Milvus Lite, Milvus and Zilliz have in common is used;
``docs/milvus.md`` says where they differ.
"""
