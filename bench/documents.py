"""How long documents take: ``python -m bench.documents [--areas 60]``.

Profiles of the sample's areas are made again and again under other names, as many as asked for,
from a build made before; everything is written into a folder that is removed.
"""

import sys
import time
from argparse import ArgumentParser
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import REPOSITORY, warehouse
from pipeline.build import build_site
from pipeline.definitions.fit import load_catalogue
from pipeline.disclosure.publishable import read_publishable
from pipeline.documents.forms.making import Wanted, make_documents, make_stale_documents
from pipeline.documents.forms.writing import FORMS, Form
from pipeline.documents.profile import build_profile
from pipeline.documents.view import Profile
from pipeline.fingerprint import DATABASE


def main() -> None:
    """Print seconds, and seconds for each area beside those of the page alone."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=60, help="how many areas")
    n_areas = parser.parse_args().areas
    catalogue = load_catalogue(REPOSITORY / "data_sample")
    with TemporaryDirectory() as folder:
        build_site(catalogue, Path(folder), lambda _: None)
        with warehouse.connect(Path(folder) / DATABASE, read_only=True) as connection:
            publishable = read_publishable(connection, catalogue.policy, "public")
        began = time.perf_counter()
        own = [
            build_profile(publishable, catalogue, area.id, catalogue.waves[-1], "sv")
            for area in catalogue.areas.areas
        ]
        _say("views of the sample's areas", time.perf_counter() - began, len(own))
    profiles = [
        replace(each, area_id=f"area_{place}")
        for place, each in enumerate(islice(cycle(own), n_areas))
    ]
    page = _written(profiles, ("html",))
    _say("pages alone", page, n_areas)
    _say("one area, all forms", _written(profiles[:1], FORMS), 1)
    every = _written(profiles, FORMS)
    _say("all forms", every, n_areas)
    sys.stdout.write(f"all forms take {every / page:.0f} times as long as pages alone\n")
    _say("all forms again, nothing changed", _written(profiles, FORMS, again=True), n_areas)
    quarter = _written(profiles[: n_areas // 4], FORMS)
    sys.stdout.write(f"four times the areas take {every / quarter:.1f} times as long\n")


def _written(profiles: list[Profile], forms: tuple[Form, ...], *, again: bool = False) -> float:
    """Seconds for documents in ``forms``; of the second time, if ``again``."""
    wanted = [Wanted("bench", each, "profile", forms) for each in profiles]
    with TemporaryDirectory() as folder:
        if again:
            make_stale_documents(wanted, Path(folder))
        began = time.perf_counter()
        make = make_stale_documents if again else make_documents
        make(wanted, Path(folder))
        return time.perf_counter() - began


def _say(what: str, seconds: float, n: int) -> None:
    sys.stdout.write(f"{what:<34}{seconds:8.2f} s {1000 * seconds / n:8.0f} ms each\n")


if __name__ == "__main__":
    main()
