"""A crowd in closed form says what the event-queue fleet says of the same devices, whatever is ordered."""

from collections.abc import Callable
from random import Random

import pytest

from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.scenarios.large_catalog import GROUPS
from octomil_tui.sim.service import RollbackOrder, RolloutOrder
from octomil_tui.sim.world import World
from tests.sim.twin import STARTS, closed_form, picture, step_by_step

WAITS = (0.37, 1.0, 20.0, 45.0, 100.0, 299.9, 300.0, 600.0, 1500.0, 3600.0)
MODELS = ("phi-4-mini", "phi-4-mini", "phi-4-mini", "sentiment-v1", "stock-shelf")


class Twins:
    """Both, moved along together."""

    def __init__(self, seed: int) -> None:
        self.clocks = (ManualClock(STARTS), ManualClock(STARTS))
        self.worlds = (closed_form(seed, self.clocks[0]), step_by_step(seed, self.clocks[1]))
        self.wait(0.0)

    def wait(self, seconds: float) -> None:
        at = self.clocks[0].now() + seconds
        for clock, world in zip(self.clocks, self.worlds, strict=True):
            clock.advance_to(at)
            world.advance()

    def order(self, act: Callable[[World], object]) -> None:
        """Have both do something, and see that the same comes of it."""
        results = []
        for world in self.worlds:
            try:
                results.append(act(world))
            except RefusedError as error:
                results.append(error.code)
            world.advance()
        assert results[0] == results[1]

    def agree(self) -> None:
        first, second = (picture(world) for world in self.worlds)
        differing = {name for name in first if first[name] != second[name]}
        assert not differing
        assert first.keys() == second.keys()


def anything(dice: Random, world: World) -> Callable[[World], object]:
    """Return something that can be ordered now."""
    model = world.catalog.model(dice.choice(MODELS))
    version = dice.choice(model.versions).version
    group = dice.choice([None, *(row.name for row in GROUPS)])
    running = [rollout for rollout in world.ledger.running(model) if rollout.version != "1.0.0"]
    which = str(dice.choice(running).id) if running else "0"
    minutes = dice.choice([None, 5.0])
    # Only versions that nobody runs yet are opened in part: whom a rollout finds on its version is
    # first in its order, and the crowd knows that by strips, not by devices.
    part = dice.choice([20.0, 50.0, 77.0])
    service = type(world.service)
    acts: list[Callable[[World], object]] = [
        lambda w: w.service.rollback(model.name, RollbackOrder(version, group=group))[0].id,
        lambda w: w.service.rollback(model.name, RollbackOrder(version))[0].id,
        lambda w: (
            w.service.create(
                model.name,
                RolloutOrder(model.versions[0].version, part, 100, 20, True, minutes, group),
            ).id
        ),
        lambda w: service.advance(w.service, model.name, which, None).id,
        lambda w: service.pause(w.service, model.name, which).id,
        lambda w: service.resume(w.service, model.name, which).id,
        lambda _: None,
    ]
    return dice.choice(acts)


@pytest.mark.parametrize("seed", [3, 11, 58])
def test_whatever_is_ordered_both_say_the_same(seed: int) -> None:
    twins, dice = Twins(seed), Random(seed)
    for _ in range(6):
        twins.wait(dice.choice(WAITS))
        twins.agree()
        twins.order(anything(dice, twins.worlds[0]))
    twins.wait(600.0)
    twins.agree()


def test_a_device_that_leaves_the_crowd_goes_on_as_it_was() -> None:
    twins = Twins(5)
    crowd = twins.worlds[0].population.crowd
    assert crowd is not None
    lives = crowd.lives
    steady = [place for place in range(crowd.naming.size) if lives[crowd.life(place)].is_steady]
    twins.order(lambda world: world.service.rollback("phi-4-mini", RollbackOrder("1.0.0"))[0].id)
    changes: list[Callable[[World, str], object]] = [
        lambda world, ref: world.enrolment.single(ref).identifier,
        lambda world, ref: world.fleet.silence(world.enrolment.single(ref)),
        lambda world, ref: world.fleet.wake(world.enrolment.single(ref)),
        lambda world, ref: world.fleet.revoke(world.enrolment.single(ref)),
        lambda world, ref: world.enrolment.report(world.enrolment.single(ref), ()),
    ]
    for number, wait in enumerate((30.0, 60.0, 90.0, 120.0, 60.0, 20.0, 300.0, 20.0, 45.0, 10.0)):
        twins.wait(wait)
        reference = crowd.naming.id(steady[number * 7 % len(steady)])
        change = changes[number % len(changes)]
        twins.order(lambda world, ref=reference, act=change: act(world, ref))  # type: ignore[misc]
    twins.agree()
    twins.order(lambda world: world.service.rollback("phi-4-mini", RollbackOrder("0.9.0"))[0].id)
    for wait in (400.0, 3600.0):
        twins.wait(wait)
        twins.agree()
    assert len(twins.worlds[0].fleet.devices) == 10
    assert crowd.count() == crowd.naming.size - 10
