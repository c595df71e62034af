"""Everything one run of the service holds."""

from dataclasses import dataclass

from octomil_tui.sim.catalog import Catalog
from octomil_tui.sim.clock import Clock
from octomil_tui.sim.enrolment import Enrolment
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.fleet import Fleet
from octomil_tui.sim.ledger import Ledger
from octomil_tui.sim.population import Population
from octomil_tui.sim.scenarios import load
from octomil_tui.sim.service import Service

__all__ = ["World"]


@dataclass(frozen=True, slots=True)
class World:
    """One scenario under way."""

    clock: Clock
    catalog: Catalog
    population: Population
    ledger: Ledger
    service: Service
    enrolment: Enrolment
    faults: Faults
    user: str
    members: tuple[str, ...]

    @classmethod
    def begin(cls, scenario: str, *, clock: Clock, seed: int = 0, faults: Faults | None = None) -> "World":
        """Return the named scenario, starting at the clock's present time."""
        start_at = clock.now()
        faults = faults if faults is not None else Faults()
        setting = load(scenario, start_at, seed)
        fleet = Fleet(
            setting.devices,
            size_bytes=setting.catalog.size_bytes,
            switch_for=setting.switch_for,
            kept=setting.kept,
            now=start_at,
        )
        for device in setting.devices:
            if device.id in setting.first_contacts:
                fleet.schedule_contact(device, setting.first_contacts[device.id])
        population = Population(fleet, setting.crowd)
        if setting.crowd is not None:
            setting.crowd.prepare()
        ledger = Ledger(setting.catalog, population, setting.rollouts, setting.next_rollout_id)
        return cls(
            clock=clock,
            catalog=setting.catalog,
            population=population,
            ledger=ledger,
            service=Service(setting.catalog, population, ledger, setting.user),
            enrolment=Enrolment(setting.catalog, population, ledger),
            faults=faults,
            user=setting.user,
            members=setting.members,
        )

    @property
    def fleet(self) -> Fleet:
        """The devices that are played one by one; they tell the time."""
        return self.population.fleet

    def advance(self) -> float:
        """Play everything that is due by now, and return the scenario's time."""
        self.fleet.advance(self.clock.now())
        return self.fleet.now
