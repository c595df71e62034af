"""Write the picture of the dashboard in a browser: `python -m screenshots.browser`.

It is a photograph and no drawing: another version of the browser paints other
pixels, so no test compares it. The fleet and its clock are the same each time.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browser.chromium import Chromium, find
from tests.cli.drill import Drill
from tests.cli.serving import Serving

PICTURE = Path(__file__).parent / "dashboard-browser.png"
LARGEST = 200_000
"""Bytes that a picture of the README may have."""

_MODEL = "/v1/models/phi-4-mini/rollback"
_SECONDS = 240
"""After the rollback began."""


def write(browser: str, directory: Path) -> None:
    """Write the picture of a rollback that is four minutes old."""
    with (
        Drill("night") as drill,
        (directory / "errors").open("wb") as errors,
        Serving({**drill.env, "OCTOMIL_ORG_ID": "acme-edge"}, errors) as serving,
        Chromium(browser, directory / "profile", flags=()) as chromium,
    ):
        drill.post(_MODEL, {"to_version": "1.0.0", "reason": "errors 6.1% after v2.0.0"})
        page = chromium.open(serving.url, (1200, 750))
        page.wait_for("ROLLING BACK")
        drill.at(_SECONDS)
        page.wait_for("31 verified")
        page.wait(lambda: page.cover == "", "dashboard without a cover")
        picture = page.picture()
    if len(picture) > LARGEST:
        sys.exit(f"the picture has {len(picture)} bytes, more than {LARGEST}")
    PICTURE.write_bytes(picture)


if __name__ == "__main__":
    found = find()
    if found is None:
        sys.exit("there is no browser: make browser installs one, on Debian")
    with tempfile.TemporaryDirectory() as made:
        write(found, Path(made))
