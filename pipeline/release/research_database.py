"""``research.duckdb``: respondents under pseudonyms, for research under contract."""

from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.research.microdata import Microdata, protected_wave, sensitive_measures
from pipeline.disclosure.research.pseudonyms import key_mark, release_key
from pipeline.release.database_about import write_about
from pipeline.release.database_file import (
    load_database,
    new_database,
    write_table,
    write_view,
)
from pipeline.release.research_reference import research_members
from pipeline.release.research_tables import FOLDER, research_tables, respondents_of


class Edition(NamedTuple):
    """One release of the file for researchers."""

    release_id: str
    build: str
    """Fingerprint of the build that it is made from."""

    master_key: bytes


def write_research_database(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, edition: Edition, path: Path
) -> None:
    """Write the database anew.

    Args:
        connection: the site's working file.
        catalogue: the definitions that it was built from.
        edition: which release, and the key that its pseudonyms are made with.
        path: the file to write, which is not there yet.

    Raises:
        DisclosureError: the policy names something that is not there.
        FileExistsError: ``path`` is there.
    """
    key = release_key(edition.master_key, catalogue.site.id, edition.release_id)
    rows = warehouse.query(connection, (FOLDER / "respondent.sql").read_text("utf-8"))
    waves = {
        wave.wave: protected_wave(respondents_of(rows, catalogue, wave.wave), catalogue, wave, key)
        for wave in catalogue.waves
    }
    relations = research_tables(connection, catalogue, waves)
    relations["about"] = _about(catalogue, edition, key, waves)
    database = load_database("research").of(research_members(catalogue))
    with new_database(path) as research:
        for table in database.tables:
            if table.name in relations:
                write_table(research, table, relations[table.name])
        for file in sorted(FOLDER.glob("v_*.sql")):
            write_view(research, file.stem, file.read_text("utf-8"))
        write_about(research, database, FOLDER / "examples")


def _about(
    catalogue: Catalogue, edition: Edition, key: bytes, waves: dict[int, Microdata]
) -> pl.DataFrame:
    policy = catalogue.policy.research
    sparse = [str(wave) for wave, each in waves.items() if each.n_left_out]
    facts = {
        "build": edition.build,
        "key_mark": key_mark(key),
        "k": policy.k,
        "l": policy.l,
        "left_out_items": ", ".join(policy.left_out),
        "left_out_waves": ", ".join(sparse),
        "levels_of_areas": ", ".join(policy.levels or [each.id for each in catalogue.areas.levels]),
        "quasi_identifiers": ", ".join(policy.quasi_identifiers),
        "release_id": edition.release_id,
        "sensitive": ", ".join(each.id for each in sensitive_measures(catalogue)),
        "site_id": catalogue.site.id,
        "status": "Personal data. For use under contract only; docs/databases.md says how.",
        "synthetic": str(catalogue.site.synthetic).lower(),
    }
    return pl.DataFrame({"name": list(facts), "value": [str(each) for each in facts.values()]})
