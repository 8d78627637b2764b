"""The figures as CSV and JSON: numbers where numbers stand, a reason where there is none."""

import csv
import json
from io import StringIO
from typing import Any

import polars as pl
import pytest

from pipeline.disclosure.figure import Published, whole_percent
from pipeline.documents.forms.data import figures_csv, figures_json
from pipeline.documents.view import Measure, Profile
from tests.documents.forms.conftest import NAMES, PROFILES

Row = dict[str, Any]


def rows_of(profile: Profile) -> list[Row]:
    text = figures_csv(profile).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def measures_of(profile: Profile) -> list[Measure]:
    return list(profile.measures)


@pytest.mark.parametrize("name", NAMES)
def test_every_share_of_every_wave_is_there(name: str) -> None:
    profile = PROFILES[name]
    rows = {
        (row["measure_id"], row["wave"], row["statistic"]): row
        for row in rows_of(profile)
        if (row["grade"], row["gender"]) == ("all", "all")
    }
    for measure in measures_of(profile):
        figures: list[tuple[int, Published, str | None]] = [(profile.wave, measure.area, None)]
        figures += [(each.wave, each.figure, each.break_reason) for each in measure.waves[:-1]]
        for wave, figure, reason in figures:
            found = {
                each: rows[measure.id, str(wave), each] for each in ("share", "lower", "upper")
            }
            _check(found, figure)
            assert found["share"]["break_reason"] == (reason or "")
        n = rows[measure.id, str(profile.wave), "n"]
        assert (n["value"], n["unit"]) == (str(measure.area.n or ""), "count")


@pytest.mark.parametrize("name", NAMES)
def test_every_share_of_every_group_is_there(name: str) -> None:
    profile = PROFILES[name]
    rows = {
        (row["measure_id"], row["grade"], row["gender"], row["statistic"]): row
        for row in rows_of(profile)
        if row["wave"] == str(profile.wave)
    }
    n_checked = 0
    for measure in measures_of(profile):
        for split in measure.splits:
            for group in split.groups:
                key = ("all", group.id) if split.by == "gender" else (group.id, "all")
                _check(
                    {each: rows[measure.id, *key, each] for each in ("share", "lower", "upper")},
                    group.figure,
                )
                n = rows[measure.id, *key, "n"]
                assert (n["value"], n["unit"]) == (str(group.figure.n or ""), "count")
                n_checked += 1
    assert n_checked > 20


def _check(found: dict[str, Row], figure: Published) -> None:
    share = found["share"]
    if figure.state == "shown":
        for statistic, row in found.items():
            number = getattr(figure, statistic)
            assert row["value"] == ("" if number is None else str(whole_percent(number)))
            assert row["status"] == ("unknown" if number is None else "shown")
    elif figure.state == "coded":
        assert figure.limit is not None
        assert (share["status"], share["limit"]) == (figure.code, str(whole_percent(figure.limit)))
        assert {row["value"] for row in found.values()} == {""}
    else:
        assert {(row["value"], row["status"]) for row in found.values()} == {("", figure.state)}
    assert share["is_unreliable"] == ("true" if figure.is_unreliable else "false")
    assert found["lower"]["is_pooled"] == ("true" if figure.is_pooled else "false")


@pytest.mark.parametrize("name", NAMES)
def test_both_forms_say_the_same(name: str) -> None:
    profile = PROFILES[name]
    told = json.loads(figures_json(profile))
    assert told["build_id"] == profile.build_id
    assert (told["synthetic"], told["edition"]) == (profile.synthetic, profile.edition)
    for row, figure in zip(rows_of(profile), told["figures"], strict=True):
        assert row == {key: _written(value) for key, value in figure.items()}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", NAMES)
def test_programs_read_columns_of_numbers_as_numbers(name: str) -> None:
    frame = pl.read_csv(figures_csv(PROFILES[name]), infer_schema_length=None)
    assert frame.columns[0] == "area_id"
    kinds = dict(zip(frame.columns, frame.dtypes, strict=True))
    assert kinds["wave"] == pl.Int64
    assert kinds["value"] == pl.Int64
    assert kinds["is_unreliable"] == pl.Boolean
    assert frame.filter(pl.col("value").is_null() != (pl.col("status") != "shown")).is_empty()


def test_excel_is_told_the_encoding_and_lines_end_as_the_standard_says() -> None:
    content = figures_csv(PROFILES["area"])
    assert content.startswith("\ufeff".encode())
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r")


def test_what_is_of_the_whole_municipality_is_said_to_be() -> None:
    rows = [row for row in rows_of(PROFILES["area"]) if row["kind"] == "participation"]
    assert {(row["area_id"], row["area"]) for row in rows} == {("", "Exempelkommunen")}
    own = [row for row in rows_of(PROFILES["municipality"]) if row["kind"] == "participation"]
    assert {row["area_id"] for row in own} == {PROFILES["municipality"].area_id}


def test_a_group_that_is_hidden_has_no_number() -> None:
    rows = [row for row in rows_of(PROFILES["public"]) if row["measure"] == "Gymnasiet årskurs 2"]
    assert {(row["value"], row["status"]) for row in rows} == {("", "suppressed")}
    assert len(rows) == 3
