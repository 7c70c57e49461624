"""Keep the documents that visitors bring.

Files go in through limits; an index of their own, searched together with the shared one, comes out and goes
with its visitor, or stays for everybody.
"""
