"""Rollbacks that are sent from the form, and what their watch says."""

from __future__ import annotations

import re

from tests.ui.consoles import Hands
from tests.ui.forms import form

_OF = re.compile(r"(\d+) of (\d+) verified\.")
_PART = re.compile(r"(\d+) (?:on the way|waiting|stale|offline|bounced|failed|revoked|gone|unknown)\.")


async def roll_back(hands: Hands, group: int | None = None, word: str = "phi-4-mini") -> None:
    """Roll phi-4-mini back, on the fleet or on the group of this place in the list."""
    if group is not None:
        await hands.press("tab", *["down"] * group)
    await form(hands)
    await hands.confirm(word)
    await hands.see("enter ROLL BACK")
    await hands.press("enter")
    await hands.on("WatchScreen")
    await hands.until(lambda: len(hands.rows) > 1, "its first picture")


def sums(row: str) -> tuple[int, int]:
    """Return what the counts of a sentence add up to, and of how many it speaks."""
    found = _OF.search(row)
    assert found is not None, row
    rest = row[found.end() :]
    return int(found[1]) + sum(map(int, _PART.findall(rest))), int(found[2])
