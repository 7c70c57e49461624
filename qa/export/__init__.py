"""Write answers down for people and for programs, and check what was written.

Answers go in; plain text, Markdown, JSON, evidence sheets and test cases come out. An evidence sheet also
goes in, to be checked against the documents.
"""
