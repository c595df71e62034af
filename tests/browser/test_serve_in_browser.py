"""The dashboard in headless Chromium (Debian's package): it is drawn, it only reads, and it leaves nobody behind."""

from __future__ import annotations

import json
import signal
import string
import struct
import zlib

from tests.browser.chromium import Chromium, Page
from tests.cli.drill import Drill
from tests.cli.serving import Serving, is_gone, wait

ROLLBACK = "/v1/models/phi-4-mini/rollback"
BODY = json.dumps({"to_version": "1.0.0", "reason": "from a page"})


def opened(chromium: Chromium, serving: Serving) -> Page:
    """Open the dashboard and wait until it is seen."""
    page = chromium.open(serving.url)
    page.wait_for("LIMIT CROSSED")
    page.wait(lambda: page.cover == "", "dashboard without a cover")
    return page


def colours(png: bytes) -> set[bytes]:
    """Return the different pixels of a picture, each as its red, green and blue."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) in ((8, 2), (8, 6)), "eight bits each of red, green, blue, and opacity perhaps"
    step = 3 if kind == 2 else 4
    data, at = b"", 8
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        at += 12 + size
    raw, before, found = zlib.decompress(data), bytes(width * step), set()
    for row in range(height):
        start = row * (width * step + 1)
        before = _unfiltered(raw[start], raw[start + 1 : start + 1 + width * step], before, step)
        found |= {before[x : x + 3] for x in range(0, len(before), step)}
    return found


def _unfiltered(kind: int, line: bytes, above: bytes, step: int) -> bytes:
    if kind == 0:
        return line
    if kind == 2:
        return bytes((a + b) & 255 for a, b in zip(line, above, strict=True))
    done = bytearray(line)
    for x, value in enumerate(line):
        left = done[x - step] if x >= step else 0
        corner = above[x - step] if x >= step else 0
        guess = {1: left, 3: (left + above[x]) // 2, 4: _nearest(left, above[x], corner)}[kind]
        done[x] = (value + guess) & 255
    return bytes(done)


def _nearest(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))


def test_the_dashboard_is_drawn_in_the_page(chromium: Chromium, serving: Serving) -> None:
    page = opened(chromium, serving)
    assert "phi-4-mini" in page.text
    page.wait(
        lambda: "LIMIT CROSSED" in page.drawn and "phi-4-mini" in page.drawn, "dashboard as text of the page"
    )
    assert "no way to any write" in page.text
    assert "1000h" not in page.raw.decode().rpartition("1000l")[2], "no mouse: text can be selected"
    # The red of PROD, the white of the digits, the blue of the bar: painted, and not only received.
    seen = colours(page.picture())
    assert {b"\xd6\x45\x50", b"\xff\xff\xff", b"\x5a\xa9\xe6"} <= seen
    assert all(url.startswith((serving.url, "data:")) for _, url in page.asked), "nothing from elsewhere"
    assert page.complaints == []
    columns = page.screen.columns
    page.resize(800, 600)
    page.wait(lambda: page.screen.columns < columns, "smaller terminal")
    page.wait(lambda: page.text.count("LIMIT CROSSED") == 1, "dashboard in the new size")


def test_nothing_but_reading_reaches_the_control_plane(
    chromium: Chromium, serving: Serving, night: Drill
) -> None:
    page = opened(chromium, serving)
    # From the page, by its own script: to its own server, and to the control plane, with and without the key.
    own = f"fetch({json.dumps(serving.url)}, {{method: 'POST', body: '{{}}'}}).then(a => a.status)"
    assert page.run(own) == 405
    target = night.running.base_url.removesuffix("/v1") + ROLLBACK
    for mode, headers in (
        ("cors", {}),
        ("no-cors", {}),
        ("cors", {"Authorization": f"Bearer {night.running.api_key}", "Content-Type": "application/json"}),
    ):
        asked = {"method": "POST", "mode": mode, "headers": headers, "body": BODY}
        script = f"fetch({json.dumps(target)}, {json.dumps(asked)}).then(() => 'went', () => 'refused')"
        assert page.run(script) == "refused", "the browser itself asks nobody else"
    page.run(
        "(f => { f.action = " + json.dumps(target) + "; f.method = 'POST'; "
        "document.body.append(f); f.submit(); f.remove() })(document.createElement('form'))"
    )
    assert page.run(f"navigator.sendBeacon({json.dumps(target)}, 'x')") in (True, False)
    # Through the terminal: every key, and a rollback as a person would do it.
    page.click(300, 300)
    page.type("".join(one for one in string.printable if one not in "qy\x0b\x0c"))
    page.type("R\r\rw\ra1234\tphi-4-mini\r\x1b")
    for letter in "prabdelnotuz":
        page.press_with_ctrl(letter)
    page.paste("R\r\rphi-4-mini\r")
    # q asks, any other key stays: what came before was worked off, and the dashboard is still there.
    page.type("q")
    page.wait_for("q or y leaves")
    page.type("x")
    page.wait(lambda: "q or y leaves" not in page.text, "dashboard that stays")
    assert any("phi-4-mini" in one for one in page.sent), "what was pasted was sent to the dashboard"
    assert night.writes == []
    assert {one["method"] for one in night.log} <= {"GET", "HEAD"}
    assert len(night.log) > 5
    # The same dashboard shows what somebody else does who may.
    night.post(ROLLBACK, {"to_version": "1.0.0", "reason": "INC-2231"})
    page.wait_for("ROLLING BACK")
    assert night.writes == [ROLLBACK], "the one of somebody else"


def test_each_tab_has_its_dashboard_and_takes_it_along(chromium: Chromium, serving: Serving) -> None:
    one, other = opened(chromium, serving), opened(chromium, serving)
    first, second = serving.children
    one.close()
    wait(lambda: is_gone(first) or is_gone(second), "end of the closed tab's dashboard")
    (left,) = serving.children
    other.type("q")
    other.wait_for("q or y leaves")
    other.type("q")
    other.wait(lambda: "You left the dashboard" in other.cover, "word of who left")
    wait(lambda: is_gone(left), "end of the dashboard that was left")
    assert serving.children == []


def test_without_its_server_the_page_says_that_nothing_is_live(chromium: Chromium, serving: Serving) -> None:
    page = opened(chromium, serving)
    children = serving.children
    serving.end(signal.SIGKILL)
    page.wait(lambda: page.cover.startswith("NOT CONNECTED"), "cover over what is not live")
    for child in children:
        wait(lambda child=child: is_gone(child), "end of a dashboard")  # type: ignore[misc]


def test_a_fifth_tab_says_why_it_shows_nothing(chromium: Chromium, serving: Serving) -> None:
    for _ in range(4):
        opened(chromium, serving)
    late = chromium.open(serving.url)
    late.wait(lambda: late.cover.startswith("4 tabs show the dashboard already"), "word of why")
    assert len(serving.children) == 4
