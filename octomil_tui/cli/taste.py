"""How the person at this terminal wants it to look, from all that was said about it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from octomil_tui.settings import Settings
from octomil_tui.ui.taste import Taste, is_without_colours

_FLAG = "--theme"


def taste_of(settings: Settings, environment: Mapping[str, str] = os.environ) -> Taste:
    """Return the taste that the settings and `NO_COLOR` add up to.

    `NO_COLOR` goes before a theme of a variable or a profile, since it is said
    of all programs on purpose; only a theme on the command line goes before it.
    """
    theme = settings.theme
    no_colours = is_without_colours(environment) and theme.origin != _FLAG
    return Taste("mono" if no_colours else theme.value, settings.ascii.value, settings.calm.value)
