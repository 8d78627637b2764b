"""Norms of the municipality's own answers: what they state is not hidden, or they are not told."""

from collections.abc import Callable
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
    assert public.withheld_norms == frozenset()
    shown = norms_in(public, sample_catalogue)
    assert shown["c_disorg"] is not None
    comparisons = public.comparisons.filter(
        (pl.col("kind") != "norm") | (pl.col("measure_id") != "c_disorg")
    )
    hidden = public._replace(comparisons=comparisons, withheld_norms=frozenset({"c_disorg"}))
    assert norms_in(hidden, sample_catalogue) == shown | {"c_disorg": None}


def norms_in(public: Publishable, catalogue: Catalogue) -> dict[str, Any]:
    profile = build_profile(public, catalogue, "norrsatra", catalogue.waves[-1], "sv")
    return {
        measure.id: measure.norm_share for domain in profile.domains for measure in domain.measures
    }
