"""A site that supplies polygons."""

from pathlib import Path

from tests.command_line import uppvaxt
from tests.made_map import FILE
from tests.small_site import with_map


def test_a_profile_shows_where_its_area_lies(site: Path) -> None:
    with_map(site, "first_area", "2")
    ended = uppvaxt("profile", "first_area", "--site", site, "--quiet")
    assert (ended.code, ended.err) == (0, "")
    page = Path(ended.out.splitlines()[0]).read_text("utf-8")
    assert "Första området ligger i kommunens västra del, intill Andra området.</p>" in page


def test_polygons_that_do_not_fit_are_refused_before_anything_is_built(site: Path) -> None:
    with_map(site, "frist_area")
    ended = uppvaxt("profile", "first_area", "--site", site)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        f"uppvaxt: {site / FILE}: does not fit the site's areas:\n"
        "  feature 1: kod: 'frist_area' is no area's id or code; nearest is 'first_area'\n"
    )
