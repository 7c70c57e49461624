"""A folder of invented documents as people have them, and questions whose answers are known.

Texts and figures of this package go in; files of many formats come out, each time with the same bytes. The
companies, people and places are invented, so that no model knows of them.
"""
