"""What is asked, or shown, on the screens on which something is decided: sentences for their help page."""

from __future__ import annotations

from typing import Final

PREVIEW: Final = (
    "1 of 2, the preview: whom it would touch, and what speaks against it.",
    "It only reads. Enter goes on to the confirmation; esc leaves.",
)
CONFIRMATION: Final = (
    "2 of 2, the confirmation: say why, then type the word that is asked for.",
    "Until it is right, Enter is Cancel. Then Enter sends one request, once.",
    "It is read again before that: if the fleet moved, nothing is sent.",
)
