"""Tables of a release and pages of three areas, as documents of other forms stand beside them."""

from pathlib import Path

import duckdb
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.profile import build_profile
from pipeline.documents.render import render_profile
from pipeline.documents.view import Profile
from pipeline.release.tables import write_tables
from tests.attack.planting import Opened, opened
from tests.made_once import made_once

AREAS = ("norrsatra", "jaderfors", "sandviken")
"""With figures; so small that it has none; the municipality."""


@pytest.fixture(scope="session")
def profiles(public: Publishable, sample_catalogue: Catalogue) -> dict[str, Profile]:
    """Profiles by the names of their documents."""
    site = sample_catalogue.site.id
    return {
        f"{site}_{area}_{wave.wave}_{lang}": build_profile(
            public, sample_catalogue, area, wave, lang
        )
        for area in AREAS
        for wave in sample_catalogue.waves
        for lang in ("sv", "en")
        if lang == "sv" or area == "norrsatra"
    }


@pytest.fixture(scope="session")
def pages(
    profiles: dict[str, Profile],
    sample: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder of pages, with the release's tables beside it."""

    def make(folder: Path) -> None:
        (folder / "tables").mkdir()
        (folder / "documents").mkdir()
        write_tables(sample, folder / "tables")
        for path in (folder / "tables").glob("*.json"):
            path.unlink()
        for name, profile in profiles.items():
            page = folder / "documents" / f"{name}.html"
            page.write_text(render_profile(profile), "utf-8")
            short = folder / "documents" / f"{name}_summary.html"
            short.write_text(render_profile(profile, "summary"), "utf-8")

    return made_once(tmp_path_factory, "attacked_pages", make) / "documents"


@pytest.fixture(scope="session")
def beside(pages: Path) -> Opened:
    """The tables and pages, read."""
    return opened(pages.parent)
