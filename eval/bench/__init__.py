"""``python -m eval.bench``: how fast Attest indexes and retrieves, and what that takes in memory."""
