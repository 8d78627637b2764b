"""Measures by gender and by grade: what is drawn, what is left out, what is said of it."""

import re
from dataclasses import replace
from html import unescape

import pytest

from pipeline.disclosure.figure import Count, Published, Share, whole_percent
from pipeline.documents.comparison_view import Comparison
from pipeline.documents.outline import Table
from pipeline.documents.outline_splits import SplitChart
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import render_profile
from pipeline.documents.split_arrangement import (
    is_split_pooled,
    split_measures,
    split_of,
    splits_shown,
)
from pipeline.documents.split_view import GroupComparison, GroupFigure, Split
from pipeline.documents.view import Measure, Profile
from pipeline.documents.wording import integer, percent, percent_range
from tests.documents.conftest import VARIANTS, rows_of
from tests.documents.sample_measures import TOO_FEW, shown
from tests.documents.sample_profile import PROFILE

MEASURES = [
    *(each for domain in PROFILE.domains for each in domain.measures),
    *PROFILE.outcomes,
]


def charts_of(profile: Profile) -> list[SplitChart]:
    blocks = outline_of(render_profile(profile)).blocks
    return [each for each in blocks if isinstance(each, SplitChart)]


def of_groups(measure: Measure, *figures: Published) -> Measure:
    """The measure in groups called A, B ... of these figures."""
    groups = tuple(
        GroupFigure(f"group_{letter}", letter, figure)
        for letter, figure in zip("ABCDEFGHIJ", figures, strict=False)
    )
    return replace(measure, splits=(Split("gender", groups, None),))


def only(measures: tuple[Measure, ...]) -> Profile:
    domain = replace(PROFILE.domains[0], measures=measures)
    return replace(PROFILE, domains=(domain,), flag_counts=(), outcomes=())


def test_marks_stand_where_the_shares_are() -> None:
    drawn = {
        (chart.title, row.label): row.lanes for chart in charts_of(PROFILE) for row in chart.rows
    }
    assert {chart.kind for chart in charts_of(PROFILE)} == {"splits"}
    n_marks = 0
    for measure in MEASURES:
        for split in measure.splits:
            [lanes] = [
                each for (title, label), each in drawn.items()
                if label == measure.label
                and title.endswith("efter kön" if split.by == "gender" else "efter årskurs")
            ]  # fmt: skip
            figures = [each.figure for each in split.groups]
            for lane, figure in zip(lanes, figures, strict=False):
                places = (figure.share, figure.lower, figure.upper)
                assert (lane.share, lane.lower, lane.upper) == tuple(
                    None if each is None else whole_percent(each) for each in places
                )
                n_marks += figure.share is not None
    assert n_marks > 80


@pytest.mark.parametrize("name", ["area", "municipality", "public", "without_norm"])
def test_every_figure_of_a_group_stands_in_the_table(name: str) -> None:
    profile = VARIANTS[name]
    rows = {row[0]: row for row in reversed(rows_of(render_profile(profile))) if row}
    blocks = outline_of(render_profile(profile)).blocks
    tables = [each for each in blocks if isinstance(each, Table) and each.kind == "splits"]
    cells = [cell.text for table in tables for row in table.rows for cell in row[1:]]
    assert rows
    n_shown = 0
    for domain in profile.domains:
        for measure in domain.measures:
            for split in measure.splits:
                for group in split.groups:
                    figure = group.figure
                    if figure.state != "shown" or figure.lower is None or figure.upper is None:
                        continue
                    marks = ("†" if figure.is_unreliable else "", "*" if figure.is_pooled else "")
                    assert figure.n is not None
                    said = (
                        f"{percent(figure.share or 0, 'sv')}{marks[0]} "
                        f"{percent_range(figure.lower, figure.upper, 'sv')}{marks[1]}, "
                        f"{integer(figure.n)}\u00a0svar"
                    )
                    assert said in cells
                    n_shown += 1
    assert n_shown > 20 or name == "without_norm"


def test_groups_without_a_norm_are_left_out_and_named() -> None:
    found = split_measures(PROFILE.domains[0].measures, "grade")
    assert found is not None
    assert found.without_norm == ("Gymnasiet årskurs 2",)
    assert {len(row.lanes) for row in found.rows} == {3}
    html = unescape(render_profile(PROFILE))
    assert "Inte med här, eftersom gränsvärden saknas: Gymnasiet årskurs 2." in html


