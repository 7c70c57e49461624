"""The changes in a folder, as text.

Two states of an index go in. The documents that came, went and changed come out, with the sentences that
changed: first those with another number, date, name or negation.
"""
