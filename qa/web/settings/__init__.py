"""The page on which the owner of a server changes its settings.

Forms come in; a page goes out, and ``attest.toml`` and the running server change.
"""
