"""The commands that measure: ``attest eval`` and ``attest calibrate``."""

from qa.cli.invocation import Invocation


def evaluate(invocation: Invocation) -> int:
    """Measure accuracy on questions whose answers are known."""
    from eval.__main__ import main

    return main([*(["--json"] if invocation.args.json else []), *invocation.rest])


def calibrate(invocation: Invocation) -> int:
    """Calibrate the confidence of the configured model."""
    from qa.evaluation.calibrate import main

    return main(invocation.rest)
