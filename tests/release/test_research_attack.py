"""An attacker who reads the whole file: what is generalised stays so beside scores and answers.

She reads cut-offs and options in the file, works out of which grades each respondent may be and how
old at least, and then looks for a child of whom she knows area, grade, gender and age.
"""

import random
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest

from pipeline.definitions.catalogue import Catalogue, ancestors_on
from pipeline.disclosure.research.quasi_identifiers import NOT_SHOWN
from pipeline.release.research_database import Edition, write_research_database
from tests.release.conftest import KEY, changed
from tests.release.dumps import opened

Row = dict[str, Any]
EARLY = {
    "p_early_drugs": (
        "p_first_cannabis", "p_first_cigarette", "p_first_alcohol", "p_first_regular",
    ),
    "p_early_asb": (
        "p_first_suspended", "p_first_arrested", "p_first_weapon", "p_first_attacked",
    ),
}  # fmt: skip
FIRST_AGES = (*(item for items in EARLY.values() for item in items), "p_gang_age")
YOUNGEST = 10
"""An answer that says "10 or younger" tells of no age that a pupil is not past."""


class Suspect(NamedTuple):
    """What can be known of someone in the file."""

    wave: int
    area: str
    grades: frozenset[str]
    """That are possible."""

    gender: str
    age: int | None
    oldest_first: int
    """The oldest age at which something first happened, as far as it can be known; 0: nothing."""


