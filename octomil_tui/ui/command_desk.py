"""Commands: the line (:), the palette (ctrl+p), and what each command does. None of them sends anything by itself."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.widgets import Input

from octomil_tui.domain.text import clean
from octomil_tui.ui import screens
from octomil_tui.ui.desk import RollbackDesk
from octomil_tui.ui.intents import hint

if TYPE_CHECKING:
    from octomil_tui.ui.candidate import Candidate
    from octomil_tui.ui.command import Asked, Takes
    from octomil_tui.ui.intent import Intent
    from octomil_tui.ui.screens.command_line import Deed
    from octomil_tui.ui.suggestion import Suggestion

_NAMED = 6
"""Profiles that a sentence names."""


class CommandDesk(RollbackDesk):
    """Turns what is typed into what its key would do, or into the screen that was named."""

    def __init__(self, *, crash_directory: Path | None = None) -> None:
        super().__init__(crash_directory=crash_directory)
        self._typed_before: list[str] = []

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command_line" and (self.screen.is_modal or isinstance(self.screen.focused, Input)):
            # There it is a colon, and nothing more.
            return False
        return super().check_action(action, parameters)

    def action_command_line(self) -> None:
        """Let a command be typed."""
        self.open_command_line()

    def open_command_line(self, begin: str = "") -> None:
        """Let a command be typed that begins so."""
        if (screen := self._asking_screen()) is None:
            return
        line = screens.CommandLine(
            partial(self._suggest, screen), partial(self._understand, screen), self._typed_before, begin=begin
        )
        self.push_screen(line, self._run)

    def action_command_palette(self) -> None:
        """Show every command by name."""
        from octomil_tui.ui.offer import offers  # noqa: PLC0415 - not before the first picture

        if (screen := self._asking_screen()) is not None:
            found = screens.Palette(offers(screen), partial(self._understand, screen))
            self.push_screen(found, self._chosen)

    def _asking_screen(self) -> screens.BaseScreen | None:
        """Return the screen that a command is for; None, and a sentence, where something is to be decided first."""
        screen = self.screen
        if not isinstance(screen, screens.BaseScreen) or not screen.is_ready:
            # A key can come before the screen that it is for has its parts.
            return None
        if screen.is_deciding:
            key, _ = hint("back")
            self._say(f"first decide what is asked here, or {key}")
            return None
        return screen

    def _chosen(self, found: str | Deed | None) -> None:
        if isinstance(found, str):
            self.open_command_line(found)
        else:
            self._run(found)

    def _run(self, deed: Deed | None) -> None:
        if deed is not None:
            self.run_worker(self._done(deed), name="command", group="command")

    @staticmethod
    async def _done(deed: Deed) -> None:
        found = deed()
        if inspect.isawaitable(found):
            await found

    def _suggest(self, screen: screens.BaseScreen, text: str) -> Sequence[Suggestion]:
        from octomil_tui.ui.offer import offers  # noqa: PLC0415 - not before the first picture
        from octomil_tui.ui.suggestion import suggestions  # noqa: PLC0415

        return suggestions(text, offers(screen), partial(self._behind, screen))

    def _behind(self, screen: screens.BaseScreen, takes: Takes) -> Sequence[Candidate]:
        """Return what can stand behind a command that takes this."""
        from octomil_tui.ui.candidate import Candidate, candidates  # noqa: PLC0415 - as above
        from octomil_tui.ui.command import Takes  # noqa: PLC0415

        match takes:
            case Takes.COLUMN:
                table = _table_of(screen)
                columns = [one for one in table.columns if one.sortable] if table is not None else []
                return [Candidate(one.key, one.key, one.title.casefold()) for one in columns]
            case Takes.PROFILE | Takes.THEME:
                names = self._names("profiles_known" if takes is Takes.PROFILE else "themes_known")
                return [Candidate(clean(name), name) for name in names]
            case _:
                return candidates(self.known.snapshot, takes)

    def _names(self, method: str) -> Sequence[str]:
        known: Callable[[], Sequence[Any]] | None = getattr(self, method, None)
        found = known() if known is not None else ()
        return tuple(one if isinstance(one, str) else str(one.name) for one in found)

    def _understand(self, screen: screens.BaseScreen, text: str) -> Deed | str:
        """Return what a line asks for, or the sentence that says why it asks for nothing."""
        from octomil_tui.ui.command import read_command  # noqa: PLC0415 - as above
        from octomil_tui.ui.offer import offer, why_not  # noqa: PLC0415

        asked = read_command(text)
        if isinstance(asked, str):
            return asked
        if why := offer(asked.command, screen).why_not:
            return why
        if asked.argument or asked.command.intent is None:
            return self._deed(asked, screen)
        one = asked.command.intent
        # Without what it is about, it is about what the cursor is on, as its key is.
        return why_not(one, screen) or partial(self._press, one, screen)

    async def _press(self, one: Intent, screen: screens.BaseScreen) -> None:
        """Do what the key of an intent does on this screen."""
        from octomil_tui.ui.offer import own_ids, owner_of  # noqa: PLC0415 - as above

        if self.screen is not screen:
            return
        owner = screen if one.id in own_ids(screen) else owner_of(one, screen) if one.of_table else None
        await self.run_action(one.id, owner)

    def _deed(self, asked: Asked, screen: screens.BaseScreen) -> Deed | str:
        """Return what a command does that names something, or why there is no such thing."""
        name, argument = asked.command.name, asked.argument
        simple: dict[str, Callable[[], Deed | str]] = {
            "quit": lambda: partial(self._ask_to_leave, 0),
            "help": lambda: partial(self.open_help, argument),
            "filter": lambda: partial(self._filter, argument),
            "ctx": lambda: self._named_by("profiles_known", "switch_profile", "profile", argument),
            "theme": lambda: self._named_by("themes_known", "choose_theme", "theme", argument),
        }
        return simple[name]() if name in simple else self._deed_on(asked, screen)

    def _deed_on(self, asked: Asked, screen: screens.BaseScreen) -> Deed | str:
        from octomil_tui.ui.candidate import pick  # noqa: PLC0415 - as above
        from octomil_tui.ui.command import Takes  # noqa: PLC0415

        takes = asked.command.takes
        nouns = {Takes.ROLLBACK: "rollback", Takes.COLUMN: "column to sort by"}
        found = pick(self._behind(screen, takes), asked.argument, nouns.get(takes, takes.value.casefold()))
        if isinstance(found, str):
            return found
        if takes is Takes.COLUMN:
            table = _table_of(screen)
            return partial(table.sort_by, found.key) if table is not None else "there is no list here"
        return self._goto(asked.command.name, found)

    def _goto(self, name: str, found: Candidate) -> Deed | str:
        """Return what shows the one that was named."""
        from octomil_tui.ui.candidate import model_of_rollout  # noqa: PLC0415 - as above

        key, of_rollout = found.key, model_of_rollout(self.known.snapshot, found.key)
        # A rollback may be named by its id or by its model, whose newest one is meant then.
        model_id, rollout_id = (key, None) if of_rollout is None else (of_rollout, key)
        ways: dict[str, Callable[[], Deed | str]] = {
            "model": lambda: partial(self.open_model, key),
            "group": lambda: partial(self.open_group, key, None),
            "rollback": lambda: partial(self.open_preview, key),
            "watch": lambda: partial(self.open_watch, model_id, rollout_id),
            "report": lambda: self._report_of(model_id, rollout_id, found.text),
            "device": lambda: self._device(key),
            "rollout": lambda: partial(self._goto_rollout, model_id, key),
        }
        return ways[name]()

    def _report_of(self, model_id: str, rollout_id: str | None, shown: str) -> Deed | str:
        rollback = self.known.rollbacks.get(model_id)
        if rollback is None or rollback.watch is None or rollout_id not in (None, rollback.rollout_id):
            return f"{shown} was not watched here; in a shell: octomil-console report {shown}"
        return partial(self.write_report, model_id)

    def _device(self, device_id: str) -> Deed | str:
        device = next((one for one in self.known.snapshot.devices or () if one.id == device_id), None)
        groups = [one for one in self.known.snapshot.groups or () if device and one.id in device.groups]
        if not groups:
            return f"{clean(device.name if device else device_id, 40)} is in no group, so no list has it"

        async def show() -> None:
            screen = screens.GroupScreen(groups[0].id, None, device_id=device_id)
            await self.push_screen(screen)

        return show

    async def _goto_rollout(self, model_id: str, rollout_id: str) -> None:
        await self.action_place("rollouts")
        if isinstance(self.screen, screens.RolloutsScreen):
            self.screen.show_rollout(model_id, rollout_id)

    async def _filter(self, terms: str) -> None:
        if isinstance(self.screen, screens.FleetScreen):
            await self.screen.action_filter()
        screen = self.screen
        if isinstance(screen, screens.FilteredScreen):
            screen.filter_by(terms)
        else:
            self._say("there is no list on this screen that a filter could narrow")

    def _named_by(self, known: str, act: str, noun: str, name: str) -> Deed | str:
        """Return what exchanges the profile or the theme; alone, the sentence that says which there are."""
        do: Callable[[str], Any] | None = getattr(self, act, None)
        names = self._names(known)
        if do is None or not (names or name):
            return f"there are no {noun}s"
        if not name:
            listed = ", ".join(clean(one, 40) for one in names[:_NAMED])
            more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            return f"{noun}s: {listed}{more}"
        if names and name not in names:
            from octomil_tui.ui.candidate import Candidate, pick  # noqa: PLC0415 - as above

            found = pick([Candidate(clean(one), one) for one in names], name, noun)
            if isinstance(found, str):
                return found
            name = found.key
        return partial(self._exchange, do, name)

    @staticmethod
    async def _exchange(do: Callable[[str], Any], name: str) -> None:
        done = do(name)
        if isinstance(done, Awaitable):
            await done

    def write_report(self, model_id: str) -> None:
        """Write the report of a rollback that is watched, and say where it is."""
        raise NotImplementedError


def _table_of(screen: screens.BaseScreen) -> Any:
    from octomil_tui.ui.widgets.table import Table  # noqa: PLC0415 - not before the first picture

    if isinstance(screen.focused, Table):
        return screen.focused
    return next(iter(screen.query(Table)), None)
