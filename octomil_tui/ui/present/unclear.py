"""What is said of a rollback that did not begin, or of which nobody knows whether it did (D-80u)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from octomil_tui.domain.beginning import has_no_route
from octomil_tui.domain.choice import Choice, why_no_other_way
from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.order import Way
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.wording import rollout_words
from octomil_tui.ui import format as as_text
from octomil_tui.ui.spans import Line, Token, line

_HEADLINES = {
    Phase.PLANNED: ("   Reading the fleet once more before anything is sent …", Token.MUTED),
    Phase.SENDING: ("   Sent once; waiting for the server's answer …", Token.TEXT),
    Phase.NOT_SENT: ("!! Nothing reached the server: nothing was changed.", Token.NEEDS),
    Phase.REJECTED: ("!! The server refused the rollback: nothing was changed.", Token.NEEDS),
}


def unclear_headline(rollback: Rollback) -> Line:
    """Return the sentence of line 2."""
    if rollback.phase in _HEADLINES:
        return line(_HEADLINES[rollback.phase])
    times = "once" if rollback.tries == 1 else f"{rollback.tries} times with one key"
    if rollback.phase is Phase.NOT_FOUND and rollback.rollout_id is not None:
        return line((f"?? The server no longer lists rollback {clean(rollback.rollout_id)}.", Token.NEEDS))
    if rollback.phase is Phase.NOT_FOUND:
        return line((f"?? NOT STARTED AS FAR AS THE SERVER TELLS. It was sent {times}.", Token.NEEDS))
    if rollback.phase is Phase.ROLLING_BACK:
        return line(("   It began. Reading the devices …", Token.TEXT))
    return line((f"?? The request was sent {times}, no answer came. It was NOT sent again.", Token.NEEDS))


def log_lines(rollback: Rollback) -> list[Line]:
    """Return what was sent, answered and looked up, in order; what repeats itself takes one line."""
    found = []
    for text, entries in groupby(rollback.log, key=lambda entry: entry.text):
        same = list(entries)
        more = f"  ({len(same)} times, last {as_text.clock_utc(same[-1].at)})" if len(same) > 1 else ""
        found.append(line((f"{as_text.clock_utc(same[0].at)}  ", Token.MUTED), text, (more, Token.MUTED)))
    return found


def unclear_lines(rollback: Rollback, rival: Rollout | None, record: str) -> list[Line]:
    """Return what the phase means.

    Args:
        rollback: As far as it is known.
        rival: The rollback that is in its way, if one is known.
        record: Where it is written down on this machine, safe to show; empty where it is not.
    """
    return [*_meaning(rollback, rival), *([(), line(("journal  ", Token.MUTED), record)] if record else [])]


def _meaning(rollback: Rollback, rival: Rollout | None) -> list[Line]:
    match rollback.phase:
        case Phase.UNCONFIRMED:
            return [
                line("Whether it began is read from the server's own records, for up to a minute."),
                line(("If it did, this screen becomes its watch by itself.", Token.MUTED)),
            ]
        case Phase.NOT_FOUND:
            return [
                line("The server's rollouts were read for a minute and show nothing of it."),
                line("It may still have been carried out: the Fleet screen shows what devices run."),
            ]
        case Phase.REJECTED:
            return [line((rollback.sentence, Token.STRONG)), *_refusal(rollback, rival)]
        case Phase.NOT_SENT:
            return [line((rollback.sentence, Token.STRONG))]
        case _:
            return []


def _refusal(rollback: Rollback, rival: Rollout | None) -> list[Line]:
    """Say who is in the way, or that this service has no such route."""
    if rival is not None:
        since = f", since {as_text.short_clock(rival.began_at)}" if rival.began_at is not None else ""
        return [line("In the way: ", (f"{rollout_words(rival)}{since}", Token.STRONG))]
    if why := why_no_other_way(rollback):
        return [line("This server does not know rollbacks of models."), line((why, Token.NEEDS))]
    if has_no_route(rollback):
        return [
            line("This server does not know rollbacks of models, as it seems."),
            line(("Nothing else is sent unless you choose and confirm it.", Token.MUTED)),
        ]
    return []


def choice_lines(found: Sequence[Choice]) -> list[Line]:
    """Return the choices, numbered."""
    return [
        line((f"{number}  ", Token.KEY), (choice.text, Token.TEXT)) for number, choice in enumerate(found, 1)
    ]


def again_line(before: Rollback | None, way: Way, version: str) -> Line:
    """Return what is unusual about what would be sent: the second try of a lost one, or another route."""
    if before is not None and before.key is not None and before.phase is not Phase.NOT_SENT:
        sent = f" {as_text.short_clock(before.sent_at)}" if before.sent_at is not None else ""
        return line(
            (f"Sent{sent}, no answer: goes out again with the same key {before.key[:4]}.", Token.NEEDS)
        )
    if way is Way.ROLLOUT:
        return line(
            (
                f"Sent as a rollout of {version_label(version)} to 100%: this server has no rollback.",
                Token.NEEDS,
            )
        )
    return ()
