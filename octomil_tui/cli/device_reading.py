"""The devices of a command: whole where the fleet is small enough, else page by page, and what that leaves out."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.reading import gaps, optional
from octomil_tui.domain.device_page import DeviceQuery
from octomil_tui.domain.filter_keys import About, device_keys, narrowed, server_query
from octomil_tui.domain.filter_term import Filter, Pattern
from octomil_tui.domain.fleet import Device, DeviceGroup, Model
from octomil_tui.domain.order import Reading
from octomil_tui.domain.text import clean
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.page_rules import KEPT_WHOLE, is_large
from octomil_tui.engine.page_walk import FOUND_MOST, Walk, least_seconds, walk


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    filter: Filter
    group: str | None = None
    """Id or name of the one group; None for the fleet."""
    is_all: bool = False
    """Whether all of a large fleet is to be read, however many requests that takes."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The devices that pass, and what they are among."""

    devices: tuple[Device, ...]
    about: About
    models: tuple[Model, ...]
    total: int
    """Devices of the fleet, or of the group."""
    read: int
    """Devices that were looked at here."""
    is_whole: bool
    """Whether no other device can pass, as far as the service tells."""
    at: float | None


@dataclass(frozen=True, slots=True)
class _Known:
    """The models and groups of the service, as far as it lists them."""

    models: tuple[Model, ...]
    groups: tuple[DeviceGroup, ...]

    @property
    def model_ids(self) -> list[str]:
        return [model.id for model in self.models]

    def named(self, name: str) -> DeviceGroup:
        """Return the group of an id or a name.

        Raises:
            CommandError: There is none.
        """
        found = next((one for one in self.groups if name in (one.id, one.name)), None)
        if found is None:
            known = ", ".join(clean(one.name) for one in self.groups) or "none"
            raise CommandError(Exit.USAGE, f"there is no group {clean(name)}; there are {known}")
        return found

    def of_filter(self, filter_: Filter) -> DeviceGroup | None:
        """Return the one group that a filter names without `!`, `*` and alternatives."""
        for term in filter_.terms:
            value = term.values[0]
            is_word = isinstance(value, Pattern) and len(term.values) == len(value.pieces) == 1
            if term.key == "group" and is_word and not term.negated:
                word = str(value[0][0]).casefold()  # type: ignore[index] # a pattern, as was checked
                fits = [one for one in self.groups if word in (one.id.casefold(), one.name.casefold())]
                return fits[0] if len(fits) == 1 else None
        return None


async def read_devices(client: AsyncOctomilClient, wanted: Wanted, note: Callable[[str], None]) -> Listed:
    """Return the devices that pass.

    Raises:
        CommandError: There is no such group.
        OctomilError: The devices could not be read.
    """
    notes: list[str] = []
    got_models, got_groups = await asyncio.gather(client.models(), client.groups(), return_exceptions=True)
    models, groups = optional(got_models, "models", notes), optional(got_groups, "groups", notes)
    for one in notes:
        note(one)
    known = _Known(models.value if models is not None else (), groups.value if groups is not None else ())
    group = known.named(wanted.group) if wanted.group is not None else None
    if is_large(None, known.groups):
        return await _in_pages(client, wanted, group, known, note)
    found = await client.devices(known.model_ids)
    if wanted.is_all and found.total is not None and found.total > KEPT_WHOLE:
        return await _in_pages(client, wanted, group, known, note)
    return _whole(found, wanted, group, known, note)


def _whole(
    found: Reading[tuple[Device, ...]],
    wanted: Wanted,
    group: DeviceGroup | None,
    known: _Known,
    note: Callable[[str], None],
) -> Listed:
    left_out = gaps(found, "devices")
    for one in left_out:
        note(one)
    placed, _ = assemble(found.value, known.groups, {})
    if group is not None:
        placed = tuple(device for device in placed if group.id in device.groups)
    about = _about(wanted, known, found.server_at)
    total = found.total if found.total is not None and group is None else len(placed)
    passing = tuple(filter(wanted.filter.test(device_keys(about)), placed))
    return Listed(passing, about, known.models, total, len(placed), not left_out, found.server_at)


async def _in_pages(
    client: AsyncOctomilClient,
    wanted: Wanted,
    group: DeviceGroup | None,
    known: _Known,
    note: Callable[[str], None],
) -> Listed:
    asked = server_query(wanted.filter)
    inside = group if group is not None else known.of_filter(wanted.filter)
    base = DeviceQuery(inside.id, inside.name) if inside is not None else DeviceQuery()
    # The ages of a filter count from the first answer, whose clock is not known before it.
    first = await client.device_page(base, known.model_ids, limit=1)
    about = _about(wanted, known, first.server_at)
    keys = device_keys(about)
    counted = sum(one.device_count or 0 for one in known.groups) if group is None else group.device_count
    total = first.total if first.total is not None and inside is group else counted

    def is_heeded(rows: Sequence[Device]) -> bool:
        served = [one.test(keys) for name, one in asked.served.items() if name != "search"]
        in_group = inside is None or all(inside.id in device.groups for device in rows)
        return in_group and all(sum(map(holds, rows)) * 2 >= len(rows) for holds in served)

    def begin(requests: int) -> None:
        if wanted.is_all and requests:
            note(f"reading in {requests + 1:,} requests{_lasting(requests)}")

    async def go(query: DeviceQuery) -> Walk:
        return await walk(
            client,
            query,
            wanted.filter.test(keys),
            model_ids=known.model_ids,
            groups=known.groups,
            is_heeded=is_heeded if query.parameters else lambda _: True,
            most=None if wanted.is_all else KEPT_WHOLE,
            on_begin=begin,
        )

    words = tuple(sorted(asked.parameters.items()))
    query = base.looking_for(*words) if words else base
    found = await go(query)
    if "platform" in asked.parameters and (found.read == 0 or not found.is_heeded):
        # The service may write the word another way, in capitals for one.
        words = tuple(pair for pair in words if pair[0] != "platform")
        query = base.looking_for(*words) if words else base
        found = await go(query)
    if not found.is_heeded:
        query = base
        found = await go(query)
    for sentence in _left_out(found, narrowed_by=query != base):
        note(sentence)
    size = total if total is not None else found.total if found.total is not None else found.read
    return Listed(found.found, about, known.models, size, found.read, found.is_whole, found.server_at)


def _left_out(found: Walk, *, narrowed_by: bool) -> list[str]:
    sentences = []
    if found.unreadable:
        sentences.append(f"{found.unreadable} of the devices could not be understood and were left out")
    if len(found.found) >= FOUND_MOST and not found.is_whole:
        sentences.append(f"it stopped at {len(found.found):,} devices found; narrow it with --filter")
    elif not found.is_whole:
        of = f" of {found.total:,}" if found.total is not None else ""
        which = "devices that the service found" if narrowed_by else "devices"
        rest = (
            f"; --all reads the rest in {found.left:,} requests{_lasting(found.left)}" if found.left else ""
        )
        sentences.append(f"only {found.read:,}{of} {which} were read{rest}")
    return sentences


def _lasting(requests: int) -> str:
    seconds = least_seconds(requests)
    return f", at least {math.ceil(seconds / 60)} min" if seconds else ""


def _about(wanted: Wanted, known: _Known, now: float | None) -> About:
    about = About(
        models={model.id: model.name for model in known.models},
        groups={group.id: group.name for group in known.groups},
        now=now,
        is_of_one=False,
    )
    return narrowed(about, wanted.filter)
