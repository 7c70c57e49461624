"""The page that visitors see.

Their clicks and questions go in. HTML and new values of components come out, with everything escaped that
comes from a document, a model or a browser.
"""
