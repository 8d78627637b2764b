"""What researchers look things up in is what the site's definitions say."""

from pipeline.definitions.catalogue import Catalogue
from pipeline.release.research_reference import (
    answer_code_rows,
    area_rows,
    grade_rows,
    item_rows,
    measure_rows,
)
from tests.release.conftest import changed

WAVE = 2025


def parents(catalogue: Catalogue) -> dict[str, str | None]:
    rows = area_rows(catalogue).filter(wave=WAVE)
    return dict(rows.select("area_id", "parent_id").iter_rows())


def test_areas_lie_in_the_nearest_that_is_told(sample_catalogue: Catalogue) -> None:
    districts = parents(changed(sample_catalogue, levels=("district",)))
    assert districts.pop("sandviken") is None
    assert set(districts.values()) == {"sandviken"}
    assert len(districts) == 3
    places = parents(changed(sample_catalogue, levels=("neighbourhood",)))
    assert (places["sandviken"], places["norrsatra"]) == (None, "sandviken")
    every = parents(changed(sample_catalogue, levels=()))
    assert every.keys() == {area.id for area in sample_catalogue.areas.areas}
    assert every["norrsatra"] in districts
    row = area_rows(sample_catalogue).row(0, named=True)
    assert row == {
        "wave": 2021,
        "area_id": "sandviken",
        "label": "Sandviken",
        "level": "municipality",
        "parent_id": None,
    }


def test_grades_are_themselves_a_band_or_not_shown(sample_catalogue: Catalogue) -> None:
    rows = grade_rows(sample_catalogue).rows()
    grades = [grade.id for grade in sample_catalogue.site.grades]
    assert [row[:2] for row in rows[: len(grades)]] == [(each, each) for each in grades]
    bands = sample_catalogue.policy.research.grade_bands
    assert [row[:2] for row in rows[len(grades) : -1]] == [
        (grade, band.id) for band in bands for grade in band.grades
    ]
    assert [(row[2], row[3]) for row in rows[len(grades) : -1]] == [
        (band.label.sv, band.label.en) for band in bands for _ in band.grades
    ]
    assert rows[-1] == ("not_shown", "not_shown", "Visas inte", "Not shown")


def test_questions_stand_in_the_order_in_which_they_were_asked(sample_catalogue: Catalogue) -> None:
    [wave] = [each for each in sample_catalogue.waves if each.wave == WAVE]
    instrument = sample_catalogue.instrument_of(wave)
    withheld = {each.wave: frozenset[str]() for each in sample_catalogue.waves}
    first = next(
        each
        for each in instrument.items
        if each.id not in sample_catalogue.policy.research.left_out
    )
    withheld[WAVE] = frozenset({first.id})
    rows = {row["item_id"]: row for row in item_rows(sample_catalogue, withheld).to_dicts()
            if row["wave"] == WAVE}  # fmt: skip
    assert not rows.keys() & set(sample_catalogue.policy.research.left_out)
    asked = {each.id: place for place, each in enumerate(instrument.items, 1)}
    for item, row in rows.items():
        assert row["place"] == asked.get(item)
        assert (row["status"] == "not_asked") == (item not in asked)
        assert (row["status"] == "withheld") == (item == first.id)
    assert (rows[first.id]["text_sv"], rows[first.id]["text_en"], rows[first.id]["format_id"]) == (
        first.text.sv,
        first.text.en,
        first.format,
    )


def test_options_and_measures_are_those_of_the_wave(sample_catalogue: Catalogue) -> None:
    [wave] = [each for each in sample_catalogue.waves if each.wave == WAVE]
    options = answer_code_rows(sample_catalogue).filter(wave=WAVE).rows()
    assert options == [
        (WAVE, each.id, code.code, code.label.sv, code.label.en, code.score_points)
        for each in sample_catalogue.instrument_of(wave).formats
        for code in each.codes
    ]
    withheld = {each.wave: frozenset[str]() for each in sample_catalogue.waves}
    withheld[WAVE] = frozenset({"alcohol_30d"})
    rows = {row["measure_id"]: row for row in measure_rows(sample_catalogue, withheld).to_dicts()
            if row["wave"] == WAVE}  # fmt: skip
    for factor in sample_catalogue.factors:
        row = rows[factor.id]
        assert (row["kind"], row["direction"]) == ("factor", factor.direction)
        assert (row["label_sv"], row["label_en"]) == (factor.label.sv, factor.label.en)
        assert row["status"] == "asked"
    outcome = rows["alcohol_30d"]
    assert (outcome["kind"], outcome["direction"]) == ("outcome", None)
    assert (outcome["status"], outcome["is_sensitive"]) == ("withheld", True)
