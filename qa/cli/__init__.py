"""The command line.

Arguments go in; text or JSON on standard output and an exit status come out.
"""
