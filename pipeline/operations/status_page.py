"""The page that tells people at the municipality how the nightly runs go. In Swedish."""

import os
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline import REPOSITORY
from pipeline.files import write_whole
from pipeline.operations.standing import Standing, read_standing

STATUS_PAGE = "status.html"

N_RUNS = 14
"""Runs the page lists: two weeks of nights. Project choice."""

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)


def write_status_page(folder: Path) -> Path:
    """Write ``status.html`` whole, for the folder's group to read.

    Not for everyone: the reason why a release is held names figures that a few would change.
    """
    at = datetime.now(UTC)
    page = render_status(read_standing(folder, at), at)
    path = folder / STATUS_PAGE
    before = os.umask(0o027)
    try:
        write_whole(path, page)
    finally:
        os.umask(before)
    return path


def render_status(standing: Standing, at: datetime) -> str:
    """The page as one HTML file that needs nothing else.

    Args:
        standing: of the site.
        at: now; the page says when it was written.
    """
    environment = Environment(
        loader=FileSystemLoader(REPOSITORY / "reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"moment": _moment, "duration": _duration, "hours": _hours}
    template = environment.get_template("status.html.j2")
    return template.render(standing=standing, at=at, runs=standing.runs[:N_RUNS])


def _moment(stated: str | datetime) -> str:
    """A time as it is said here, in the machine's time zone."""
    time = datetime.fromisoformat(stated) if isinstance(stated, str) else stated
    local = time.astimezone()
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} kl. {local:%H.%M}"


def _duration(seconds: dict[str, float]) -> str:
    """How long the steps of a run took."""
    whole = round(sum(seconds.values()))
    if not whole:
        return "under 1 s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _hours(hours: float) -> str:
    """An age in words."""
    if hours < 1:
        return "mindre än en timme"
    if hours < 48:
        return f"{round(hours)} timmar" if round(hours) > 1 else "en timme"
    return f"{round(hours / 24)} dygn"
