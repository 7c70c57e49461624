"""The HTTP API.

JSON goes in. The same JSON as from the command line comes out, or an error, always in the same shape.
"""
