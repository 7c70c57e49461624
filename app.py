"""Start the chat and the API: ``python app.py`` is ``attest serve``."""

import sys

from qa.cli import parser

if __name__ == "__main__":
    sys.exit(parser.main(["serve", *sys.argv[1:]]))
