"""The sample is what its generator writes, and holds the troubles its README promises."""

from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pyreadstat
import pytest

from data_sample.generator.questionnaire import load_questions
from data_sample.generator.sample import SITE, differing_files, write_sample
from data_sample.generator.streams import chosen, drawn, stream
from pipeline.definitions.catalogue import load_shelf, load_waves
from pipeline.definitions.wave import Wave

WAVES = load_waves(SITE)
each_wave = pytest.mark.parametrize("wave", WAVES, ids=lambda wave: str(wave.wave))


def export_of(wave: Wave) -> pl.DataFrame:
    """The rows of an export, every cell as text, null where it is empty."""
    [export] = wave.exports
    path = SITE / export.file
    if path.suffix == ".csv":
        return pl.read_csv(path, separator=export.separator, infer_schema=False)
    rows, _ = pyreadstat.read_sav(path, user_missing=True, output_format="polars")
    return pl.DataFrame(rows).with_columns(pl.col(pl.Float64).cast(pl.Int64)).cast(pl.String)


def n_by_area(wave: Wave) -> Counter[str | None]:
    """Rows per area code."""
    assert wave.columns.area
    return Counter(export_of(wave)[wave.columns.area])


def test_committed_files_equal_a_fresh_generation() -> None:
    assert differing_files(SITE) == []


def test_a_changed_file_is_named(tmp_path: Path) -> None:
    first, *others = write_sample(tmp_path)
    assert len(others) == 2 * len(WAVES) - 1
    content = (tmp_path / first).read_bytes()
    (tmp_path / first).write_bytes(content[:-2] + b"x\n")
    assert differing_files(tmp_path) == [first]


@each_wave
def test_no_more_opened_than_enrolled_in_any_school_and_grade(wave: Wave) -> None:
    columns = wave.columns
    assert wave.enrolled
    assert columns.school
    assert columns.grade
    grades = {meaning.code: meaning.id for meaning in columns.grade.codes}
    rows = export_of(wave).select(columns.school, columns.grade.column).rows()
    opened = Counter((school, grades[grade]) for school, grade in rows)
    rolls = pl.read_csv(SITE / wave.enrolled).filter(pl.col("school") != "all")
    sums = rolls.group_by("school", "grade").agg(pl.col("n_enrolled").sum())
    enrolled = {(school, grade): n for school, grade, n in sums.rows()}
    assert opened.keys() == enrolled.keys()
    assert all(opened[group] <= enrolled[group] for group in enrolled)
    assert 0.80 < opened.total() / sum(enrolled.values()) < 0.86


@pytest.mark.parametrize(
    ("year", "kungsgarden", "gysinge"),
    [(2021, "304", None), (2023, "309", "304"), (2025, "309", "304")],
)
def test_code_304_changes_hands(year: int, kungsgarden: str, gysinge: str | None) -> None:
    [wave] = [each for each in WAVES if each.wave == year]
    n = n_by_area(wave)
    assert 85 < n[kungsgarden] < 125
    assert gysinge is None or 45 < n[gysinge] < 80
    # 308, Österfärnebo, holds Gysinge's pupils until Gysinge has a code.
    assert (n["308"] > 110) == (gysinge is None)


@each_wave
def test_one_neighbourhood_is_too_small_and_some_pupils_have_none(wave: Wave) -> None:
    n = n_by_area(wave)
    assert 0 < n["302"] < 10
    assert n[None] > 20


@each_wave
def test_everyone_in_hogbo_answers_the_best(wave: Wave) -> None:
    shelf = load_shelf(SITE)
    questions = load_questions(shelf.instruments[wave.instrument], shelf)
    rows = export_of(wave).filter(pl.col(wave.columns.area or "") == "205")
    assert rows.height >= 30
    for question in questions.values():
        if question.factor is not None:
            assert set(rows[question.column]) == {str(question.codes[0])}


@each_wave
def test_class_names_repeat_between_schools(wave: Wave) -> None:
    classes = export_of(wave).select(wave.columns.psu).unique()
    assert classes[wave.columns.school_class or ""].is_duplicated().any()


def test_streams_are_told_apart_by_their_whole_name() -> None:
    assert stream(2021, "a").random() == stream(2021, "a").random()
    assert stream(2021, "a").random() != stream(2021, "b").random()
    assert stream(1, 23).random() != stream(12, 3).random()


def test_drawn_follows_the_shares() -> None:
    n = np.bincount(drawn(np.array([1.0, 0.0, 3.0]), 4000, "test"), minlength=3)
    assert n[1] == 0
    assert n[2] / n.sum() == pytest.approx(0.75, abs=0.03)


def test_chosen_takes_no_more_than_there_are() -> None:
    assert sorted(chosen(np.array([True, False, True, True]), 5, "test")) == [0, 2, 3]
