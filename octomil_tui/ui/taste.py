"""What a person wants to look at: loads nothing, so that a refusal comes without the screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from octomil_tui.domain.appearance import DEFAULT_THEME

NO_COLOUR: Final = "NO_COLOR"
"""Variable that asks every program for no colours, whatever it is set to; see no-color.org."""


@dataclass(frozen=True, slots=True)
class Taste:
    """What was asked for; what the terminal cannot do is found out where it is drawn on."""

    theme: str = DEFAULT_THEME
    """One of `appearance.THEMES`."""
    is_ascii: bool = False
    is_calm: bool = False


USUAL: Final = Taste()


def is_without_colours(environment: Mapping[str, str]) -> bool:
    """Say whether the environment asks for no colours; an empty value does not."""
    return bool(environment.get(NO_COLOUR))