class Attacker:
    """Reads one file."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        """Read the tables that the file explains itself with."""
        with opened(path) as connection:
            self.rows: list[Row] = pl.DataFrame(connection.table("v_respondent_wide")).to_dicts()
            self.cutoffs: dict[tuple[str, str], float] = {
                (factor, grade): cutoff
                for factor, grade, cutoff in connection.execute(
                    "select factor_id, grade, cutoff from cutoff"
                ).fetchall()
            }
            self.is_risk: dict[str, bool] = dict(
                connection.execute(
                    "select measure_id, direction = 'risk' from measure where kind = 'factor'"
                ).fetchall()
            )
            self.points: dict[int, float] = dict(
                connection.execute(
                    "select code, points from answer_code inner join item using (wave, format_id)"
                    " where item_id = 'p_first_alcohol' and wave = 2025"
                ).fetchall()
            )
        every = frozenset(grade.id for grade in catalogue.site.grades)
        self.shown = {NOT_SHOWN: every} | {each: frozenset({each}) for each in every}
        for band in catalogue.policy.research.grade_bands:
            self.shown[band.id] = frozenset(band.grades)
        self.counts = {
            count.id: (
                [each.id for each in count.factors],
                count.rule.at_least,
                count.rule.min_flags_known,
            )
            for count in catalogue.flag_counts
        }
        # A flag that is null says that the grade has no cut-off only where flags are given at all.
        self.given = {
            (row["wave"], row["grade"], factor)
            for row in self.rows
            for factor in self.is_risk
            if row[f"is_flagged_{factor}"] is not None
        }
        self.ages = _oldest_by_score(self.points)

    def suspects(self) -> list[Suspect]:
        """Everyone in the file."""
        return [
            Suspect(
                wave=row["wave"],
                area=row["area_id"],
                grades=self.grades(row),
                gender=row["gender"],
                age=row["age"],
                oldest_first=self.oldest_first(row) if row["age"] is None else 0,
            )
            for row in self.rows
        ]

    def grades(self, row: Row) -> frozenset[str]:
        """Grades that scores, flags and counts of flags are possible in."""
        shown = self.shown[row["grade"]]
        return frozenset(grade for grade in shown if self._is_possible(row, grade))

    def oldest_first(self, row: Row) -> int:
        """The oldest age that an answer, or else a score, must rest on."""
        ages = [row[item] for item in FIRST_AGES if (row[item] or 0) > YOUNGEST]
        scores = (row[f"score_{factor}"] for factor in EARLY)
        ages += [self.ages[round(float(score), 4)] for score in scores if score is not None]
        return max(ages, default=0)

    def _is_possible(self, row: Row, grade: str) -> bool:
        flags = {factor: self._flag(row, factor, grade) for factor in self.is_risk}
        for factor, computed in flags.items():
            told = row[f"is_flagged_{factor}"]
            if row[f"score_{factor}"] is None or computed == "tie":
                continue
            is_given = (row["wave"], row["grade"], factor) in self.given
            if told != computed and (told is not None or is_given):
                return False
        return all(
            self._count(flags, factors, at_least, min_known) in (row[f"reaches_{count}"], "tie")
            for count, (factors, at_least, min_known) in self.counts.items()
            if row[f"reaches_{count}"] is not None
        )

    def _flag(self, row: Row, factor: str, grade: str) -> int | str | None:
        score, cutoff = row[f"score_{factor}"], self.cutoffs.get((factor, grade))
        if score is None or cutoff is None:
            return None
        past = float(score) - cutoff if self.is_risk[factor] else cutoff - float(score)
        return "tie" if abs(past) < 1e-6 else int(past > 0)

    def _count(
        self, flags: Mapping[str, int | str | None], factors: list[str], at_least: int, known: int
    ) -> int | str | None:
        counted = [flags[each] for each in factors if flags[each] is not None]
        if "tie" in counted:
            return "tie"
        n = counted.count(1)
        if n >= at_least:
            return 1
        return 0 if len(counted) >= known else None


def _oldest_by_score(points: Mapping[int, float]) -> dict[float, int]:
    """By score of two to four ages, the least that the oldest of them can be."""
    found: dict[float, int] = {}
    for answered in (2, 3, 4):
        for codes in product(points, repeat=answered):
            score = round(sum(points[code] for code in codes) / answered, 4)
            oldest = max(code if code > YOUNGEST else 0 for code in codes)
            found[score] = min(oldest, found.get(score, oldest))
    return found


@pytest.fixture(scope="module")
def attacker(research_path: Path, sample_catalogue: Catalogue) -> Attacker:
    return Attacker(research_path, sample_catalogue)


@pytest.fixture(scope="module")
def children(sample: duckdb.DuckDBPyConnection) -> list[Row]:
    frame = sample.sql(
        "select wave, coalesce(area_id, 'sandviken') as area_id, answers.grade, answers.gender,"
        " answers.age, scored.is_analysed from staging.respondent as answers"
        " join scores.respondent_factor as scored using (wave, respondent_id)"
        " left join staging.respondent_area using (wave, respondent_id)"
        " order by wave, respondent_id"
    )
    return pl.DataFrame(frame).to_dicts()


def narrowed(attacker: Attacker) -> list[tuple[str, frozenset[str], int]]:
    """Of whom more can be known than is shown: what is shown, and what can be known."""
    return [
        (row["grade"], each.grades, each.oldest_first)
        for row, each in zip(attacker.rows, attacker.suspects(), strict=True)
        if each.grades != attacker.shown[row["grade"]] or each.oldest_first
    ]


def test_she_knows_what_a_flag_says_where_it_is_given(attacker: Attacker) -> None:
    # Her arithmetic is right: of whom the grade is shown, it alone is possible.
    shown = [row for row in attacker.rows if len(attacker.shown[row["grade"]]) == 1]
    assert sum(row["is_flagged_p_rebel"] is not None for row in shown) > 500
    assert all(attacker.grades(row) == {row["grade"]} for row in shown)
    # And with the flags of its grade, a row without one would tell it.
    told = [
        attacker.grades({**row, "grade": NOT_SHOWN})
        for row in shown
        if row["is_flagged_p_rebel"] is not None
    ]
    assert sum(len(each) == 1 for each in told) > 0.4 * len(told)
    assert any(attacker.oldest_first(row) > YOUNGEST for row in shown)


def test_no_grade_and_no_age_that_is_hidden_is_narrowed_down(attacker: Attacker) -> None:
    assert sum(len(attacker.shown[row["grade"]]) > 1 for row in attacker.rows) > 1_000
    assert narrowed(attacker) == []


@pytest.mark.parametrize("research", [{"grade_bands": [], "k": 40}, {"left_out": ["age"]}])
def test_nor_under_other_policies(
    sample: duckdb.DuckDBPyConnection,
    sample_catalogue: Catalogue,
    tmp_path: Path,
    research: dict[str, object],
) -> None:
    catalogue = changed(sample_catalogue, **research)
    path = tmp_path / "research.duckdb"
    write_research_database(sample, catalogue, Edition("other", "build", KEY), path)
    attacker = Attacker(path, catalogue)
    for row in attacker.rows:
        # Left out of the file, it is still what others may know.
        row.setdefault("age", None)
    assert narrowed(attacker) == []


def test_she_never_finds_one_child_among_fewer_than_five(
    attacker: Attacker, children: list[Row], sample_catalogue: Catalogue
) -> None:
    among = Counter(attacker.suspects())
    around = {
        (wave.wave, area.id): {
            *ancestors_on(sample_catalogue.areas, area.id, wave.fieldwork_from),
            sample_catalogue.site.root_area,
        }
        for wave in sample_catalogue.waves
        for area in sample_catalogue.areas.areas
    }

    @cache
    def matches(wave: int, area: str, grade: str, gender: str | None, age: int | None) -> int:
        return sum(
            n
            for each, n in among.items()
            if each.wave == wave
            and each.area in around[wave, area]
            and grade in each.grades
            and each.gender in {gender, NOT_SHOWN}
            and each.age in {age, None}
            and (age is None or each.oldest_first <= age)
        )

    draw = random.Random(20261123)  # noqa: S311 - which child an attacker knows
    for child in draw.choices([each for each in children if each["grade"]], k=10_000):
        found = matches(
            child["wave"], child["area_id"], child["grade"], child["gender"], child["age"]
        )
        assert found >= 5 if child["is_analysed"] else found != 1, child["grade"]
