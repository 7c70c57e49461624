"""Attest against known answers: cases, metrics, runner, report."""
