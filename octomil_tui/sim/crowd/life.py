"""The lives that a crowd's devices lead: when they sync, and what goes slow or wrong with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from random import Random
from typing import Any

from octomil_tui.sim.device import SYNC_INTERVAL, Install, Served

__all__ = ["SLOTS", "Life", "Lives", "Story", "draw_lives"]

SLOTS = 2048
"""How many lots there are, of which each device draws one: the finest share of a crowd that may be special."""
MINUTE, DAY = 60.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Life:
    """What one kind of device does by itself. Times are epoch seconds."""

    phase: int
    """Its idle contacts are so many seconds after the crowd's sync intervals begin, 0 to 299."""
    rate: float
    """Bytes per second of its downloads."""
    begins_on: str
    """The version of the main model that it runs when the crowd begins."""
    kept: int | None = None
    """How many versions its disk has room for; None is as many as all have."""
    idle_wait: float | None = None
    """Seconds from staged to idle; None switches at once."""
    crash_guard_for: float | None = None
    """Seconds from its first report of `crash_guard_on` until the crash guard undoes that, once."""
    crash_guard_on: str | None = None
    silent_after: str | None = None
    """The version that takes the device down."""
    away_from: float = inf
    """When it leaves the network; before the crowd begins where it was last heard long ago."""
    away_until: float = inf
    """When it comes back."""
    last_heard: float | None = None
    """When it was last heard, where it left before the crowd begins."""
    revoked: bool = False

    @property
    def is_steady(self) -> bool:
        """Whether it is never out of contact, so that it is always online."""
        return self.away_from == inf and self.silent_after is None


@dataclass(frozen=True, slots=True)
class Story:
    """What a scenario says of the lives in its crowd."""

    start_at: float
    """When the scenario starts, epoch seconds."""
    old: str
    """The version that a few still run."""
    good: str
    """The version that all others run when the crowd begins."""
    bad: str
    """The version that takes some devices down."""
    served: Mapping[str, float]
    """Since when a device runs `old` and `good`, epoch seconds."""

    def install(self, model_id: str, life: Life) -> Install:
        """Return the main model on a device when the crowd begins."""
        active = life.begins_on
        history = [Served(self.old, self.served[self.old])]
        if active != self.old:
            history[-1].until = self.served[active]
            history.append(Served(active, self.served[active]))
        return Install(
            model_id,
            active=active,
            desired=active,
            active_since=history[-1].since,
            previous=history[-2].version if len(history) > 1 else None,
            on_disk=[served.version for served in reversed(history)][: life.kept],
            idle_wait=life.idle_wait,
            crash_guard_for=life.crash_guard_for,
            crash_guard_on=life.crash_guard_on,
            silent_after=life.silent_after,
            status_since=history[-1].since,
            history=history,
        )


@dataclass(frozen=True, slots=True)
class Lives:
    """The lives of a crowd, and how they are dealt out."""

    all: tuple[Life, ...]
    dealt: tuple[int, ...]
    """For each of `SLOTS` lots, the number of the life that whoever draws it leads."""


def draw_lives(story: Story, seed: int) -> Lives:
    """Return the lives that a crowd's devices draw from.

    Where nothing goes slow or wrong, a life is its phase, and one for each
    second will do. Few things happen to one device at a time: what is out of
    contact is not also slow, so that a cause can be told from its effect.
    """
    dice = Random(f"{seed}:lives")
    lives = [Life(phase, _rate(dice), story.good) for phase in range(SYNC_INTERVAL)]
    dealt = []
    for _ in range(SLOTS):
        fate, phase = dice.random(), dice.randrange(SYNC_INTERVAL)
        trait = next((trait for limit, trait in TRAITS if fate < limit), None)
        if trait is None:
            dealt.append(phase)
        else:
            dealt.append(len(lives))
            lives.append(replace(Life(phase, _rate(dice), story.good), **trait(story, dice)))
    return Lives(tuple(lives), tuple(dealt))


def _rate(dice: Random) -> float:
    return round(dice.uniform(3.0, 12.0), 1) * 1e6


Trait = Callable[[Story, Random], Mapping[str, Any]]


def _revoked(story: Story, dice: Random) -> Mapping[str, Any]:
    return {"revoked": True, **_gone(story, dice)}


def _gone(story: Story, dice: Random) -> Mapping[str, Any]:
    heard = story.start_at - dice.randrange(1, 15) * DAY - dice.randrange(int(DAY))
    return {"away_from": heard, "last_heard": heard}


def _back_soon(story: Story, dice: Random) -> Mapping[str, Any]:
    heard = story.start_at - dice.randrange(90, 400) * MINUTE
    back = story.start_at + dice.randrange(12, 75) * MINUTE + dice.randrange(60)
    # Half seconds: nobody comes or goes in the same instant as a contact, which is on a whole one.
    return {"away_from": heard, "last_heard": heard, "away_until": back + 0.5}


def _taken_down(story: Story, _dice: Random) -> Mapping[str, Any]:
    return {"silent_after": story.bad}


def _stale(story: Story, dice: Random) -> Mapping[str, Any]:
    left = story.start_at - dice.randrange(11 * 60, 22 * 60)
    return {"away_from": left + 0.5, "away_until": story.start_at + dice.randrange(90, 25 * 60) + 0.5}


def _away_later(story: Story, dice: Random) -> Mapping[str, Any]:
    left = story.start_at + dice.randrange(120, 120 * 60)
    return {"away_from": left + 0.5, "away_until": left + dice.randrange(12 * 60, 40 * 60) + 0.5}


def _bouncing(story: Story, dice: Random) -> Mapping[str, Any]:
    return {"crash_guard_for": float(dice.randrange(130, 560)), "crash_guard_on": story.good}


def _small(_story: Story, _dice: Random) -> Mapping[str, Any]:
    return {"kept": 1}


def _busy(_story: Story, dice: Random) -> Mapping[str, Any]:
    return {"idle_wait": float(dice.randrange(45, 300))}


def _old(story: Story, _dice: Random) -> Mapping[str, Any]:
    return {"begins_on": story.old}


TRAITS: tuple[tuple[float, Trait], ...] = (
    (0.003, _revoked),
    (0.013, _gone),
    (0.018, _back_soon),
    (0.022, _taken_down),
    (0.037, _stale),
    (0.057, _away_later),
    (0.060, _bouncing),
    (0.090, _small),
    (0.130, _busy),
    (0.150, _old),
)
"""What may be special about a device, each with the share of all lives up to which it reaches."""
