"""Write the folder that ``attest eval --dataset office`` asks about: ``python -m eval.office FOLDER``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.office.folder import write_folder
from qa.errors import AttestError


def main(argv: Sequence[str] | None = None) -> int:
    """Write the folder that ``argv`` names."""
    parser = argparse.ArgumentParser(prog="python -m eval.office", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder that is new or empty")
    args = parser.parse_args(argv)
    try:
        names = write_folder(args.folder)
    except AttestError as error:
        print(f"eval.office: {error}", file=sys.stderr)
        return error.exit_status
    print(
        f"{len(names)} files are in {args.folder}; ask about them: attest eval --dataset office {args.folder}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
