"""Keep passages with their words and vectors, and search them.

Documents and their finished vectors go in; candidates for a question come out. :mod:`qa.index.stores` holds
the bytes, :mod:`qa.index.update` brings an index up to date with a folder.
"""
