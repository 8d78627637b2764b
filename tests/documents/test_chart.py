"""Where marks stand, and what a template is handed ready-made."""

from dataclasses import replace

from pipeline.disclosure.figure import Count, Published, Share
from pipeline.documents import arrangement, chart
from pipeline.documents.comparison_view import FunnelArea
from pipeline.documents.view import Step, WaveFigure
from tests.documents.sample_measures import BREAK, TOO_FEW, VIOLENCE, shown
from tests.documents.sample_profile import PROFILE


def test_a_position_tells_no_more_than_the_printed_number() -> None:
    assert chart.position(52 / 143) == "36%"
    assert chart.position(1.04) == "100%"


def test_a_series_stands_by_year_and_joins_only_comparable_neighbours() -> None:
    drawn = chart.series(
        (
            WaveFigure(2017, shown(0.5, None), BREAK),
            WaveFigure(2019, shown(0.4, None), None),
            WaveFigure(2021, shown(0.3, None), None),
            WaveFigure(2023, TOO_FEW, None),
            WaveFigure(2025, shown(0.2, None), None),
        )
    )
    assert [(point.x, point.y) for point in drawn.points] == [
        ("0%", "50%"),
        ("25%", "60%"),
        ("50%", "70%"),
        ("100%", "80%"),
    ]
    assert [point.is_comparable for point in drawn.points] == [False, True, True, True]
    assert [(segment.start.x, segment.end.x) for segment in drawn.segments] == [("25%", "50%")]
    # Half way between 2017, which cannot be compared, and 2019.
    assert drawn.breaks == ("13%",)


def test_a_wave_that_cannot_be_compared_is_joined_to_neither_neighbour() -> None:
    wave = WaveFigure(2021, shown(0.3, None), None)
    broken = replace(wave, wave=2023, break_reason=BREAK)
    drawn = chart.series((wave, broken, replace(wave, wave=2025)))
    assert drawn.segments == ()
    assert drawn.breaks == ("25%", "75%")


def test_a_series_of_one_wave_is_a_point() -> None:
    drawn = chart.series((WaveFigure(2025, Published("shown", Share(0.2)), None),))
    assert [point.x for point in drawn.points] == ["0%"]
    assert drawn.segments == ()


def test_a_funnel_is_a_column_for_each_area_as_exact_as_its_text() -> None:
    area = FunnelArea(
        "By",
        Count(31),
        Share(52 / 143),
        Share(0.204),
        Share(0.555),
        Share(0.1),
        Share(0.9),
        "within",
    )
    drawn = chart.funnel((area, replace(area, n=Count(40))), 0.404)
    first, second = drawn.marks
    assert (first.left, first.middle, first.width) == ("0.00%", "25.00%", "50.00%")
    assert (second.left, second.middle) == ("50.00%", "75.00%")
    assert (first.top_95, first.height_95) == ("44%", "36%")
    assert (first.top_998, first.height_998) == ("10%", "80%")
    assert (first.y, drawn.common) == ("64%", "60%")


def test_the_ladder_counts_from_the_first_step_that_is_known() -> None:
    steps = (
        Step("enrolled", None),
        Step("opened", Count(200)),
        Step("valid", Count(150)),
        Step("placed", None),
    )
    ladder = arrangement.ladder(steps)
    assert ladder.base == "opened"
    assert [rung.share for rung in ladder.rungs] == [None, 1.0, 0.75, None]


def test_a_ladder_of_nothing_has_no_shares() -> None:
    ladder = arrangement.ladder((Step("enrolled", None), Step("opened", Count(0))))
    assert ladder.base is None
    assert [rung.share for rung in ladder.rungs] == [None, None]


def test_each_reason_for_a_break_has_one_letter() -> None:
    first, second, *_ = PROFILE.domains[0].measures
    other = replace(second, waves=(WaveFigure(2023, TOO_FEW, "annan skala"), *second.waves))
    assert arrangement.break_notes((first, second, other)) == {BREAK: "a", "annan skala": "b"}


def test_letters_go_on_after_z() -> None:
    wave = PROFILE.outcomes[0].waves[0]
    many = tuple(replace(wave, break_reason=f"orsak {number}") for number in range(28))
    notes = arrangement.break_notes((replace(PROFILE.outcomes[0], waves=many),))
    assert list(notes.values())[25:] == ["z", "aa", "ab"]


def test_problems_stand_in_the_order_of_the_factor_with_the_most_links() -> None:
    domain = PROFILE.domains[0]
    few, many = domain.measures[0], domain.measures[1]
    few = replace(few, problems=("Skola", "Annat"))
    many = replace(many, problems=(VIOLENCE, "Brott", "Skola"))
    columns = arrangement.problem_columns((replace(domain, measures=(few, many)),))
    assert columns == (VIOLENCE, "Brott", "Skola", "Annat")
