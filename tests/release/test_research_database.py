"""The file for researchers: nobody is alone in it, and nothing of the supplier's is left."""

import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.definitions.catalogue import Catalogue, ancestors_on
from pipeline.disclosure.research.microdata import sensitive_measures
from pipeline.disclosure.research.pseudonyms import pseudonyms, release_key
from pipeline.disclosure.research.quasi_identifiers import NOT_SHOWN
from pipeline.release.research_database import Edition, write_research_database
from tests.release.conftest import KEY, changed
from tests.release.dumps import dump, found_in, opened

Row = dict[str, Any]
QUASI = ("area_id", "grade", "gender", "age")


def rows_of(path: Path, relation: str = "v_respondent_wide") -> list[Row]:
    with opened(path) as connection:
        return pl.DataFrame(connection.table(relation)).to_dicts()


@pytest.fixture(scope="module")
def respondents(research_path: Path) -> list[Row]:
    return rows_of(research_path)


@pytest.fixture(scope="module")
def truth(sample: duckdb.DuckDBPyConnection) -> list[Row]:
    """Every respondent of the supplier's, with what others may know."""
    frame = sample.sql(
        "select wave, respondent_id, coalesce(area_id, 'sandviken') as area_id, answers.grade,"
        " answers.gender, answers.age, scored.is_analysed, scored.weight"
        " from staging.respondent as answers join scores.respondent_factor as scored"
        " using (wave, respondent_id) left join staging.respondent_area"
        " using (wave, respondent_id)"
    )
    return pl.DataFrame(frame).to_dicts()


def alike(respondents: list[Row]) -> dict[tuple[Any, ...], list[Row]]:
    classes = defaultdict(list)
    for row in respondents:
        classes[(row["wave"], *(row[each] for each in QUASI))].append(row)
    return classes


def test_those_who_look_alike_are_five_and_differ(
    respondents: list[Row], sample_catalogue: Catalogue
) -> None:
    edition = sample_catalogue.policy.research
    assert (edition.k, edition.l) == (5, 2)
    classes = alike(respondents)
    assert min(len(rows) for rows in classes.values()) >= 5
    assert len(classes) > 100
    for rows in classes.values():
        for measure in edition.sensitive:
            values = {row[f"outcome_{measure}"] for row in rows} - {None}
            assert len(values) != 1, measure


@pytest.mark.parametrize(
    ("research", "measures"),
    [
        ({"k": 25}, ()),
        ({"sensitive": []}, ("outcome_other_drugs_30d", "score_p_gang", "outcome_alcohol_30d")),
        ({"levels": [], "sensitive": ["truancy_4w"]}, ("outcome_truancy_4w",)),
        ({"l": 3, "sensitive": ["c_opp"]}, ("score_c_opp",)),
    ],
)
def test_other_policies_hold_as_well(
    sample: duckdb.DuckDBPyConnection,
    sample_catalogue: Catalogue,
    tmp_path: Path,
    research: dict[str, object],
    measures: tuple[str, ...],
) -> None:
    catalogue = changed(sample_catalogue, **research)
    edition = catalogue.policy.research
    path = tmp_path / "research.duckdb"
    write_research_database(sample, catalogue, Edition("other", "build", KEY), path)
    for rows in alike(rows_of(path)).values():
        assert len(rows) >= edition.k
        for column in measures:
            values = {row[column] for row in rows} - {None}
            assert not 0 < len(values) < edition.l


def test_everyone_who_passed_the_screens_is_there_once_and_no_one_else(
    respondents: list[Row], truth: list[Row]
) -> None:
    passed = Counter(row["wave"] for row in truth if row["is_analysed"])
    assert Counter(row["wave"] for row in respondents) == passed
    assert len({row["respondent"] for row in respondents}) == len(respondents)


