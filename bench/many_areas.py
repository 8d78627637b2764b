"""Whether an area's profile takes longer where there are more: ``python -m bench.many_areas``.

The sample's areas are copied under other names until there are as many as asked for, with all
their figures; then profiles of the same areas are made in each. No export of that size is read.
"""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from pipeline import REPOSITORY, warehouse
from pipeline.build import build_site
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.disclosure.publishable import Publishable, read_publishable
from pipeline.documents.by_area import by_area
from pipeline.documents.profile import build_profile
from pipeline.fingerprint import DATABASE

SIZES = (60, 240, 1000, 2000)
N_PROFILES = 24
ROUNDS = 3


def main() -> None:
    """Print milliseconds for the view of each area, and how often those of the smallest site."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, help="folder of a build of the sample; else made")
    folder = parser.parse_args().build
    catalogue = load_catalogue(REPOSITORY / "data_sample")
    publishable = _publishable(catalogue, folder)
    sites = [(n, *_enlarged(publishable, catalogue, n)) for n in SIZES]
    best: dict[tuple[int, bool], float] = {}
    for _ in range(ROUNDS):
        # Sizes take turns, so that whatever else the machine does meets all of them.
        for n, rows, areas in sites:
            for is_apart in (False, True):
                spent = _seconds(rows, areas, is_apart=is_apart)
                best[n, is_apart] = min(best.get((n, is_apart), spent), spent)
    for is_apart in (False, True):
        sys.stdout.write(f"rows set apart by area first: {'yes' if is_apart else 'no'}\n")
        for n in SIZES:
            each, least = best[n, is_apart], best[SIZES[0], is_apart]
            sys.stdout.write(f"  {n:>5} areas: {1000 * each:6.1f} ms each, {each / least:.2f}\n")


def _publishable(catalogue: Catalogue, folder: Path | None) -> Publishable:
    with TemporaryDirectory() as own:
        if folder is None:
            build_site(catalogue, Path(own), lambda _: None)
        with warehouse.connect((folder or Path(own)) / DATABASE, read_only=True) as connection:
            return read_publishable(connection, catalogue.policy, "public")


def _seconds(publishable: Publishable, catalogue: Catalogue, *, is_apart: bool) -> float:
    """For each of the same areas; setting rows apart counts by its part of all areas."""
    areas = [each.id for each in catalogue.areas.areas[1 : N_PROFILES + 1]]
    began = time.process_time()
    apart = by_area(publishable, catalogue.site.root_area) if is_apart else {}
    spent = (time.process_time() - began) / len(catalogue.areas.areas)
    began = time.process_time()
    for area in areas:
        rows = apart.get(area, publishable)
        build_profile(rows, catalogue, area, catalogue.waves[-1], "sv")
    return spent + (time.process_time() - began) / len(areas)


def _enlarged(
    publishable: Publishable, catalogue: Catalogue, n_areas: int
) -> tuple[Publishable, Catalogue]:
    """A site of that many areas: copies of all but the whole, with their figures."""
    root = catalogue.site.root_area
    parts = [each for each in catalogue.areas.areas if each.id != root]
    copies: list[Area] = []
    while len(catalogue.areas.areas) + len(copies) < n_areas:
        number, place = divmod(len(copies), len(parts))
        copies.append(parts[place].model_copy(update={"id": f"{parts[place].id}__{number}"}))
    every = catalogue.areas.model_copy(update={"areas": (*catalogue.areas.areas, *copies)})
    named = pl.DataFrame(
        {"area_id": [each.id.partition("__")[0] for each in copies], "copy": [c.id for c in copies]}
    )
    frames = {
        name: pl.concat([rows, _copied(rows, named)])
        for name in ("estimates", "domains", "comparisons")
        for rows in [getattr(publishable, name)]
    }
    return publishable._replace(**frames), catalogue._replace(areas=every)


def _copied(rows: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    joined = rows.join(named, on="area_id").with_columns(area_id=pl.col("copy"))
    return joined.select(rows.columns)


if __name__ == "__main__":
    main()
