"""What the page of one rollout says: what it is, how far it is, and what it has been through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from octomil_tui.domain.action import percent
from octomil_tui.domain.fleet import FleetSnapshot, Rollout
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import dim, muted, progress, state_word
from octomil_tui.ui.spans import Line, Token, fit, line, width, wrap
from octomil_tui.ui.theme import Glyphs

LABEL = 11
"""Cells of the word before a fact."""
_WHEN, _AGO, _STATUS, _SHARE, _BY = 11, 7, 25, 14, 9
_WHY_AT = _WHEN + _AGO
"""Cells before a reason that stands on a line of its own."""
_BAR, _WIDE_BAR = 24, 48


def rollout_sentence(rollout: Rollout, name: str, facts: ModelFacts | None) -> Line:
    """Return what it does, or did, and how far it is.

    Args:
        rollout: As it was read last.
        name: The model's name, safe to show.
        facts: What is known of the model; None where nothing is.
    """
    what = "Rollback" if rollout.is_rollback else "Rollout"
    about = f"{what} {clean(rollout.id)} of {name} to {version_label(rollout.version)}"
    share = f" at {percent(rollout.share)}" if rollout.share is not None else ""
    if not rollout.state.is_running:
        return line(f"   {about}: {state_word(rollout)}{share}.")
    on = facts.by_version.get(rollout.version) if facts is not None and facts.by_version else None
    told = f" On {on:,} of {facts.of:,}." if on is not None and facts is not None else ""
    return line((f"~~ {about}, {state_word(rollout)}{share}.", Token.NOTICE), told)


def fact_lines(
    rollout: Rollout, snapshot: FleetSnapshot, now: float | None, glyphs: Glyphs, *, wide: bool
) -> list[Line]:
    """Return what is known of it, a line for each thing; what nobody tells has no line."""
    kind = rollout.kind or "?"
    came = f"{version_label(rollout.from_version)} " if rollout.from_version is not None else ""
    scope = "the whole fleet"
    if rollout.group is not None:
        named = next((group.name for group in snapshot.groups or () if group.id == rollout.group), None)
        scope = f"only {clean(named or rollout.group)}"
    way = f"{came}{glyphs.arrow} " if came else "to "
    rows = [
        _fact(
            "what",
            line(
                f"{kind}, ",
                (f"{way}{version_label(rollout.version)}", Token.STRONG),
                f", {scope}",
            ),
        ),
        _fact("progress", progress(rollout, _WIDE_BAR if wide else _BAR, glyphs)),
        _fact("by", line(rollout.by or "not told")),
    ]
    if rollout.reason:
        rows.append(_fact("reason", line(rollout.reason)))
    if rollout.trigger is not None:
        fired = line((rollout.trigger.breach.sentence, Token.NOTICE))
        rows.append(_fact("what fired", fired))
    devices = _devices(rollout)
    if devices:
        rows.append(_fact("devices", line(devices)))
    rows += [_fact(what, _moment(at, now)) for what, at in _moments(rollout) if at is not None]
    if rollout.cancelled_by:
        rows.append(_fact("ended by", line(clean(rollout.cancelled_by))))
    return rows


def _fact(label: str, value: Line) -> Line:
    return line(fit(muted(label), LABEL), value)


def _devices(rollout: Rollout) -> str:
    told = []
    if rollout.on_version is not None:
        told.append(f"{rollout.on_version:,} report {version_label(rollout.version)}")
    if rollout.affected is not None:
        told.append(f"{rollout.affected:,} affected")
    return ", ".join(told) + " (the service's counts)" if told else ""


def _moments(rollout: Rollout) -> tuple[tuple[str, float | None], ...]:
    return (
        ("began", rollout.began_at),
        ("next step", rollout.next_step_at if rollout.state.is_running else None),
        ("completed", rollout.completed_at),
        ("cancelled", rollout.cancelled_at),
    )


def _moment(at: float, now: float | None) -> Line:
    if now is None:
        return line(as_text.clock_utc(at))
    ago = f", {as_text.age(now - at)} ago" if at <= now else f", in {as_text.age(at - now)}"
    day = as_text.day(at, now)
    said = as_text.clock_utc(at) if day.startswith("today") else f"{day} {as_text.clock_utc(at)}"
    return line(said, (ago, Token.MUTED))


def history_lines(
    changes: Sequence[StatusChange], now: float | None, cells: int, glyphs: Glyphs
) -> list[Line]:
    """Return what a rollout has been through, the newest first: when, from what to what, how far, by whom and why.

    Args:
        changes: The newest first.
        now: The service's clock.
        cells: Cells of a line; a reason that has no room beside the rest goes below it.
        glyphs: The characters to draw with.
    """
    if not changes:
        return []
    head = _columns("UTC", "AGO", f"FROM {glyphs.arrow} TO", "SHARE", "BY")
    is_told = any(_why(one) for one in changes)
    rows = [line(*(muted(text) for text in (*head, "WHY" if is_told else "")))]
    for one, before in zip_longest(changes, changes[1:]):
        row = line(
            fit(line(_when(one.at, now)), _WHEN),
            fit(
                muted(as_text.brief_age(now - one.at) if now is not None and one.at is not None else ""), _AGO
            ),
            fit(_from_to(one, before, glyphs), _STATUS),
            fit(_share(one, before, glyphs), _SHARE),
            fit(line(one.by) if one.by else dim(), _BY),
        )
        why = line((_why(one), Token.NOTICE if one.trigger is not None else Token.TEXT))
        if not _why(one) or width(row) + width(why) <= cells or not cells:
            rows.append(line(*row, *why))
            continue
        below = wrap([why], cells - _WHY_AT, indent=0)
        rows += [row, *(line(" " * _WHY_AT, piece) for piece in below)]
    return rows


def _columns(*heads: str) -> tuple[str, ...]:
    return tuple(
        f"{head:<{cells}}" for head, cells in zip(heads, (_WHEN, _AGO, _STATUS, _SHARE, _BY), strict=True)
    )


def _when(at: float | None, now: float | None) -> str:
    if at is None:
        return as_text.UNKNOWN
    day = as_text.day(at, now) if now is not None else "today"
    return as_text.clock_utc(at) if day.startswith("today") else day


def _from_to(one: StatusChange, before: StatusChange | None, glyphs: Glyphs) -> Line:
    word = one.word.replace("_", " ")
    if before is None or before.word == one.word:
        return line((word, Token.STRONG))
    return line((f"{before.word.replace('_', ' ')} {glyphs.arrow} ", Token.MUTED), (word, Token.STRONG))


def _share(one: StatusChange, before: StatusChange | None, glyphs: Glyphs) -> Line:
    if one.share is None:
        return dim()
    if before is None or before.share is None or before.share == one.share:
        return line(percent(one.share))
    return line((f"{percent(before.share)} {glyphs.arrow} ", Token.MUTED), percent(one.share))


def _why(change: StatusChange) -> str:
    if change.reason:
        return change.reason
    return change.trigger.breach.sentence if change.trigger is not None else ""
