"""Run the command line: ``attest``, or ``python -m qa``."""

import gc
import sys

YOUNG = 100_000
"""New objects before Python's garbage collector runs; its default is 700. A command that starts creates a
million objects that all stay. To look for garbage among them again and again takes a quarter of the time of
importing Gradio."""


def main() -> int:
    """Run one command and return its exit status."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    from qa.cli import parser, terminal

    terminal.use_utf8()
    return parser.main()


if __name__ == "__main__":
    sys.exit(main())