def test_a_group_keeps_its_mark_where_another_is_left_out() -> None:
    measure = of_groups(MEASURES[0], Published("no_norm"), shown(0.3, 0.1), shown(0.4, 0.1))
    found = split_measures((measure,), "gender")
    assert found is not None
    assert [lane.mark for lane in found.rows[0].lanes] == [1, 2]
    assert [lane.top for lane in found.rows[0].lanes] == ["0.0em", "1.4em"]


def test_if_no_group_has_a_norm_none_is_left_out_and_nothing_is_drawn() -> None:
    measure = of_groups(MEASURES[0], Published("no_norm"), Published("no_norm"))
    found = split_measures((measure,), "gender")
    assert found is not None
    assert (found.without_norm, found.has_figures) == ((), False)


def test_any_number_of_groups_is_drawn() -> None:
    measure = of_groups(MEASURES[0], *(shown(each / 10, 0.05) for each in range(1, 9)))
    [chart] = charts_of(only((measure,)))
    assert [key.mark for key in chart.keys] == [0, 1, 2, 3, 4, 5, 0, 1]
    assert [lane.share for lane in chart.rows[0].lanes] == list(range(10, 90, 10))


def test_where_nothing_of_a_split_is_shown_a_sentence_stands_instead() -> None:
    measure = of_groups(MEASURES[0], TOO_FEW, TOO_FEW)
    profile = only((measure,))
    assert splits_shown(profile) == ("gender",)
    assert charts_of(profile) == []
    html = render_profile(profile)
    assert '<table class="splits">' not in html
    assert "För Norrby visas inga siffror efter kön." in unescape(html)


def test_a_code_is_a_figure_too() -> None:
    coded = Published("coded", n=Count(45), code="below", limit=Share(0.05))
    found = split_measures((of_groups(MEASURES[0], coded, TOO_FEW),), "gender")
    assert found is not None
    assert found.has_figures


@pytest.mark.parametrize(
    ("is_interval_pooled", "is_verdict_pooled"), [(False, False), (True, False), (False, True)]
)
def test_the_star_is_explained_where_an_interval_or_a_verdict_has_it(
    *, is_interval_pooled: bool, is_verdict_pooled: bool
) -> None:
    figure = replace(shown(0.6, 0.1), is_pooled=is_interval_pooled)
    measure = of_groups(MEASURES[0], figure, replace(shown(0.2, 0.1), is_pooled=False))
    [split] = measure.splits
    compared = GroupComparison("A", "B", Comparison("higher", is_pooled=is_verdict_pooled))
    measure = replace(measure, splits=(replace(split, compared=compared),))
    found = split_measures((measure,), "gender")
    assert found is not None
    assert is_split_pooled(found.rows) == (is_interval_pooled or is_verdict_pooled)


def test_where_nobody_is_in_groups_there_is_no_section() -> None:
    html = render_profile(only((replace(MEASURES[0], splits=()),)))
    assert 'id="splits"' not in html
    assert 'href="#splits"' not in html


@pytest.mark.parametrize(
    ("found", "sign", "said"),
    [
        (Comparison("higher"), "▲ Högre", "Säker skillnad: A högre än B."),
        (Comparison("lower"), "▼ Lägre", "Säker skillnad: A lägre än B."),
        (Comparison("no_detectable_difference"), "≈ Ingen säker skillnad", ""),
        (Comparison("suppressed"), "..", ""),
        (Comparison("untestable"), "Går inte att pröva", ""),
    ],
)
def test_a_difference_is_said_only_where_it_was_found(
    found: Comparison, sign: str, said: str
) -> None:
    measure = of_groups(MEASURES[0], shown(0.6, 0.1), shown(0.2, 0.1))
    [split] = measure.splits
    compared = GroupComparison("A", "B", found)
    measure = replace(measure, splits=(replace(split, compared=compared),))
    outline = outline_of(render_profile(only((measure,))))
    [chart] = [each for each in outline.blocks if isinstance(each, SplitChart)]
    [table] = [each for each in outline.blocks if isinstance(each, Table) and each.kind == "splits"]
    assert [row[-1].text for row in table.rows] == [sign]
    assert ("Säker skillnad" in chart.description) == bool(said)
    assert said in chart.description


def test_neither_gender_is_the_better_one() -> None:
    html = render_profile(PROFILE)
    for table in re.findall(r'<table class="splits">.*?</table>', html, re.DOTALL):
        assert not re.search(r'class="[^"]*(worse|better)', table)


def test_grades_are_never_compared() -> None:
    assert {split.compared is None for each in MEASURES for split in each.splits
            if split.by == "grade"} == {True}  # fmt: skip
    assert split_of(MEASURES[0], "gender") is not None
