"""The profile of an area, from the publishable figures of the sample site."""

import polars as pl
import pytest

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.norm import CutOff
from pipeline.definitions.raking import Raking
from pipeline.disclosure.figure import Published, published
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.by_area import by_area
from pipeline.documents.measures import norm_share
from pipeline.documents.participation import participation_of
from pipeline.documents.participation_view import Participation
from pipeline.documents.profile import MAX_HIGHLIGHTS, build_profile
from pipeline.documents.view import Measure, Profile
from tests.made_definitions import made_factor, made_norm

CHANGED = {"c_opp", "f_manage_poor", "s_commit_low"}
"""Factors with an item that was reworded, dropped or added after the norm's questionnaire."""


@pytest.fixture(scope="module")
def norrsatra(publishable: Publishable, sample_catalogue: Catalogue) -> Profile:
    return build_profile(
        publishable, sample_catalogue, "norrsatra", sample_catalogue.waves[-1], "sv"
    )


def measures_of(profile: Profile) -> dict[str, Measure]:
    return {measure.id: measure for measure in profile.measures}


def test_every_measure_of_the_site_is_shown_once(
    norrsatra: Profile, sample_catalogue: Catalogue
) -> None:
    site = sample_catalogue.site
    listed = [*site.factors, *site.outcomes, *site.flag_counts]
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
        expected = published(row, publishable.code_limits)
        assert (expected.share, expected.n) == (row["estimate"], row["n"])
        assert shown[row["measure_id"]].area == expected


