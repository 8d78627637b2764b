"""The profile of an area, from the publishable figures of the sample site."""

import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.norm import CutOff
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.figures import standing
from pipeline.documents.measures import norm_share
from pipeline.documents.profile import MAX_HIGHLIGHTS, build_profile
from pipeline.documents.view import Figure, Measure, Profile
from tests.made_definitions import made_factor, made_norm

CHANGED = {"c_opp", "f_manage_poor", "s_commit_low"}
"""Factors with an item that was reworded, dropped or added after the norm's questionnaire."""


@pytest.fixture(scope="module")
def norrsatra(publishable: Publishable, sample_catalogue: Catalogue) -> Profile:
    return build_profile(
        publishable, sample_catalogue, "norrsatra", sample_catalogue.waves[-1], "sv"
    )


def measures_of(profile: Profile) -> dict[str, Measure]:
    factors = [measure for domain in profile.domains for measure in domain.measures]
    return {measure.id: measure for measure in (*factors, *profile.outcomes)}


def test_every_measure_of_the_site_is_shown_once(
    norrsatra: Profile, sample_catalogue: Catalogue
) -> None:
    listed = [*sample_catalogue.site.factors, *sample_catalogue.site.outcomes]
    assert sorted(measures_of(norrsatra)) == sorted(listed)


def test_figures_are_the_publishable_estimates(
    norrsatra: Profile, publishable: Publishable
) -> None:
    rows = publishable.estimates.filter(
        wave=2025, area_id="norrsatra", grade="all", gender="all", statistic="share"
    )
    shown = measures_of(norrsatra)
    assert rows.height == len(shown)
    for row in rows.iter_rows(named=True):
        expected = Figure("shown", row["estimate"], row["lower"], row["upper"], row["n"])
        assert shown[row["measure_id"]].area == expected


def test_a_factor_the_norm_sample_was_asked_otherwise_is_not_compared_with_it(
    norrsatra: Profile,
) -> None:
    broken = {each.id for each in measures_of(norrsatra).values() if each.norm_break}
    assert broken == CHANGED
    for measure_id in CHANGED:
        measure = measures_of(norrsatra)[measure_id]
        assert (measure.norm_share, measure.against_norm) == (None, "unknown")
        assert measure.area.state == "shown"
        assert [wave.break_reason is None for wave in measure.waves] == [False, True, True]


@pytest.mark.parametrize("area", ["norrsatra", "sandviken", "omrade_2", "storvik", "hogbo"])
def test_highlights_lie_past_the_norm_interval_and_all_furthest_first(
    publishable: Publishable, sample_catalogue: Catalogue, area: str
) -> None:
    profile = build_profile(publishable, sample_catalogue, area, sample_catalogue.waves[-1], "sv")
    for highlights, side in ((profile.concerns, "above"), (profile.strengths, "below")):
        assert len(highlights) <= MAX_HIGHLIGHTS
        assert {measure.against_norm for measure in highlights} <= {side}
        assert not {measure.id for measure in highlights} & CHANGED
        distances = [abs(m.area.share - m.norm_share) for m in highlights]  # type: ignore[operator]
        assert distances == sorted(distances, reverse=True)


def test_an_area_below_the_minimum_base_shows_no_figure_of_its_own(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    profile = build_profile(
        publishable, sample_catalogue, "jaderfors", sample_catalogue.waves[-1], "sv"
    )
    assert profile.n_area is None
    assert {measure.area for measure in measures_of(profile).values()} == {Figure("too_few")}
    assert profile.concerns == profile.strengths == ()
    assert profile.n_hidden == 3 * len(measures_of(profile))


def test_every_step_of_the_ladder_is_part_of_the_one_before(norrsatra: Profile) -> None:
    numbers = [step.n or 0 for step in norrsatra.ladder]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[3] - numbers[4] == norrsatra.n_not_placed > 0


@pytest.mark.parametrize(
    ("lower", "upper", "compared", "expected"),
    [
        (0.434, 0.57, 0.43, "within"),  # printed as 43-57 against 43
        (0.436, 0.57, 0.43, "above"),  # printed as 44-57 against 43
        (0.30, 0.424, 0.42, "within"),
        (0.30, 0.41, 0.42, "below"),
        (0.30, 0.41, None, "unknown"),
    ],
)
def test_where_an_interval_lies_follows_from_the_printed_numbers(
    lower: float, upper: float, compared: float | None, expected: str
) -> None:
    assert standing(Figure("shown", 0.4, lower, upper, 100), compared) == expected


def test_where_an_interval_that_cannot_be_computed_lies_is_unknown() -> None:
    assert standing(Figure("shown", 0.4, None, None, 100), 0.1) == "unknown"


def test_norms_that_share_the_grades_of_a_factor_are_pooled_by_their_size() -> None:
    factor = made_factor("factor", ["a"])
    first, second = (
        made_norm({}, name=name, grades=[grade]).model_copy(
            update={
                "cutoffs": (
                    CutOff(factor=factor.id, grade=grade, cutoff=2, n=n, share_flagged=share),
                )
            }
        )
        for name, grade, n, share in (("one", "g8", 100, 0.3), ("two", "g9", 300, 0.5))
    )
    assert norm_share(factor, (first, second)) == pytest.approx(0.45)
    assert norm_share(factor, ()) is None


def test_the_municipality_is_not_compared_with_itself(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    wave = sample_catalogue.waves[0]
    profile = build_profile(publishable, sample_catalogue, "sandviken", wave, "en")
    assert profile.is_municipality
    assert {measure.municipality for measure in measures_of(profile).values()} == {None}
    # The norm's own wave: the same pupils, asked the same.
    assert not any(measure.norm_break for measure in measures_of(profile).values())
    assert profile.concerns == profile.strengths == ()
