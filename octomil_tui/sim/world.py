"""Everything one run of the service holds."""

from dataclasses import dataclass
from typing import Any

from octomil_tui.sim.alert import AlertRules
from octomil_tui.sim.catalog import Catalog
from octomil_tui.sim.clock import Clock
from octomil_tui.sim.enrolment import Enrolment
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.fleet import Fleet
from octomil_tui.sim.guard import Guard
from octomil_tui.sim.health.monitor import Monitor
from octomil_tui.sim.health.tally import Tally
from octomil_tui.sim.hold import Holds
from octomil_tui.sim.incident import Incidents
from octomil_tui.sim.ledger import Ledger
from octomil_tui.sim.policy import Policy
from octomil_tui.sim.population import Population
from octomil_tui.sim.records import Records
from octomil_tui.sim.scenarios import load
from octomil_tui.sim.scenarios.blueprint import Setting
from octomil_tui.sim.script import Script
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
    monitor: Monitor
    policy: Policy
    guard: Guard
    incidents: Incidents
    alerts: AlertRules
    records: Records
    holds: Holds
    user: str
    members: tuple[str, ...]

    @classmethod
    def begin(cls, scenario: str, *, clock: Clock, seed: int = 0, faults: Faults | None = None) -> "World":
        """Return the named scenario, starting at the clock's present time."""
        start_at = clock.now()
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
        return cls.over(setting, population, clock=clock, seed=seed, faults=faults)

    @classmethod
    def over(
        cls,
        setting: Setting,
        population: Population,
        *,
        clock: Clock,
        seed: int = 0,
        faults: Faults | None = None,
    ) -> "World":
        """Return the world of a scenario whose devices are there already."""
        faults = faults if faults is not None else Faults()
        fleet = population.fleet
        ledger = Ledger(setting.catalog, population, setting.rollouts, setting.next_rollout_id)
        service = Service(setting.catalog, population, ledger, setting.user)
        monitor = Monitor(
            setting.catalog, Tally(population), ledger, setting.behaviours, seed=seed, start_at=fleet.now
        )
        policy, incidents, alerts = Policy(setting.policy), Incidents(setting.incidents), AlertRules()
        guard = Guard(
            catalog=setting.catalog,
            fleet=fleet,
            ledger=ledger,
            monitor=monitor,
            policy=policy,
            service=service,
            incidents=incidents,
            alerts=alerts,
        )
        Script(setting.script, fleet=fleet, ledger=ledger, service=service, faults=faults)
        return cls(
            clock=clock,
            catalog=setting.catalog,
            population=population,
            ledger=ledger,
            service=service,
            monitor=monitor,
            policy=policy,
            guard=guard,
            incidents=incidents,
            alerts=alerts,
            records=Records(setting.catalog, ledger, incidents),
            holds=Holds(setting.catalog, ledger),
            enrolment=Enrolment(setting.catalog, population, ledger),
            faults=faults,
            user=setting.user,
            members=setting.members,
        )

    @property
    def fleet(self) -> Fleet:
        """The devices that are played one by one; they tell the time."""
        return self.population.fleet

    def note(
        self, action: str, resource: tuple[str, str, str | None], by: str | None = None, **metadata: Any
    ) -> None:
        """Write into the audit log what somebody does now; the holder of the run's key, unless it says who."""
        self.records.note(self.fleet.now, by or self.user, action, resource, **metadata)

    def advance(self) -> float:
        """Play everything that is due by now, and return the scenario's time."""
        self.fleet.advance(self.clock.now())
        return self.fleet.now
