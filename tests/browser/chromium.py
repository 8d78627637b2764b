"""A browser for the tests, if the machine has one, and where its pictures are left."""

import os
import shutil
from pathlib import Path

from pipeline import REPOSITORY

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
