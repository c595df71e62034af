"""The console's own part of the past: memos, what this machine's records tell, and the report of each end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from octomil_tui.domain.text import clean
from octomil_tui.ui import screens
from octomil_tui.ui.desk import RollbackDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from octomil_tui.domain.rollback import Phase
    from octomil_tui.engine.hook import Hook
    from octomil_tui.engine.notebook import Notebook
    from octomil_tui.engine.source import FleetSource
    from octomil_tui.engine.state import ConsoleState
    from octomil_tui.report.hook_event import HookNews

RECALLED_AFTER = 1.5
"""Seconds after the first reads left in which this machine's records are read: nobody waits for them."""


class ChronicleDesk(RollbackDesk):
    """Keeps memos and reports, beside the rollbacks themselves."""

    def __init__(self, *, crash_directory: Path | None = None) -> None:
        super().__init__(crash_directory=crash_directory)
        self._make_notebook: Callable[[], Notebook] | None = None
        self._notebook: Notebook | None = None
        self._report_directory: Path | None = None
        self._reported: dict[str, tuple[str | None, Phase]] = {}
        """Of each model the rollback and its end that a report was begun for."""
        self._report_places: dict[str, str] = {}
        self._is_reported: set[str] = set()
        """Models whose place is that of a report, and no reason why there is none."""
        self._hook_command: tuple[str, ...] = ()
        self._hook: Hook | None = None
        self._hook_news: HookNews | None = None

    async def _run_hook(self) -> None:
        """Run the hook for what becomes of rollbacks, where there is one; ends when it is cancelled."""
        if not self._hook_command:
            return
        from octomil_tui.engine.hook import Hook  # noqa: PLC0415 - not before the first picture
        from octomil_tui.report.hook_event import HookNews  # noqa: PLC0415

        self._hook, self._hook_news = Hook(self._hook_command, self._say), HookNews()
        await self._hook.run()

    def _tell_hook(self, state: ConsoleState) -> None:
        if self._hook is None or self._hook_news is None:
            return
        for model_id, rollback in state.rollbacks.items():
            event = self._hook_news.hear(rollback, self._name_of(model_id))
            if event is not None:
                self._hook.tell(event)

    async def _the_notebook(self) -> Notebook:
        from octomil_tui.engine.notebook import Notebook  # noqa: PLC0415 - not before the first picture

        if self._notebook is None:
            made = await asyncio.to_thread(self._make_notebook) if self._make_notebook is not None else None
            self._notebook = self._notebook or made or Notebook()
        return self._notebook

    async def _recall(self, after: float = 0.0) -> None:
        """Bring what this machine's records tell of the past into the state."""
        from octomil_tui.engine.notebook import RecordError  # noqa: PLC0415 - not before the first picture
        from octomil_tui.engine.state import Recalled  # noqa: PLC0415

        await asyncio.sleep(after)
        notebook = await self._the_notebook()
        try:
            events = await asyncio.to_thread(notebook.past)
        except RecordError as error:
            self._say(error.sentence)
            return
        if self._session is not None:
            self._session.dispatch(Recalled(events))

    def open_memo(self, model_id: str | None = None) -> None:
        """Ask for a memo, and keep it."""
        name = self._name_of(model_id) if model_id is not None else ""

        def typed(text: str | None) -> None:
            if text is not None:
                self.run_worker(self._keep(text, model_id), name="memo", group="memo")

        self.push_screen(screens.MemoDialog(clean(name)), typed)

    async def _keep(self, text: str, model_id: str | None) -> None:
        from octomil_tui.engine.notebook import RecordError  # noqa: PLC0415 - not before the first picture

        notebook = await self._the_notebook()
        rollback = self.known.rollbacks.get(model_id) if model_id is not None else None
        model = self._name_of(model_id) if model_id is not None else None
        at = self.known.server_now(self.mono)
        number = rollback.rollout_id if rollback is not None else None
        try:
            await asyncio.to_thread(notebook.memo, text, at, model=model, rollout_id=number)
        except RecordError as error:
            self._say(f"the memo was not kept: {error.sentence}")
            return
        await self._recall()

    def report_place(self, model_id: str) -> str:
        """Return where the report of a rollback is that ended, or why there is none; safe to show."""
        return self._report_places.get(model_id, "")

    def report(self, model_id: str) -> None:
        """Say where the report of a rollback is that ended; write it where it is not written, or goes on."""
        if self._report_directory is None or model_id not in self.known.rollbacks:
            self._say("this console keeps no reports: octomil-console report writes one")
        else:
            self.run_worker(self._report_now(model_id), name="report", group=f"report {model_id}")

    async def _report_now(self, model_id: str) -> None:
        from octomil_tui.engine.evidence import REPORTED  # noqa: PLC0415 - not before the first picture

        has_ended = self.known.rollbacks[model_id].phase in REPORTED
        if not has_ended or model_id not in self._is_reported:
            await self._report(model_id)
        place = self.report_place(model_id)
        is_written = model_id in self._is_reported
        so_far = "" if has_ended else " so far"
        self._say(
            f"the report{so_far} is in {place}" if is_written else place or "there is nothing to report yet"
        )

    def _report_ends(self, state: ConsoleState) -> None:
        """Begin the report of every rollback that came to an end just now."""
        if self._report_directory is None:
            return
        from octomil_tui.engine.evidence import REPORTED  # noqa: PLC0415 - loaded by now

        for model_id, rollback in state.rollbacks.items():
            end = (rollback.rollout_id, rollback.phase)
            is_end = rollback.phase in REPORTED and rollback.watch is not None
            if is_end and self._reported.get(model_id) != end:
                self._reported[model_id] = end
                self.run_worker(self._report(model_id), name="report", group=f"report {model_id}")

    def write_report(self, model_id: str) -> None:
        """Write the report of a rollback that is watched, and say where it is."""
        if self._report_directory is None:
            self._say("this console keeps no reports")
            return
        self.run_worker(self._tell_report(model_id), name="report", group=f"report {model_id}")

    async def _tell_report(self, model_id: str) -> None:
        await self._report(model_id)
        self._say(f"the report: {self.report_place(model_id)}")

    async def _report(self, model_id: str) -> None:
        """Write the report of a rollback; one that cannot be written is said where it would be."""
        from octomil_tui.engine.evidence import gather  # noqa: PLC0415 - not before the first picture
        from octomil_tui.engine.recording import shown_path  # noqa: PLC0415
        from octomil_tui.engine.report_file import RecordError, report_stem, write_report  # noqa: PLC0415
        from octomil_tui.report.report_texts import report_texts  # noqa: PLC0415

        directory, source = self._report_directory, self.source
        if directory is None or source is None:
            return
        notebook = await self._the_notebook()
        state = self.known
        rollback = state.rollbacks[model_id]
        try:
            own = await asyncio.to_thread(notebook.past)
            evidence = await gather(source, state, rollback, own, origin=notebook.origin)
            stem = report_stem(rollback.rollout_id, evidence.model)
            paths = await asyncio.to_thread(write_report, directory, stem, report_texts(evidence))
        except RecordError as error:
            said = error.sentence
            self._is_reported.discard(model_id)
        except Exception as error:  # noqa: BLE001 - a report that fails must not end a console that somebody relies on
            said = f"the report was not written ({type(error).__name__})"
            self._is_reported.discard(model_id)
        else:
            self._is_reported.add(model_id)
            said = f"{shown_path(paths[0])}, .json"
        self._report_places[model_id] = said
        if (screen := self._mirror) is not None:
            screen.show()

    @property
    def source(self) -> FleetSource | None:
        """The client; None until it is there."""
        raise NotImplementedError

    @property
    def _mirror(self) -> screens.BaseScreen | None:
        """The screen that mirrors the state now."""
        raise NotImplementedError
