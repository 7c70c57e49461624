"""The commands of ``attest``, one file for each group.

A parsed command line and its configuration go in; output on the terminal and an exit status come out.
"""
