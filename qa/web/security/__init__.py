"""Who may use a server, and what no request may do.

Requests go in; those of strangers and of other sites are refused, the rest are let through with safe
headers added.
"""
