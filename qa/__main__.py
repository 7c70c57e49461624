"""``attest``, and ``python -m qa``."""

import gc
import sys

YOUNG = 100_000
"""Objects made before Python looks for cycles among them; 700 by default. While a command starts it makes a
million that all stay, through which the collector goes again and again: a quarter of what importing Gradio
takes."""


def main() -> int:
    """Run one command and return its exit status."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    from qa.cli import parser, terminal

    terminal.use_utf8()
    return parser.main()


if __name__ == "__main__":
    sys.exit(main())
