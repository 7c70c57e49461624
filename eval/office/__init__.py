"""A folder of invented documents as people have them, and questions whose answers are known.

Texts and figures of this package go in; files of every format that Attest reads come out, always with the same
bytes. Companies, people and places are invented, so that no model knows of them.
"""
