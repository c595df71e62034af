"""The vendor's command line, unmodified but for the address that it asks by default.

Its fleet commands read no address from the environment. Run with the interpreter of
an environment that has `octomil`; the address is in OCTOMIL_API_BASE.
"""

from __future__ import annotations

import importlib
import os
import sys

if __name__ == "__main__":
    auth = importlib.import_module("octomil.auth")
    begin = auth.OrgApiKeyAuth.__init__
    begin.__defaults__ = tuple(
        os.environ["OCTOMIL_API_BASE"] if default == auth._DEFAULT_API_BASE else default
        for default in begin.__defaults__
    )
    sys.exit(importlib.import_module("octomil.cli").main())
