"""Devices that are real clients: they register, sync and report over the wire."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from octomil_tui.sim.catalog import Catalog, Model
from octomil_tui.sim.device import Device, Install
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.ledger import Ledger
from octomil_tui.sim.population import Population

__all__ = ["Enrolment", "Registration", "Report", "reports_from"]

DEFAULT_MODEL = "phi-4-mini"
"""What a device gets that names no model."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a device says of itself when it registers."""

    identifier: str
    platform: str
    hardware: str
    sdk_version: str
    groups: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a device says of one model on it."""

    model: str
    """The model's id or name, as the device calls it."""
    active_version: str | None = None
    on_disk: str | None = None
    status: str | None = None


class Enrolment:
    """Takes real clients into the fleet and tells them what to run.

    Args:
        catalog: The models and groups they may name.
        population: The devices they join.
        ledger: The rollouts that say what they are to run.
    """

    def __init__(self, catalog: Catalog, population: Population, ledger: Ledger) -> None:
        self._catalog = catalog
        self._population = population
        self._fleet = population.fleet
        self._ledger = ledger
        self._called: dict[tuple[str, str], str] = {}

    def device(self, reference: str) -> Device:
        """Return the device with this id or identifier, as it is now; not to be changed.

        Raises:
            RefusedError: 404, there is no such device.
        """
        device = self._population.find(reference)
        if device is None:
            raise RefusedError(404, "device_not_found", f"There is no device {reference}.")
        return device

    def single(self, reference: str) -> Device:
        """Return the device with this id or identifier, which may be changed.

        Raises:
            RefusedError: 404, there is no such device.
        """
        return self._population.single_out(self.device(reference), self._ledger.rollouts.values())

    def register(self, registration: Registration) -> Device:
        """Take a device into the fleet; one that is known already stays as it is.

        Raises:
            RefusedError: 404 for an unknown group or model.
        """
        known = self._population.find(registration.identifier)
        if known is not None and known.identifier == registration.identifier:
            return known
        groups = tuple(self._catalog.group(group).name for group in registration.groups)
        models = [(self._catalog.model(name), name) for name in registration.models or (DEFAULT_MODEL,)]
        device = Device(
            id="dev_" + hashlib.sha256(registration.identifier.encode()).hexdigest()[:12],
            identifier=registration.identifier,
            platform=registration.platform,
            hardware=registration.hardware,
            sdk_version=registration.sdk_version,
            groups=groups,
            last_contact=self._fleet.now,
            installs={},
            simulated=False,
        )
        for model, name in models:
            self._assign(device, model, name)
        self._fleet.add(device)
        return device

    def report(self, device: Device, reports: Iterable[Report]) -> None:
        """Take a contact of the device and what it says into account.

        A simulated device only counts as heard: what it runs is played by the fleet.

        Raises:
            RefusedError: 403, the device is revoked.
        """
        if device.revoked:
            raise RefusedError(403, "device_revoked", f"Device {device.identifier} is revoked.")
        now = self._fleet.now
        if not device.simulated:
            for report in reports:
                self._note(device, report, now)
        self._fleet.contact(device, now, asks=False)

    def wanted(self, device: Device) -> list[dict[str, object]]:
        """Return what the device is to run, in the words of the vendor's SDK."""
        return [
            {
                "modelId": self._called.get((device.id, install.model_id), install.model_id),
                "modelName": self._catalog.models[install.model_id].name,
                "desiredVersion": install.desired,
                "currentVersion": install.active,
                "activationPolicy": "immediate" if install.idle_wait is None else "when_idle",
                "rolloutId": self._rollout_id(device, install),
            }
            for install in device.installs.values()
        ]

    def _rollout_id(self, device: Device, install: Install) -> str | None:
        model = self._catalog.models[install.model_id]
        leading = (r for r in self._ledger.running(model) if device.id in r.tracked)
        return next((str(rollout.id) for rollout in leading), None)

    def _assign(self, device: Device, model: Model, called: str) -> Install:
        install = Install(
            model.id,
            active=None,
            desired=self._ledger.wanted_by_default(model, device.groups),
            status_since=self._fleet.now,
            status_word="assigned",
        )
        device.installs[model.id] = install
        self._called[device.id, model.id] = called
        return install

    def _note(self, device: Device, report: Report, now: float) -> None:
        try:
            model = self._catalog.model(report.model)
        except RefusedError:
            # A device may carry models that this service has never heard of.
            return
        install = device.installs.get(model.id) or self._assign(device, model, report.model)
        self._called[device.id, model.id] = report.model
        install.reported_at = now
        version = report.active_version
        if version is not None and version != install.active:
            install.run(version, now)
            install.status_since = now
        if report.status is not None or version is not None:
            install.status_word = (report.status or "active").lower()
        held = [v for v in (install.active, report.on_disk, *install.on_disk) if v is not None]
        install.on_disk = list(dict.fromkeys(held))[:2]


def reports_from(items: Iterable[Mapping[str, object]]) -> list[Report]:
    """Return the reports in a list of wire objects, camelCase or snake_case."""

    def text(item: Mapping[str, object], *names: str) -> str | None:
        found = next((item[name] for name in names if isinstance(item.get(name), str)), None)
        return found if isinstance(found, str) and found else None

    reports = []
    for item in items:
        model = text(item, "modelId", "model_id", "model", "name")
        if model is not None:
            reports.append(
                Report(
                    model,
                    active_version=text(item, "activeVersion", "active_version"),
                    on_disk=text(item, "installedVersion", "installed_version"),
                    status=text(item, "status"),
                )
            )
    return reports
