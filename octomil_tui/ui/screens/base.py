"""What every screen has: the place, the sentence, panes, the keys, and the one way in which the state arrives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.events import DescendantFocus, Resize, ScreenResume
from textual.screen import Screen
from textual.widget import Widget

from octomil_tui.engine.freshness import PRIMARY, Freshness, Link, freshness
from octomil_tui.engine.preflight import Preflight
from octomil_tui.engine.state import ConsoleState, Focus
from octomil_tui.engine.topic import Topic
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intents import intent
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.theme import Glyphs, look_of
from octomil_tui.ui.widgets.chrome import WIDE
from octomil_tui.ui.widgets.edges import Freshness as Mark
from octomil_tui.ui.widgets.edges import Key, KeyBar, Place, PlaceLine, Sentence


class Console(Protocol):
    """What screens ask of the app."""

    @property
    def known(self) -> ConsoleState:
        """What the console knows now."""

    @property
    def place_info(self) -> PlaceInfo:
        """Where the console is."""

    @property
    def mono(self) -> float:
        """This machine's monotonic clock."""

    def look_at(self, focus: Focus) -> None:
        """Say what is looked at, so that it is read first."""

    def open_model(self, model_id: str) -> None:
        """Show a model."""

    def open_group(self, group_id: str, model_id: str | None) -> None:
        """Show a group."""

    def open_preview(
        self, model_id: str, *, to_version: str | None = None, group_id: str | None = None
    ) -> None:
        """Show what a rollback would do."""

    def roll_back_group(self, group_id: str) -> None:
        """Preview a rollback of one group; asks which model where the group runs several."""

    def open_watch(self, model_id: str, rollout_id: str | None = None) -> None:
        """Watch the newest rollback of a model, or the one of this id."""

    def open_stragglers(self, model_id: str) -> None:
        """Show everything that a rollback waits for."""

    async def read_plan(self, model_id: str, to_version: str | None, group_id: str | None) -> Preflight:
        """Read what a rollback rests on and return its plan; see `engine.preflight`."""

    def send(self, shown: Preflight, reason: str | None, *, stay: bool, ring: bool) -> None:
        """Send a confirmed rollback, once."""


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """What a screen draws from."""

    state: ConsoleState
    now: float | None
    """The service's clock at the newest answer: ages on the screen count from there."""
    fresh: Freshness
    glyphs: Glyphs
    wide: bool


