"""`octomil-console` and `python -m octomil_tui`."""

from __future__ import annotations

import sys
from typing import NoReturn

from octomil_tui.cli import process
from octomil_tui.cli.main import main

__all__ = ["run"]


def run() -> NoReturn:
    """Run the command line of this process and exit with its status."""
    process.prepare()
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
