"""Bring an index up to date with a folder.

The files found go in; a new snapshot comes out, in one step. Only new and changed files are read, and only
new sentences embedded.
"""
