"""What every screen has: the place, the sentence, panes, the keys, and the one way in which the state arrives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.events import DescendantFocus, ScreenResume
from textual.widget import Widget

from octomil_tui.engine.count import devices_topic
from octomil_tui.engine.freshness import PRIMARY, Freshness, Link, freshness
from octomil_tui.engine.measured import current
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import DEVICES, GROUPS, MODELS, Topic, rollouts_of, versions_of
from octomil_tui.engine.trouble import gaps, lacks, skew
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intent import Change
from octomil_tui.ui.intents import intent
from octomil_tui.ui.present.doubt import clock_words, gap_lines, trouble_lines, wait_lines
from octomil_tui.ui.present.link_mark import LINK_MARKS
from octomil_tui.ui.screens.console import Console
from octomil_tui.ui.screens.fitted import FittedScreen
from octomil_tui.ui.screens.item import Selected
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, faded, line, wrap
from octomil_tui.ui.theme import Look, look_of
from octomil_tui.ui.widgets.chrome import WIDE
from octomil_tui.ui.widgets.edges import SLIM, Bigger, Key, KeyBar, Place, PlaceLine, Sentence
from octomil_tui.ui.widgets.edges import Freshness as Mark
from octomil_tui.ui.widgets.lines import OLD

if TYPE_CHECKING:
    from octomil_tui.engine.gate import Wait

__all__ = ["HELP", "PLACES", "BaseScreen", "View", "key"]


class BaseScreen(FittedScreen):
    """A screen of the console.

    A subclass composes its panes in `panes`, names its keys in `keys`, says its
    sentence in `sentence` and fills its panes in `fill`. It mirrors the state
    only while it is the current one.
    """

    TOPICS: ClassVar[Sequence[Topic]] = PRIMARY
    """What its numbers come from, for LIVE and STALE."""
    AUTO_FOCUS = "Table"
    _shown_link: Link | None = None
    """The link that the sentence was written for."""
    _shown_look: Look | None = None
    """The look that its widgets were drawn in."""
    _was_waiting = False
    """Whether it was said that something waits."""

    def compose(self) -> ComposeResult:
        yield PlaceLine()
        yield Sentence(id="sentence")
        for pane in self.panes():
            yield pane.add_class("-pane")
        yield KeyBar()
        yield Bigger()

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
        """Return what its numbers come from: of a large fleet from the count of it."""
        known = self.console.known
        return tuple(devices_topic(known) if topic is DEVICES else topic for topic in self.TOPICS)

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
    def is_deciding(self) -> bool:
        """Whether a form asks for a decision, so that nothing else may take its keys, and Enter, away."""
        return False

    @property
    def _mono(self) -> float:
        """Seconds of this machine by which ages are drawn: those of the picture, where that is frozen."""
        frozen = self.console.frozen_mono
        return frozen if frozen is not None else self.console.mono

    def view(self) -> View:
        """Return what the screen draws from, as of now."""
        console = self.console
        state = console.known
        fresh = freshness(state, self._mono, self.topics())
        glyphs = look_of(self.app).glyphs
        if fresh.link in (Link.STALE, Link.OFFLINE):
            # What is verified is drawn so only while that is known to be true now.
            glyphs = replace(glyphs, verified=glyphs.old)
        is_wide = self.app.size.width >= WIDE
        return View(state, state.server_at, fresh, glyphs, is_wide, current(state, self._mono))

    def show(self) -> None:
        """Mirror the state; cheap where nothing changed."""
        if self.is_ready and self.is_current:
            with as_text.by_the_minute(look_of(self.app).is_calm):
                self._mirror()

    def _mirror(self) -> None:
        view = self.view()
        self.set_class(view.fresh.link in (Link.STALE, Link.OFFLINE), OLD)
        self.fill(view)
        said = [*self._sentence(view), *self._trouble(view)]
        if self.has_class("-small") or self.size.width < SLIM:
            # Where little else is shown there is room for all of it.
            said = wrap(said, self.size.width - 2)
        self.query_one("#sentence", Sentence).set_lines(said)
        self.query_one(KeyBar).set_keys(self.keys(view))
        self._shown_link, self._was_waiting = view.fresh.link, bool(self._waits())
        self._draw_place(view.fresh)

    def tick(self) -> None:
        """Draw what changes by itself: the clock and the age in line 1, and what follows from an age."""
        if not self.is_ready:
            return
        fresh = freshness(self.console.known, self._mono, self.topics())
        is_news = bool(fresh.sentence) or fresh.link is not self._shown_link or bool(self._waits())
        if self._shown_link is not None and (is_news or self._was_waiting):
            self.show()
        else:
            self._draw_place(fresh)

    def _draw_place(self, fresh: Freshness) -> None:
        with as_text.by_the_minute(look_of(self.app).is_calm):
            self.query_one(PlaceLine).set_place(self._place_now(fresh))

    def _place_now(self, fresh: Freshness) -> Place:
        console = self.console
        info, state = console.place_info, console.known
        now = state.server_now(self._mono)
        ahead = skew(state, console.mono, console.wall) if console.wall is not None else None
        return Place(
            mark=info.mark,
            org=info.org,
            guarded=info.guarded,
            crumbs=self.crumbs,
            freshness=Mark.FROZEN if console.frozen_mono is not None else LINK_MARKS[fresh.link],
            age=as_text.age(fresh.age),
            clock=clock_words(now, ahead, brief=self.size.width < WIDE),
            read_only=info.read_only,
        )

    def go_back(self) -> bool:
        """Take one step back within the screen; False when there is none, and the screen is left."""
        return False

    @property
    def about(self) -> Sequence[str]:
        """What is asked, or shown, here and now, in sentences for the help page."""
        return ()

    @property
    def selected(self) -> Selected:
        """What the cursor is on: what people call it, safe to show, and all that is known of it; None for nothing."""
        return None

    def read_again(self) -> None:
        """Read again what only this screen reads."""

    def _sentence(self, view: View) -> Sequence[Line]:
        if view.fresh.link is Link.CONNECTING:
            way = self.console.place_info.way
            return [line((f"   Reading the fleet from {way} …", Token.MUTED))]
        said = self.sentence(view)
        return said if view.fresh.is_live else [faded(one) for one in said]

    def _trouble(self, view: View) -> Sequence[Line]:
        """Say what failed and when it is tried again; what was known stays on the screen."""
        cells = self.size.width - 2
        return [
            *wrap([line((f"   {said}", Token.MUTED)) for said in self.console.said], cells),
            *wait_lines(self._waits(), cells),
            *trouble_lines(view.fresh, cells),
            *gap_lines(gaps(view.state, self._concerned()), cells),
        ]

    def _waits(self) -> Sequence[tuple[Wait, float]]:
        """Return what a person asked for that may not leave yet, with the seconds that are left."""
        gate = self.console.gate
        return gate.waits if gate is not None else ()

    def _concerned(self) -> Sequence[Topic]:
        """Return everything that is drawn somewhere on the screen, each once."""
        model_id = self.focus_on.model_id
        of_model = (rollouts_of(model_id), versions_of(model_id)) if model_id is not None else ()
        return tuple(dict.fromkeys((*self.topics(), MODELS, GROUPS, *of_model)))

    def aside(self, view: View, topic: Topic, otherwise: Line = ()) -> Line:
        """Return why a pane cannot have what is new of `topic`, for its title or in its place; else `otherwise`."""
        why = lacks(view.state, topic)
        return line((f"?? {why}", Token.NOTICE)) if why else otherwise

    @on(ScreenResume)
    def _resume(self) -> None:
        if not self.is_ready:
            # A key that came early has closed it again.
            return
        self._fit(self.app.size)
        before, self._shown_look = self._shown_look, look_of(self.app)
        if before not in (None, self._shown_look):
            # Another theme was chosen while it was behind others.
            for widget in self.query("*"):
                widget.refresh()
        self.console.look_at(self.focus_on)
        self.show()

    @on(DescendantFocus)
    def _focused(self) -> None:
        self.show()


def key(intent_id: str, word: str | None = None, *, enabled: bool = True) -> Key:
    """Return an intent as a key of the last line, with another word where the screen has a better one."""
    found = intent(intent_id)
    # Which key that is now, the last line asks when it is drawn: some of these are made before anybody gave one.
    given = "" if found.change is Change.MORE else found.name
    return Key(found.shown, word or found.word, enabled, given)


PLACES = (
    key("place('fleet')"),
    key("place('models')"),
    key("place('rollouts')"),
    key("place('groups')"),
    key("place('timeline')"),
)
HELP = key("show_help")
