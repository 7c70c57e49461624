"""Attest from Python, beside the command line and the web.

Paths and settings go in, or an index that was built before; checked answers, quotes and passages come out.
``import qa`` offers its names.
"""
