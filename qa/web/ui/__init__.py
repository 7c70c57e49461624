"""The page: what a reader sees and does.

What a reader does goes in; HTML and changed components come out. Everything that a document, a model or a
browser says is escaped on the way.
"""
