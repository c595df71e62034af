"""The count of a fleet too large to be read whole: which page is next, and what one that was read tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from octomil_tui.api.errors import NotFoundError
from octomil_tui.domain.census import WHOLE_UP_TO, Census, Page, Stretch, route, take
from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.order import Reading
from octomil_tui.domain.rollback import Rollback
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.source import FleetSource
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import COUNT, DEVICES, Kind, Topic

ROWS = 1000
"""Devices that are asked for at once."""


def is_counted(state: ConsoleState) -> bool:
    """Say whether the fleet is counted page by page: it is too large to be read whole, and its groups are known."""
    snapshot = state.snapshot
    is_large = snapshot.uncounted > 0 and (snapshot.device_total or 0) > WHOLE_UP_TO
    return is_large and snapshot.groups is not None


def devices_topic(state: ConsoleState, group_id: str | None = None) -> Topic:
    """Return what tells how the devices are, of the fleet or of a group whose rollback is watched: the read that is made of them."""
    if not is_counted(state):
        return DEVICES
    alone = Topic(Kind.SCOPE, group_id) if group_id is not None else COUNT
    return alone if alone in state.reads or group_id is None else COUNT


def planned_census(state: ConsoleState) -> Census:
    """Return the census with the page that is next; between two sweeps its route is laid anew."""
    census, snapshot = state.census, state.snapshot
    if not census.is_between:
        return census
    if census.is_by_list:
        return replace(census, route=(Stretch(None, 0),))
    sizes = [(group.id, group.device_count or 0) for group in snapshot.groups or ()]
    return replace(census, route=route(sizes, _affected(state), snapshot.device_total or 0))


def _affected(state: ConsoleState) -> list[str]:
    """Return the groups in which something is under way, those that are watched first."""
    watches = [r.watch for r in state.rollbacks.values() if r.watch is not None and r.phase.is_watched]
    watched = [watch.group_id for watch in watches if watch.group_id is not None]
    named = [rollout.group for rollout in state.active or () if rollout.group is not None]
    found = [state.snapshot.group(name) for name in named]
    return [*watched, *(group.id for group in found if group is not None)]


async def next_page(
    source: FleetSource, state: Callable[[], ConsoleState], model_ids: Sequence[str]
) -> Reading[Page]:
    """Read the page that the census asks for: one request.

    Raises:
        OctomilError: The read failed.
    """
    now = state()
    stretch = planned_census(now).next
    stretch = stretch if stretch is not None else Stretch(None, 0)
    group = now.snapshot.group(stretch.group_id) if stretch.group_id is not None else None
    query = DeviceQuery(stretch.group_id, group.name if group is not None else None)
    try:
        reading = await source.device_page(
            query, model_ids, offset=stretch.offset, limit=ROWS, cursor=stretch.cursor
        )
    except NotFoundError:
        if stretch.group_id is None:
            raise
        return Reading(Page(stretch, (), 0, has_more=False, is_listed=False), now.server_at)
    page = reading.value
    most = group.device_count if group is not None else None
    most = most if most is not None else now.snapshot.device_total or 0
    read = Page(stretch, page.devices, page.count, _has_more(page, stretch, most), page.next_cursor)
    return Reading(read, reading.server_at, reading.unreadable, reading.total)


def _has_more(page: DevicePage, stretch: Stretch, most: int) -> bool:
    """Say whether rows come after this page; a service that heeds no offset must not be asked for ever."""
    if page.next_cursor is not None:
        return True
    return page.has_more is not False and stretch.offset + page.count < max(page.total or 0, most)


def counted(state: ConsoleState, page: Page) -> tuple[ConsoleState, Page, float | None]:
    """Return the state after a page, that page with the ids of groups, and since when all was seen where it ended a sweep.

    That a device is gone is believed when two sweeps did not show it: between
    two pages of one sweep a device can move from the one to the other.
    """
    stretch = page.stretch
    members = (
        {stretch.group_id: frozenset(d.id for d in page.devices)} if stretch.group_id is not None else {}
    )
    placed, _ = assemble(page.devices, state.raw_groups or (), members)
    page = replace(page, devices=placed)
    before = planned_census(state)
    at = state.server_at if state.server_at is not None else 0.0
    after = take(before, page, at)
    is_end = after.last is not before.last
    since = before.last.began_at if is_end and before.last is not None else None
    return replace(state, census=after), page, since


def is_of_fleet(rollback: Rollback) -> bool:
    """Say whether every page of the count is a look at the devices of a rollback: one of the whole fleet."""
    return rollback.watch is not None and rollback.watch.group_id is None and rollback.phase.is_watched
