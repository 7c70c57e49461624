"""An index in Milvus, with the same snapshots, segments and checks as one in a folder.

Segments go in and come out as from a folder. Only what Milvus Lite, Milvus and Zilliz have in common is used;
``docs/milvus.md`` says where they differ.
"""
