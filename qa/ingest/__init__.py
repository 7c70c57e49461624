"""Read files into documents and cut documents into passages.

A folder or a file goes in; ``Document`` values with normalised text, their ``Passage`` values, and the
reasons why some files could not be read come out. :mod:`qa.index` makes an index of them.
"""