def test_figures_of_groups_are_the_publishable_estimates(
    norrsatra: Profile, publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    rows = publishable.estimates.filter(wave=2025, area_id="norrsatra", statistic="share").filter(
        (pl.col("grade") == "all") != (pl.col("gender") == "all")
    )
    shown: dict[tuple[str, str, str], Published] = {
        (split.by, group.id, measure.id): group.figure
        for measure in measures_of(norrsatra).values()
        for split in measure.splits
        for group in split.groups
    }
    assert rows.height == len(shown)
    for row in rows.iter_rows(named=True):
        by = "gender" if row["grade"] == "all" else "grade"
        figure = shown[by, row[by], row["measure_id"]]
        if row["is_suppressed"] or not row["n"]:
            assert figure.share is None
            assert figure.state in ("suppressed", "too_few", "no_norm", "no_answers")
        else:
            assert figure == published(row, publishable.code_limits)
    orders: dict[str, list[str]] = {
        split.by: [group.id for group in split.groups]
        for split in measures_of(norrsatra)["f_conflict"].splits
    }
    site = sample_catalogue.site
    for by, listed in (("gender", site.genders), ("grade", site.grades)):
        assert orders[by] == [each.id for each in listed if each.id in orders[by]]


def test_genders_differ_where_the_build_found_it(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    wave = sample_catalogue.waves[-1]
    profile = build_profile(publishable, sample_catalogue, "sandviken", wave, "sv")
    rows = publishable.comparisons.filter(
        wave=2025, area_id="sandviken", kind="gender", grade="all"
    )
    expected = {row["measure_id"]: row for row in rows.iter_rows(named=True)}
    found = {}
    for measure in measures_of(profile).values():
        [by_gender] = [split for split in measure.splits if split.by == "gender"]
        assert by_gender.compared is not None
        assert (by_gender.compared.first, by_gender.compared.second) == ("Flickor", "Pojkar")
        found[measure.id] = by_gender.compared.found.verdict
        if found[measure.id] in ("higher", "lower"):
            assert expected[measure.id]["verdict"] == found[measure.id]
    assert {"higher", "lower"} <= set(found.values())
    told = {each for each, row in expected.items() if row["verdict"] in ("higher", "lower")
            and not row["is_suppressed"]}  # fmt: skip
    assert told == {each for each, said in found.items() if said in ("higher", "lower")}


def test_a_gender_that_the_edition_leaves_out_is_named(
    public: Publishable, publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    wave = sample_catalogue.waves[-1]
    told = {
        each.edition: build_profile(each, sample_catalogue, "norrsatra", wave, "sv")
        for each in (public, publishable)
    }
    assert told["public"].genders_not_shown == ("Annat",)
    [labels] = {
        tuple(group.label for group in split.groups)
        for measure in measures_of(told["public"]).values()
        for split in measure.splits
        if split.by == "gender"
    }
    assert labels == ("Flickor", "Pojkar")
    assert told["internal"].genders_not_shown == ()


def test_a_figure_says_what_its_interval_rests_on(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    is_one = pl.col("measure_id") == "f_conflict"
    basis = pl.when(is_one).then(pl.lit("pooled")).otherwise("interval_basis")
    changed = publishable.estimates.with_columns(interval_basis=basis)
    profile = build_profile(
        publishable._replace(estimates=changed), sample_catalogue, "norrsatra",
        sample_catalogue.waves[-1], "sv",
    )  # fmt: skip
    pooled = {name for name, measure in measures_of(profile).items() if measure.area.is_pooled}
    assert pooled == {"f_conflict"}


def test_a_factor_the_norm_sample_was_asked_otherwise_is_not_compared_with_it(
    norrsatra: Profile,
) -> None:
    broken = {each.id for each in measures_of(norrsatra).values() if each.norm_break}
    assert broken == CHANGED
    for measure_id in CHANGED:
        measure = measures_of(norrsatra)[measure_id]
        assert (measure.norm_share, measure.against_norm.verdict) == (None, "not_compared")
        assert measure.area.state == "shown"
        assert [wave.break_reason is None for wave in measure.waves] == [False, True, True]
        # Two waves are no trend, and the change is since the one that can be compared.
        assert (measure.change.since, measure.trend) == (2023, None)


@pytest.mark.parametrize("area", ["norrsatra", "sandviken", "omrade_2", "storvik", "hogbo"])
def test_highlights_differ_from_the_norm_and_stand_furthest_first(
    publishable: Publishable, sample_catalogue: Catalogue, area: str
) -> None:
    profile = build_profile(publishable, sample_catalogue, area, sample_catalogue.waves[-1], "sv")
    for highlights, side in ((profile.concerns, "higher"), (profile.strengths, "lower")):
        assert len(highlights) <= MAX_HIGHLIGHTS
        assert {measure.against_norm.verdict for measure in highlights} <= {side}
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
    assert {measure.area for measure in measures_of(profile).values()} == {Published("too_few")}
    assert profile.concerns == profile.strengths == ()
    assert {measure.rest for measure in measures_of(profile).values()} == {None}
    assert {measure.change.verdict for measure in measures_of(profile).values()} == {"too_few"}
    assert profile.n_hidden == 3 * len(measures_of(profile))


def test_what_was_planted_in_the_sample_is_found(norrsatra: Profile) -> None:
    shown = measures_of(norrsatra)
    for measure_id in ("c_disorg", "c_avail_drugs"):
        assert shown[measure_id].against_rest.verdict == "higher"
        assert shown[measure_id].against_norm.verdict == "higher"
    for measure_id in ("f_rew", "f_att_drugs"):
        assert shown[measure_id].against_rest.verdict == "lower"


def test_the_rest_is_everyone_but_the_area(norrsatra: Profile, publishable: Publishable) -> None:
    whole = publishable.estimates.filter(
        wave=2025, area_id="sandviken", grade="all", gender="all", statistic="share"
    )
    for row in whole.iter_rows(named=True):
        measure = measures_of(norrsatra)[row["measure_id"]]
        area, rest = measure.area, measure.rest
        assert rest is not None
        assert area.n is not None
        # Nobody is weighted, so the counts add up.
        n_flagged = area.share * area.n + rest.share * (row["n"] - area.n)  # type: ignore[operator]
        assert n_flagged == pytest.approx(row["estimate"] * row["n"])


def test_areas_beside_each_other_are_those_that_may_be_shown(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    wave = sample_catalogue.waves[-1]
    profile = build_profile(publishable, sample_catalogue, "sandviken", wave, "sv")
    labels = {area.id: area.label for area in sample_catalogue.areas.areas}
    for measure in measures_of(profile).values():
        names = [area.label for area in measure.funnel]
        assert labels["jaderfors"] not in names
        assert labels["norrsatra"] in names
        assert [area.n for area in measure.funnel] == sorted(area.n for area in measure.funnel)
        assert min(area.n for area in measure.funnel) >= sample_catalogue.policy.public.min_base
    disorder = {area.label: area.place for area in measures_of(profile)["c_disorg"].funnel}
    assert disorder[labels["norrsatra"]] == "above_998"


def test_every_step_of_the_ladder_is_part_of_the_one_before(norrsatra: Profile) -> None:
    numbers = [step.n or 0 for step in norrsatra.ladder]
    assert numbers == sorted(numbers, reverse=True)
    assert norrsatra.n_not_placed is not None
    assert numbers[3] - numbers[4] == norrsatra.n_not_placed > 0


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


def test_grades_of_a_weighted_norm_are_pooled_by_their_weights() -> None:
    factor = made_factor("factor", ["a"])
    weighted = made_norm({}, grades=["g8", "g9"], weighted=True).model_copy(
        update={
            "cutoffs": tuple(
                CutOff(factor="factor", grade=grade, cutoff=2, n=n, weight=w, share_flagged=share)
                for grade, n, w, share in (("g8", 300, 1000, 0.1), ("g9", 100, 3000, 0.5))
            )
        }
    )
    assert norm_share(factor, (weighted,)) == pytest.approx(0.4)
    # Beside another norm it counts as its respondents, whatever its weights add up to.
    cut = CutOff(factor="factor", grade="gy1", cutoff=2, n=600, share_flagged=0.9)
    other = made_norm({}, grades=["gy1"]).model_copy(update={"cutoffs": (cut,)})
    assert norm_share(factor, (weighted, other)) == pytest.approx((0.4 * 400 + 0.9 * 600) / 1000)


def test_the_municipality_is_not_compared_with_itself(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    wave = sample_catalogue.waves[0]
    profile = build_profile(publishable, sample_catalogue, "sandviken", wave, "en")
    assert profile.is_municipality
    assert {measure.rest for measure in measures_of(profile).values()} == {None}
    # The norm's own wave: the same pupils, asked the same.
    assert not any(measure.norm_break for measure in measures_of(profile).values())
    assert profile.concerns == profile.strengths == ()


def participation_in(
    publishable: Publishable, catalogue: Catalogue, year: int, **changes: object
) -> Participation:
    """Participation as the profiles of a wave show it."""
    [wave] = [each for each in catalogue.waves if each.wave == year]
    return participation_of(publishable, catalogue, wave.model_copy(update=changes), "sv")


def test_participation_is_that_of_the_whole_municipality(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    shown = participation_in(publishable, sample_catalogue, 2025)
    everyone = publishable.coverage.filter(wave=2025, grade="all").to_dicts()[0]
    assert (shown.everyone.n_enrolled, shown.everyone.n_answered) == (
        everyone["n_enrolled"],
        everyone["n_valid"],
    )
    assert [each.label for each in shown.under_represented] == ["Gymnasiet år 2"]
    assert sum(each.n_enrolled or 0 for each in shown.grades) == shown.everyone.n_enrolled
    girls, boys, others = shown.genders
    assert (girls.n_enrolled or 0) + (boys.n_enrolled or 0) == shown.everyone.n_enrolled
    assert (others.n_enrolled, others.share) == (None, None)
    assert (shown.largest_discrepancy, shown.raked_by) == (0, ())
    assert shown.max_bias_points == 4
    assert shown.bias_variables == ("skola", "årskurs", "kön")


def test_rolls_that_do_not_add_up_are_told(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    assert participation_in(publishable, sample_catalogue, 2023).largest_discrepancy == 3


def test_no_school_leaves_for_documents(publishable: Publishable) -> None:
    assert publishable.participation["school_id"].unique().to_list() == ["all"]


def test_weighted_shares_have_no_bound(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    raking = Raking(margins=("grade",), source="made up for a test")
    shown = participation_in(publishable, sample_catalogue, 2025, raking=raking)
    assert (shown.max_bias_points, shown.raked_by) == (None, ("årskurs",))


@pytest.mark.parametrize("sizes", [(), ("ANTAL_KLASSER",)])
def test_a_wave_with_population_sizes_is_corrected_for_them(
    publishable: Publishable, sample_catalogue: Catalogue, sizes: tuple[str, ...]
) -> None:
    wave = sample_catalogue.waves[-1]
    columns = wave.columns.model_copy(update={"fpc": sizes})
    profile = build_profile(
        publishable,
        sample_catalogue,
        "norrsatra",
        wave.model_copy(update={"columns": columns}),
        "sv",
    )
    assert profile.has_population_sizes == bool(sizes)


def test_a_profile_made_of_its_area_s_rows_alone_is_the_same(
    publishable: Publishable, sample_catalogue: Catalogue
) -> None:
    wave, root = sample_catalogue.waves[-1], sample_catalogue.site.root_area
    apart = by_area(publishable, root)
    assert root not in apart
    for area in sample_catalogue.areas.areas:
        own, every = (
            build_profile(rows, sample_catalogue, area.id, wave, "sv")
            for rows in (apart.get(area.id, publishable), publishable)
        )
        assert own == every, area.id
    assert len(apart) > 20
    assert all(set(rows.estimates["area_id"]) <= {area} for area, rows in apart.items())