def test_a_neighbour_never_finds_one_child_alone(
    respondents: list[Row], truth: list[Row], sample_catalogue: Catalogue
) -> None:
    [wave] = [each for each in sample_catalogue.waves if each.wave == 2025]
    bands = {
        grade: band.id
        for band in sample_catalogue.policy.research.grade_bands
        for grade in band.grades
    }
    areas = {
        area.id: {
            *ancestors_on(sample_catalogue.areas, area.id, wave.fieldwork_from),
            sample_catalogue.site.root_area,
        }
        for area in sample_catalogue.areas.areas
    }
    told = Counter((row["wave"], *(row[each] for each in QUASI)) for row in respondents)
    draw = random.Random(20251104)  # noqa: S311 - which child an attacker knows
    fewest = 10**9
    for _ in range(10_000):
        child = draw.choice(truth)
        # Whoever is compatible with what is known of the child.
        matches = sum(
            told[child["wave"], area, grade, gender, age]
            for area in areas[child["area_id"]]
            for grade in {child["grade"], bands.get(child["grade"]), NOT_SHOWN}
            for gender in {child["gender"], NOT_SHOWN}
            for age in {child["age"], None}
        )
        if child["is_analysed"]:
            assert matches >= 5
            fewest = min(fewest, matches)
        else:
            assert matches != 1
    assert fewest < 10_000


def test_what_is_told_is_true(respondents: list[Row], truth: list[Row]) -> None:
    # How many are told to be of each grade, gender and age can be no more than there are.
    for column in ("grade", "gender", "age"):
        known = Counter((row["wave"], row[column]) for row in truth if row["is_analysed"])
        told = Counter((row["wave"], row[column]) for row in respondents)
        for (wave, value), n in told.items():
            if value not in (None, NOT_SHOWN, "compulsory", "upper_secondary"):
                assert n <= known[wave, value]
    assert sum(row["grade"] != NOT_SHOWN for row in respondents) > 0.5 * len(respondents)
    assert sum(row["gender"] != NOT_SHOWN for row in respondents) > 0.5 * len(respondents)


def test_answers_scores_and_flags_are_the_respondents_own(
    research_path: Path, respondents: list[Row], sample: duckdb.DuckDBPyConnection
) -> None:
    # The key tells which row is whose.
    with opened(research_path) as connection:
        answered = connection.table("answer").columns[2:]
        measured = connection.table("measured").columns[2:]
        not_given = set(
            connection.execute(
                "select wave, respondent, column_name from hidden"
                " join tells using (wave, quasi_identifier)"
            ).fetchall()
        )
    columns = [each for each in (*answered, *measured) if each != "age"]
    given = ", ".join(
        f"{each}::decimal(12, 6) as {each}" if each.startswith("score_") else each
        for each in columns
    )
    own = pl.DataFrame(
        sample.sql(
            f"select wave, respondent_id, {given} from scores.respondent_factor"  # noqa: S608
            " join staging.respondent using (wave, respondent_id) where is_analysed"
        )
    ).to_dicts()
    of = {
        (wave, name): row
        for wave in (2021, 2023, 2025)
        if (rows := [each for each in own if each["wave"] == wave])
        for row, name in zip(
            rows,
            pseudonyms(
                release_key(KEY, "sandviken", "first"), wave, [one["respondent_id"] for one in rows]
            ),
            strict=True,
        )
    }
    assert len(answered) > 170
    assert len(of) == len(respondents)
    for row in respondents:
        key = (row["wave"], row["respondent"])
        for column in columns:
            expected = None if (*key, column) in not_given else of[key][column]
            assert row[column] == expected, column


