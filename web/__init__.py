"""Attest in the browser and over HTTP."""
