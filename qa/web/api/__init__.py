"""The HTTP API.

JSON goes in; the JSON that the command line prints comes out, or an error in one shape.
"""
