"""Python's garbage collector during the start: what is loaded then stays, and looking through it is time lost."""

from __future__ import annotations

import gc


def hold() -> None:
    """Collect nothing from here on."""
    gc.disable()


def let_go() -> None:
    """Collect as usual again, but never look through what is there by now."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def clear() -> None:
    """Collect what a console that has ended left behind, before another one begins in this process."""
    gc.unfreeze()
    gc.collect()
