"""`python -m octomil_tui.sim`: run the embedded control plane on its own."""

import argparse
import sys

from octomil_tui.sim.options import add_arguments
from octomil_tui.sim.server import run_from

__all__ = ["main"]


def main() -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m octomil_tui.sim",
        description="A control plane on loopback with a simulated fleet of 124 devices.",
    )
    add_arguments(parser)
    return run_from(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
