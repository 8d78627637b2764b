"""The working file: rows added to relations, with the columns of each."""

from pathlib import Path

import polars as pl

from pipeline import warehouse


def appended(*frames: pl.DataFrame) -> pl.DataFrame:
    with warehouse.connect(Path(":memory:")) as connection:
        for frame in frames:
            warehouse.append(connection, "staging.respondent", frame)
        return warehouse.read(connection, "staging.respondent")


def test_a_column_that_only_one_wave_has_is_null_in_the_other() -> None:
    first = pl.DataFrame({"wave": [2021, 2021], "asked_once": [1, 2], "both": ["a", "b"]})
    second = pl.DataFrame({"both": ["c"], "wave": [2023], "asked_later": [3.5]})
    assert appended(first, second).to_dicts() == [
        {"wave": 2021, "asked_once": 1, "both": "a", "asked_later": None},
        {"wave": 2021, "asked_once": 2, "both": "b", "asked_later": None},
        {"wave": 2023, "asked_once": None, "both": "c", "asked_later": 3.5},
    ]


def test_types_are_those_of_the_frames() -> None:
    scores = pl.DataFrame({"wave": [2021], "score": ["1.5"]}).with_columns(
        pl.col("score").cast(pl.Decimal(18, 12)), item=pl.lit(None, pl.Int16)
    )
    found = appended(scores, scores.with_columns(wave=pl.lit(2023)))
    assert found.schema["score"] == pl.Decimal(18, 12)
    assert found.schema["item"] == pl.Int16
    assert found.height == 2


def test_a_relation_of_no_rows_is_made() -> None:
    assert appended(pl.DataFrame(schema={"wave": pl.Int16})).schema == {"wave": pl.Int16}


def test_rows_of_many_row_groups_keep_their_order() -> None:
    frame = pl.DataFrame({"row": pl.int_range(5 * warehouse.ROW_GROUP + 1, eager=True)})
    with warehouse.connect(Path(":memory:")) as connection:
        warehouse.write(connection, "staging.respondent", frame)
        warehouse.append(connection, "staging.respondent", frame)
        stored = pl.DataFrame(connection.table("staging.respondent"))
    assert stored.equals(pl.concat([frame, frame]))


def test_a_folder_of_any_name(tmp_path: Path) -> None:
    path = tmp_path / "it's.duckdb"
    frame = pl.DataFrame({"row": [1]})
    with warehouse.connect(path) as connection:
        warehouse.write(connection, "staging.respondent", frame)
    with warehouse.connect(path, read_only=True) as connection:
        assert warehouse.read(connection, "staging.respondent").equals(frame)
