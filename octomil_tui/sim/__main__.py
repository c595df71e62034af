"""`python -m octomil_tui.sim`: run the embedded control plane on its own."""

import argparse
import sys
from typing import NoReturn

from octomil_tui.sim.options import add_arguments

__all__ = ["main"]


class _Parser(argparse.ArgumentParser):
    """A parser that says in one sentence what is wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message}\n")


def main() -> int:
    """Read the command line and serve."""
    parser = _Parser(
        prog="python -m octomil_tui.sim",
        description="A control plane on loopback with a simulated fleet.",
    )
    add_arguments(parser)
    arguments = parser.parse_args()
    # What cannot be understood is refused before the web framework is loaded.
    from octomil_tui.sim.server import run_from  # noqa: PLC0415

    return run_from(arguments)


if __name__ == "__main__":
    sys.exit(main())