def test_what_is_not_given_is_what_tells_of_what_is_not_shown(
    research_path: Path, respondents: list[Row], sample_catalogue: Catalogue
) -> None:
    first_ages = {
        item.id for item in sample_catalogue.instruments["ctc_se_2023"].items
        if item.format == "age_first"
    }  # fmt: skip
    early = {each.id for each in sample_catalogue.factors
             if first_ages & {item.id for item in each.items}}  # fmt: skip
    assert early == {"p_early_drugs", "p_early_asb", "p_gang"}
    flags = {f"is_flagged_{each.id}" for each in sample_catalogue.factors}
    of_age = first_ages | {f"{kind}{each}" for each in early for kind in ("score_", "is_flagged_")}
    # Risk factors count the early ones, protective ones do not.
    of_age.add("reaches_many_risk_factors")
    of_grade = flags | {"reaches_many_risk_factors", "reaches_many_weak_protective"}
    with opened(research_path) as connection:
        tells = connection.execute("select distinct column_name, quasi_identifier from tells")
        assert set(tells.fetchall()) == {
            *((each, "age") for each in of_age), *((each, "grade") for each in of_grade)
        }  # fmt: skip
        hidden = set(connection.execute("select * from hidden").fetchall())
        assert hidden == {
            (row["wave"], row["respondent"], name)
            for row in respondents
            for name, is_hidden in (
                ("age", row["age"] is None),
                ("grade", row["grade"] in {NOT_SHOWN, "compulsory", "upper_secondary"}),
            )
            if is_hidden
        }
        for view, column in (
            ("v_answer_long", "item_id"),
            ("v_measure_long", "statistic || '_' || measure_id"),
        ):
            wrong = connection.execute(
                f"select count(*) filter (where long.status <> 'not_shown' or {column} = 'age'),"  # noqa: S608
                f" count(*) from {view} as long join tells on long.wave = tells.wave"
                f" and tells.column_name = {column} join hidden on hidden.wave = long.wave"
                " and hidden.respondent = long.respondent"
                " and hidden.quasi_identifier = tells.quasi_identifier"
            ).fetchall()
            assert wrong[0][0] == 0
            assert wrong[0][1] > 10_000
    kept = [row for row in respondents if row["grade"] in {"g7", "g8", "g9", "gy1"}]
    assert sum(row["is_flagged_p_rebel"] is not None for row in kept) > 0.9 * len(kept)


def test_shares_of_a_wave_are_those_of_the_product(
    research_path: Path, sample: duckdb.DuckDBPyConnection
) -> None:
    [*found] = rows_of(research_path, "measured")
    compared = 0
    estimates = sample.execute(
        "select wave, measure_id, estimate from areas.estimate where area_id = 'sandviken'"
        " and grade = 'all' and gender = 'all' and statistic = 'share' and wave = 2025"
    ).fetchall()
    for wave, measure, share in estimates:
        column = f"outcome_{measure}"
        if column not in found[0]:
            # Flags are given only where the grade is.
            continue
        compared += 1
        values = [row[column] for row in found if row["wave"] == wave and row[column] is not None]
        assert sum(values) / len(values) == pytest.approx(share, abs=1e-12)
    assert (compared, len(estimates)) == (18, 56)


def test_nothing_of_the_supplier_is_in_it(
    research_path: Path, sample: duckdb.DuckDBPyConnection
) -> None:
    columns = {
        column
        for (column,) in sample.execute(
            "select distinct column_name from duckdb_columns()"
            " where table_name in ('respondent', 'respondent_area')"
        ).fetchall()
    }
    with opened(research_path) as connection:
        there = {
            column
            for (column,) in connection.execute(
                "select distinct column_name from duckdb_columns() where not internal"
            ).fetchall()
        }
    assert {"respondent_id", "school_id", "class_id", "area_code", "stratum", "psu"} <= columns
    assert there.isdisjoint({"respondent_id", "school_id", "class_id", "area_code"})
    assert there.isdisjoint({"stratum", "psu", "unit", "refused_reason", "screened_by"})
    ids = [
        each
        for (each,) in sample.execute(
            "select distinct respondent_id from staging.respondent"
        ).fetchall()
    ]
    assert min(map(len, ids)) >= 4
    assert found_in(research_path, sorted(ids)[::40]) == set()


