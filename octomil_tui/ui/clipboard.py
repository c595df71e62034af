"""What goes to the clipboard of the person's own terminal, also over ssh, by the sequence OSC 52.

The plain form is sent inside tmux as well: tmux passes it on where its
`set-clipboard` is on, and what is wrapped for other terminals would show as
rubbish in some of them.
"""

from __future__ import annotations

from collections.abc import Sequence

MOST = 74_994
"""Bytes that go in one sequence: terminals take 100,000 with the frame, and base64 makes four of three."""


def fitted(lines: Sequence[str]) -> tuple[str, int]:
    """Return as many whole lines as one sequence takes, as one text, and how many these are."""
    size, count = 0, 0
    for line in lines:
        size += len(line.encode()) + (count > 0)
        if size > MOST:
            break
        count += 1
    return "\n".join(lines[:count]), count
