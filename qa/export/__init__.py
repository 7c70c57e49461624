"""Write answers down, for people and for programs.

Answers go in; plain text, Markdown, JSON, evidence sheets and test cases come out. An evidence sheet goes
in as well, to be checked against the documents.
"""