def test_missing_reasons_are_those_of_respondents_and_items_in_the_file(
    research_path: Path, sample: duckdb.DuckDBPyConnection
) -> None:
    with opened(research_path) as connection:
        found = connection.execute(
            "select wave, item_id, reason, count(*) from missing_answer group by all order by all"
        ).fetchall()
        assert connection.execute(
            "select count(*) from missing_answer anti join respondent using (wave, respondent)"
        ).fetchall() == [(0,)]
        not_given = {
            item
            for (item,) in connection.execute(
                "select distinct column_name from tells where column_name in"
                " (select item_id from item)"
            ).fetchall()
        }
        # No reason tells either that an age is hidden.
        assert connection.execute(
            "select count(*) from missing_answer join hidden using (wave, respondent)"
            " join tells on tells.wave = missing_answer.wave and column_name = item_id"
            " and tells.quasi_identifier = hidden.quasi_identifier"
        ).fetchall() == [(0,)]
    expected = sample.execute(
        "select wave, item_id, reason, count(*) from staging.missing_answer"
        " join scores.respondent_factor using (wave, respondent_id)"
        " where is_analysed and item_id <> 'age' group by all order by all"
    ).fetchall()
    assert len(not_given) == 9
    assert any(row[1] in not_given for row in found)
    assert [row for row in found if row[1] not in not_given] == [
        row for row in expected if row[1] not in not_given
    ]


def test_hidden_missing_and_zero_are_three_things(research_path: Path) -> None:
    with opened(research_path) as connection:
        for view, value, there in (
            ("v_answer_long", "code", "answered"),
            ("v_measure_long", "value", "measured"),
        ):
            counts = connection.execute(
                f"select status, count(*), count({value}) from {view} group by status"  # noqa: S608
            ).fetchall()
            for status, n, n_there in counts:
                assert n_there == (n if status == there else 0), status
            assert len(counts) >= 2
        statuses = {
            status
            for (status,) in connection.execute(
                "select distinct status from v_answer_long where item_id = 'age'"
            ).fetchall()
        }
    assert statuses == {"answered", "not_shown"}


def test_two_files_are_dumped_alike(
    sample: duckdb.DuckDBPyConnection,
    sample_catalogue: Catalogue,
    research_path: Path,
    tmp_path: Path,
) -> None:
    path = tmp_path / "again.duckdb"
    sample.execute("set threads = 1")
    write_research_database(sample, sample_catalogue, Edition("first", "build", KEY), path)
    sample.execute("reset threads")
    assert dump(path) == dump(research_path)


def test_two_releases_do_not_link(
    sample: duckdb.DuckDBPyConnection,
    sample_catalogue: Catalogue,
    respondents: list[Row],
    tmp_path: Path,
) -> None:
    path = tmp_path / "research.duckdb"
    write_research_database(sample, sample_catalogue, Edition("second", "build", KEY), path)
    second = rows_of(path)
    assert {row["respondent"] for row in second}.isdisjoint(
        row["respondent"] for row in respondents
    )
    # The order is another one too: who stands where tells nothing of who stands where.
    same = sum(
        a["c_leave"] == b["c_leave"] and a["f_rules"] == b["f_rules"] and a["age"] == b["age"]
        for a, b in zip(respondents, second, strict=True)
    )
    assert same < 0.5 * len(second)


def test_rows_are_stored_in_the_order_of_pseudonyms(research_path: Path, truth: list[Row]) -> None:
    with opened(research_path) as connection:
        for relation in ("respondent", "answer", "measured"):
            stored = connection.table(relation).project("wave, respondent").fetchall()
            assert stored == sorted(stored)
            assert len(stored) == sum(row["is_analysed"] for row in truth)


def test_weights_tell_nobody_apart_and_have_the_same_sum(
    sample_path: Path, sample_catalogue: Catalogue, tmp_path: Path
) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample_path}' as there (read_only)")
        for schema in ("scores", "staging", "ref"):
            connection.execute(f"create schema {schema}")
        for relation in (
            "staging.respondent", "staging.respondent_area", "staging.missing_answer",
            "ref.wave", "ref.cutoff",
        ):  # fmt: skip
            connection.execute(f"create table {relation} as from there.{relation}")
        connection.execute(
            "create table scores.respondent_factor as select * replace"
            " ((0.5 + (hash(respondent_id) % 1000) / 700)::decimal(18, 12) as weight)"
            " from there.scores.respondent_factor"
        )
        path = tmp_path / "research.duckdb"
        write_research_database(connection, sample_catalogue, Edition("a", "b", KEY), path)
        [(expected,)] = connection.execute(
            "select sum(weight) from scores.respondent_factor where is_analysed"
        ).fetchall()
    rows = rows_of(path)
    assert all(len({row["weight"] for row in rows}) == 1 for rows in alike(rows).values())
    assert len({row["weight"] for row in rows}) > 50
    assert float(sum(row["weight"] for row in rows)) == pytest.approx(float(expected), abs=0.01)


