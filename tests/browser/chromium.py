"""A browser for the tests, if the machine has one, and where its pictures are left."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import REPOSITORY

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", REPOSITORY / "build" / "screenshots"))
"""Where the tests leave pictures of all that they open, to be looked at."""


def take_picture(page: "Page", name: str) -> None:
    """Leave a picture of the whole page for people to look at.

    Where the machine is busy, Chromium now and then cannot capture a page of many screens.
    """
    # Imported here: without Playwright these tests are skipped.
    from playwright.sync_api import Error  # noqa: PLC0415

    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for is_last in (False, False, True):
        try:
            page.screenshot(path=SCREENSHOTS / name, full_page=True)
        except Error:
            if is_last:
                raise
            page.wait_for_timeout(1000)
        else:
            return
