"""Norms of the municipality's own answers: what they state is not hidden, or they are not told."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.norm import Norm
from pipeline.definitions.policy import PublicEdition
from pipeline.disclosure.own_norms import add_stated, withheld_norms
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.disclosure.table_lines import table_lines
from pipeline.documents.profile import build_profile
from tests.tables import table

CELLS = table(
    """
    area_id | part | grade | gender | n   | k
    town    | area | all   | all    | 900 | 300
    town    | area | g7    | all    | 400 | 100
    town    | area | g7    | girl   | 400 | 100
    town    | area | g8    | all    | 500 | 200
    town    | rest | g7    | all    | 400 | 100
    here    | area | g7    | all    | 400 | 100
    """
).with_columns(
    pl.col("n", "k").cast(pl.Int64), wave=pl.lit(2021, pl.Int16), measure_id=pl.lit("c_disorg")
)


@pytest.fixture
def norm(sample_catalogue: Catalogue) -> Callable[..., Norm]:
    """A norm of 2021 with one cut-off of 400 respondents in one grade."""

    def of(**changed: Any) -> Norm:
        [first] = sample_catalogue.norms
        cut = first.cutoffs[0].model_copy(
            update={"factor": "c_disorg", "grade": "g7", "n": 400, "share_flagged": 0.25} | changed
        )
        return first.model_copy(update={"cutoffs": (cut,)})

    return of


def stated(norm: Norm, cells: pl.DataFrame = CELLS) -> list[tuple[Any, ...]]:
    found = add_stated(cells, [norm], "town").filter("is_stated")
    return found.select("area_id", "part", "grade", "gender").rows()


def test_a_norm_states_the_cell_of_its_grade(norm: Callable[..., Norm]) -> None:
    assert stated(norm()) == [("town", "area", "g7", "all")]


@pytest.mark.parametrize(
    ("changed", "is_stated"),
    [
        # After an erasure or a correction it is still the group.
        ({"n": 408}, True),
        ({"n": 409}, False),
        ({"share_flagged": 0.27}, True),
        ({"share_flagged": 0.271}, False),
        ({"grade": "g8"}, False),
        ({"factor": "c_mobility"}, False),
    ],
)
def test_another_sample_states_nothing(
    norm: Callable[..., Norm], changed: dict[str, Any], *, is_stated: bool
) -> None:
    assert bool(stated(norm(**changed))) == is_stated
    other_year = CELLS.with_columns(wave=pl.lit(2023, pl.Int16))
    assert not stated(norm(**changed), other_year)


@pytest.mark.parametrize(("n", "is_stated"), [(39, True), (37, True), (36, False)])
def test_of_a_small_group_a_few_may_have_been_erased(
    norm: Callable[..., Norm], n: int, *, is_stated: bool
) -> None:
    small = CELLS.with_columns(n=pl.lit(n, pl.Int64), k=pl.lit(10, pl.Int64))
    assert bool(stated(norm(n=40, share_flagged=0.25), small)) == is_stated


@pytest.mark.parametrize(
    ("reason", "code", "is_withheld"),
    [
        ("", None, False),
        ("complementary", None, True),
        ("override", None, True),
        ("", "below", True),
    ],
)
def test_a_norm_is_withheld_where_what_it_states_is_hidden(
    norm: Callable[..., Norm], reason: str, code: str | None, *, is_withheld: bool
) -> None:
    cells = add_stated(CELLS, [norm()], "town").with_columns(
        reason=pl.when("is_stated").then(pl.lit(reason)).otherwise(pl.lit("base")),
        code=pl.lit(code, pl.String),
    )
    assert withheld_norms(cells) == (["c_disorg"] if is_withheld else [])


def test_what_a_norm_states_is_known_exactly_and_cannot_be_hidden(
    norm: Callable[..., Norm],
) -> None:
    cells = add_stated(CELLS.filter(grade="g7", gender="all"), [norm()], "town").with_columns(
        n_rounded=pl.lit(400, pl.Int64), k_rounded=pl.lit(100, pl.Int64),
        reason=pl.lit(""), number=pl.lit(0),
        code=pl.lit(None, pl.String), hides_n=pl.lit(value=False), is_missing=pl.lit(value=False),
        min_base=pl.lit(30, pl.Int64), min_count=pl.lit(8, pl.Int64),
    )  # fmt: skip
    lines = table_lines(cells, PublicEdition(), "town").filter(part="area")
    known = lines.filter(area_id="town").select("what", "lower", "upper", "may_hide").rows()
    assert known == [("n", 400, 400, False), ("k", 100, 100, False)]
    assert lines.filter(area_id="here")["may_hide"].all()
    assert lines.filter(area_id="here")["upper"].is_null().all()


def test_the_samples_norm_states_nothing_that_is_hidden(
    sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue
) -> None:
    [norm] = sample_catalogue.norms
    pairs = pl.DataFrame(
        [(cut.factor, cut.grade) for cut in norm.cutoffs], ["measure_id", "grade"], orient="row"
    )
    root = warehouse.read(sample, "published.estimate").filter(
        wave=norm.wave, area_id=sample_catalogue.site.root_area, gender="all"
    )
    assert root.join(pairs, on=["measure_id", "grade"])["status"].to_list() == ["shown"] * len(
        pairs
    )


def test_a_norm_that_is_told_nowhere_is_not_told_by_a_profile(
    sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue
) -> None:
    public = read_publishable(sample, sample_catalogue.policy, "public")
    shown = norms_in(public, sample_catalogue)
    assert shown["c_disorg"] is not None
    comparisons = public.comparisons.filter(
        (pl.col("kind") != "norm") | (pl.col("measure_id") != "c_disorg")
    )
    told = frozenset(norms_of(public)) - {"c_disorg"}
    hidden = public._replace(comparisons=comparisons, told_norms=told)
    assert norms_in(hidden, sample_catalogue) == shown | {"c_disorg": None}


def norms_of(public: Publishable) -> set[str]:
    assert public.told_norms is not None
    return set(public.told_norms)


def test_a_norm_is_told_where_a_comparison_with_it_is_shown_and_nowhere_else(
    sample_path: Path, sample_catalogue: Catalogue, tmp_path: Path
) -> None:
    with warehouse.connect(Path(shutil.copy(sample_path, tmp_path / "copy.duckdb"))) as connection:
        connection.execute("delete from published.comparison where measure_id = 'c_disorg'")
        connection.execute(
            "update published.comparison set status = 'suppressed' where measure_id = 'c_opp'"
        )
        public = read_publishable(connection, sample_catalogue.policy, "public")
    factors = {factor.id for factor in sample_catalogue.factors}
    assert factors - norms_of(public) == {"c_disorg", "c_opp"}


def norms_in(public: Publishable, catalogue: Catalogue) -> dict[str, Any]:
    profile = build_profile(public, catalogue, "norrsatra", catalogue.waves[-1], "sv")
    return {
        measure.id: measure.norm_share for domain in profile.domains for measure in domain.measures
    }
