"""Bring an index to what is in a folder.

The files found go in; a new snapshot comes out in one step, for which only what is new was read and
embedded.
"""
