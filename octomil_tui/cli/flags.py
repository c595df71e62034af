"""From the parsed command line to the settings."""

from __future__ import annotations

import argparse
import os

from octomil_tui.settings import Flags, Settings, resolve


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings from the command line and the environment.

    A flag that was not given has no attribute, so that it can stand before and
    after the command without one place undoing the other.

    Raises:
        KeyRefusedError: The key cannot be used.
    """
    flags = Flags(
        base_url=getattr(arguments, "base_url", None),
        org_id=getattr(arguments, "org", None),
        api_key_file=getattr(arguments, "api_key_file", None),
        read_only=getattr(arguments, "read_only", False),
    )
    return resolve(flags, os.environ)
