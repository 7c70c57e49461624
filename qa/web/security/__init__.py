"""Accounts, tokens and the checks that every request must pass.

Requests go in. Those from strangers and other sites are refused; the others pass, and their responses get
safe headers.
"""