def test_a_wave_with_fewer_than_k_is_left_out(
    sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "research.duckdb"
    catalogue = changed(sample_catalogue, k=2100, levels=("municipality", "district"))
    write_research_database(sample, catalogue, Edition("a", "b", KEY), path)
    assert {row["wave"] for row in rows_of(path)} == {2021, 2023}
    with opened(path) as connection:
        about = dict(connection.execute("from about").fetchall())
        [(n_missing,)] = connection.execute(
            "select count(*) from missing_answer where wave = 2025"
        ).fetchall()
    assert n_missing == 0
    # Levels, quasi-identifiers and measures are the sample's own, and follow its definitions.
    assert about == {
        "build": "b",
        "key_mark": about["key_mark"],
        "k": "2100",
        "l": str(catalogue.policy.research.l),
        "left_out_items": ", ".join(catalogue.policy.research.left_out),
        "left_out_waves": "2025",
        "levels_of_areas": "municipality, district",
        "quasi_identifiers": ", ".join(catalogue.policy.research.quasi_identifiers),
        "release_id": "a",
        "sensitive": ", ".join(each.id for each in sensitive_measures(catalogue)),
        "site_id": "sandviken",
        "status": "Personal data. For use under contract only; docs/databases.md says how.",
        "synthetic": "true",
    }


def test_a_measure_that_everyone_has_alike_is_withheld_with_its_answers(
    sample_path: Path, sample_catalogue: Catalogue, tmp_path: Path
) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample_path}' as there (read_only)")
        for schema in ("scores", "staging", "ref"):
            connection.execute(f"create schema {schema}")
        for relation in (
            "staging.respondent", "staging.respondent_area", "staging.missing_answer",
            "ref.wave", "ref.cutoff",
        ):  # fmt: skip
            connection.execute(f"create table {relation} as from there.{relation}")
        connection.execute(
            "create table scores.respondent_factor as select * replace"
            " (if(wave = 2023, least(outcome_truancy_4w, 0), outcome_truancy_4w)"
            " as outcome_truancy_4w) from there.scores.respondent_factor"
        )
        path = tmp_path / "research.duckdb"
        write_research_database(connection, sample_catalogue, Edition("a", "b", KEY), path)
    [truancy] = [each for each in sample_catalogue.outcomes if each.id == "truancy_4w"]
    items = [item.id for item in truancy.items]
    for row in rows_of(path):
        is_withheld = row["wave"] == 2023
        if is_withheld:
            assert row["outcome_truancy_4w"] is None
            assert all(row[item] is None for item in items)
    with opened(path) as connection:
        measures = connection.execute(
            "select wave, status from measure where measure_id = 'truancy_4w' order by wave"
        ).fetchall()
        reasons = connection.execute(
            "select distinct status from v_answer_long where wave = 2023 and item_id = ?",
            [items[0]],
        ).fetchall()
    assert measures == [(2021, "asked"), (2023, "withheld"), (2025, "asked")]
    assert reasons == [("withheld",)]


def test_items_that_the_policy_leaves_out_are_nowhere(
    sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "research.duckdb"
    catalogue = changed(sample_catalogue, left_out=["honesty", "age"])
    write_research_database(sample, catalogue, Edition("a", "b", KEY), path)
    with opened(path) as connection:
        assert {"honesty", "age"}.isdisjoint(connection.table("answer").columns)
        for relation in ("item", "missing_answer", "v_answer_long"):
            ids = connection.table(relation).project("item_id").distinct().fetchall()
            assert {"honesty", "age"}.isdisjoint(item for (item,) in ids)


def test_neither_key_is_in_the_file(research_path: Path) -> None:
    raw, text = research_path.read_bytes(), dump(research_path)
    for secret in (KEY, KEY[:16], KEY[16:]):
        assert secret not in raw
        assert secret.hex() not in text
