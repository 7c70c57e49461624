"""The commands, a file for each group of them.

The parser of ``attest`` goes in; it comes out with their arguments, and with what each of them runs.
"""
