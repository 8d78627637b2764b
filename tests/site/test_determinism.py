"""A build is a function of its inputs: not of row order, files or threads."""

import random
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

from pipeline import warehouse
from pipeline.build import build_site
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.lookup import find_norm
from pipeline.definitions.wave import Export
from pipeline.review import derive_norm
from tests.conftest import silent

YEAR = 2021
RELATIONS = ("areas.estimate", "areas.comparison")


def test_rows_in_another_order_and_in_two_files_give_the_same_bits(
    sample: duckdb.DuckDBPyConnection, sample_catalogue: Catalogue, tmp_path: Path
) -> None:
    [wave] = [each for each in sample_catalogue.waves if each.wave == YEAR]
    [export] = wave.exports
    header, *rows = (sample_catalogue.folder / export.file).read_text("utf-8").splitlines()
    random.Random(20211004).shuffle(rows)  # noqa: S311 - a shuffle, not a secret
    parts = [rows[:700], rows[700:]]
    exports = []
    for number, part in enumerate(parts, 1):
        (tmp_path / f"part_{number}.csv").write_text("\n".join([header, *part, ""]), "utf-8")
        changed = {"file": f"part_{number}.csv", "rows": len(part)}
        exports.append(Export.model_validate(export.model_dump() | changed))
    shuffled = sample_catalogue._replace(
        folder=tmp_path,
        waves=(wave.model_copy(update={"exports": tuple(exports), "enrolled": None}),),
    )
    with warehouse.connect(build_site(shuffled, tmp_path / "build", silent)) as connection:
        built = {each: warehouse.read(connection, each) for each in RELATIONS}
    for relation, found in built.items():
        # The first wave: nothing of it is compared with another.
        expected = warehouse.read(sample, relation).filter(wave=YEAR)
        assert found.height > 10_000
        assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.parametrize("name", ["sandviken_2021_synthetic", "sandviken_2021_roc_synthetic"])
def test_a_norm_on_file_is_what_its_wave_and_rule_give(
    sample_catalogue: Catalogue, name: str
) -> None:
    norm, _ = find_norm(sample_catalogue, name)
    derived = derive_norm(sample_catalogue, norm, silent)
    assert derived.cutoffs == norm.cutoffs
    assert derived.gaps == ()
    assert len(derived.cutoffs) == len(sample_catalogue.factors) * len(norm.grades)
