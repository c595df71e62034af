"""How the console may look: the names that a person can choose from, for settings and screens alike."""

from __future__ import annotations

from typing import Final

THEMES: Final = ("default", "contrast", "light", "mono", "ansi")
"""The themes by name; the first is the one without a choice."""

DEFAULT_THEME: Final = THEMES[0]