class BaseScreen(Screen[None], inherit_bindings=False):
    """A screen of the console.

    A subclass composes its panes in `panes`, names its keys in `keys`, says its
    sentence in `sentence` and fills its panes in `fill`. It mirrors the state
    only while it is the current one.
    """

    TOPICS: ClassVar[Sequence[Topic]] = PRIMARY
    """What its numbers come from, for LIVE and STALE."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    AUTO_FOCUS = "Table"
    _shown_link: Link | None = None
    """The link that the sentence was written for."""

    def compose(self) -> ComposeResult:
        yield PlaceLine()
        yield Sentence(id="sentence")
        yield from self.panes()
        yield KeyBar()

    def panes(self) -> Iterable[Widget]:
        """Yield what stands between the sentence and the keys."""
        raise NotImplementedError

    @property
    def console(self) -> Console:
        """The app, as screens know it."""
        app = self.app
        if not hasattr(app, "known"):
            raise TypeError("a screen of the console runs in the console's app only")
        return app  # type: ignore[return-value] # checked above; importing the app here would be a circle

    @property
    def crumbs(self) -> str:
        """Where the screen is, for line 1; safe to show."""
        return ""

    @property
    def focus_on(self) -> Focus:
        """What the screen looks at."""
        return Focus()

    def topics(self) -> Sequence[Topic]:
        """Return what its numbers come from."""
        return self.TOPICS

    def sentence(self, view: View) -> Sequence[Line]:
        """Return line 2, and further lines where it takes more than one."""
        raise NotImplementedError

    def fill(self, view: View) -> None:
        """Put what is known into the panes."""
        raise NotImplementedError

    def keys(self, view: View) -> Sequence[Key]:
        """Return the keys that work here and now, the most important first, `? help` last."""
        raise NotImplementedError

    @property
    def is_ready(self) -> bool:
        """Whether all its parts are there: not while it is put together or taken down."""
        # What is being removed counts as not displayed.
        return self.is_mounted and self.is_attached and self.display

    def view(self) -> View:
        """Return what the screen draws from, as of now."""
        console = self.console
        state = console.known
        fresh = freshness(state, console.mono, self.topics())
        return View(state, state.server_at, fresh, look_of(self.app).glyphs, self.app.size.width >= WIDE)

    def show(self) -> None:
        """Mirror the state; cheap where nothing changed."""
        if not self.is_ready or not self.is_current:
            return
        view = self.view()
        self.fill(view)
        self.query_one("#sentence", Sentence).set_lines([*self._sentence(view), *self._trouble(view)])
        self.query_one(KeyBar).set_keys(self.keys(view))
        self._shown_link = view.fresh.link
        self._draw_place(view.fresh)

    def tick(self) -> None:
        """Draw what changes by itself: the clock and the age in line 1, and what follows from an age."""
        if not self.is_ready:
            return
        fresh = freshness(self.console.known, self.console.mono, self.topics())
        if self._shown_link is not None and (fresh.sentence or fresh.link is not self._shown_link):
            self.show()
        else:
            self._draw_place(fresh)

    def _draw_place(self, fresh: Freshness) -> None:
        console = self.console
        info, state = console.place_info, console.known
        now = state.server_now(console.mono)
        self.query_one(PlaceLine).set_place(
            Place(
                mark=info.mark,
                org=info.org,
                guarded=info.guarded,
                crumbs=self.crumbs,
                freshness=_MARKS[fresh.link],
                age=as_text.age(fresh.age),
                clock=as_text.clock_utc(now) if now is not None else "",
                read_only=info.read_only,
            )
        )

    def go_back(self) -> bool:
        """Take one step back within the screen; False when there is none, and the screen is left."""
        return False

    def read_again(self) -> None:
        """Read again what only this screen reads."""

    def _sentence(self, view: View) -> Sequence[Line]:
        if view.fresh.link is Link.CONNECTING:
            host = self.console.place_info.host
            return [line((f"   Reading the fleet from {host} …", Token.MUTED))]
        return self.sentence(view)

    def _trouble(self, view: View) -> Sequence[Line]:
        """Say what failed and when it is tried again; what was known stays on the screen."""
        if not view.fresh.sentence:
            return ()
        again = f", again in {as_text.age(view.fresh.retry_in)}" if view.fresh.retry_in is not None else ""
        said = line((f"?? {view.fresh.sentence}{again}", Token.NOTICE))
        return wrap([said], self.size.width - 2)

    @on(ScreenResume)
    def _resume(self) -> None:
        self.console.look_at(self.focus_on)
        self.show()

    @on(Resize)
    def _resized(self) -> None:
        # After the layout of the new size: the width of a pane decides what fits into it.
        self.call_after_refresh(self.show)

    @on(DescendantFocus)
    def _focused(self) -> None:
        self.show()


_MARKS = {
    Link.CONNECTING: Mark.OFFLINE,
    Link.LIVE: Mark.LIVE,
    Link.STALE: Mark.STALE,
    Link.OFFLINE: Mark.OFFLINE,
}


def key(intent_id: str, word: str | None = None, *, enabled: bool = True) -> Key:
    """Return an intent as a key of the last line, with another word where the screen has a better one."""
    found = intent(intent_id)
    return Key(found.shown, word or found.word, enabled)


PLACES = (
    key("place('fleet')"),
    key("place('models')"),
    key("place('rollouts')"),
    key("place('groups')"),
)
HELP = key("show_help")
