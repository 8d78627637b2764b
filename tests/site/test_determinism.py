"""A build is a function of its inputs: not of row order, files or threads."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

from pipeline import warehouse
from pipeline.build import build_site
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.lookup import find_norm
from pipeline.definitions.wave import Export
from pipeline.files import PROTECTIONS
from pipeline.fingerprint import DATABASE
from pipeline.review import derive_norm
from tests.command_line import uppvaxt
from tests.conftest import silent

YEAR = 2021
RELATIONS = ("areas.estimate", "areas.comparison", "published.estimate", "published.comparison")


@pytest.fixture
def kept(sample_protections: Path) -> Iterator[Callable[[Path], None]]:
    """Puts what protects the sample's tables into the folder of a build that is to begin.

    Afterwards nothing was added to it: to the bit, the tables of the build were among those of the
    sample. And the sample began with nothing, so a build with it is the same as one without.
    """
    folders = []

    def put(out: Path) -> None:
        folders.append(Path(shutil.copytree(sample_protections, out / PROTECTIONS)))

    yield put
    assert folders
    for folder in folders:
        for path in sample_protections.iterdir():
            assert (folder / path.name).read_bytes() == path.read_bytes()


def test_rows_in_another_order_and_in_two_files_give_the_same_bits(
    sample: duckdb.DuckDBPyConnection,
    sample_catalogue: Catalogue,
    kept: Callable[[Path], None],
    tmp_path: Path,
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
    kept(tmp_path / "build")
    with warehouse.connect(build_site(shuffled, tmp_path / "build", silent)) as connection:
        built = {each: warehouse.read(connection, each) for each in RELATIONS}
    for relation, found in built.items():
        # The first wave: nothing of it is compared with another.
        expected = warehouse.read(sample, relation).filter(wave=YEAR)
        assert found.height > 9_000
        assert_frame_equal(found, expected, check_exact=True)


THREADS = """
import sys
from pipeline import warehouse
from pipeline.cli import main
connect = warehouse.connect
def with_threads(*arguments, **named):
    connection = connect(*arguments, **named)
    connection.execute("set threads = {threads}")
    return connection
warehouse.connect = with_threads
sys.argv[0] = "uppvaxt"
main()
"""


@pytest.mark.parametrize("threads", ["1", "4"])
def test_threads_and_processes_give_the_same_bits(
    sample: duckdb.DuckDBPyConnection,
    kept: Callable[[Path], None],
    tmp_path: Path,
    threads: str,
) -> None:
    kept(tmp_path)
    ended = uppvaxt(
        *("build", "--out", tmp_path, "--quiet"),
        program=THREADS.format(threads=threads),
        environment={"POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads},
    )
    assert (ended.code, ended.err) == (0, "")
    with warehouse.connect(tmp_path / DATABASE, read_only=True) as connection:
        for relation in RELATIONS:
            found = warehouse.read(connection, relation)
            assert_frame_equal(found, warehouse.read(sample, relation), check_exact=True)


@pytest.mark.parametrize("name", ["sandviken_2021_synthetic", "sandviken_2021_roc_synthetic"])
def test_a_norm_on_file_is_what_its_wave_and_rule_give(
    sample_catalogue: Catalogue, name: str
) -> None:
    norm, _ = find_norm(sample_catalogue, name)
    derived = derive_norm(sample_catalogue, norm, silent)
    assert derived.cutoffs == norm.cutoffs
    assert derived.gaps == ()
    assert len(derived.cutoffs) == len(sample_catalogue.factors) * len(norm.grades)
