"""Where a figure of a release comes from, read of that release alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline import warehouse
from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.figure import Row, count_of
from pipeline.documents.figure_ids import FigureId, query_of
from pipeline.documents.wording import NO_BREAK, integer
from pipeline.errors import DisclosureError, UsageError
from pipeline.release.explanation import (
    NOT_PUBLISHED,
    Explanation,
    cutoffs_of,
    definition_of,
    ladder_of,
    what_of,
)
from pipeline.release.layout import Layout, current_id, releases_in
from pipeline.release.manifest import misfits, read_manifest
from pipeline.sources import digest_files, sources

DATABASE = "published.duckdb"

CURRENT = "current"
"""Names the release that readers see."""

NOT_COUNTED = "not of a release, which holds no answers; without --release, of the site's export"


def find_release(folder: Path, name: str) -> Path:
    """The folder of a release.

    Args:
        folder: with releases and ledger.
        name: ``current``, the id of a release, the id of the build that a document states at its
            end, or a folder that holds a release.

    Raises:
        UsageError: there is none.
        DisclosureError: it is not as it was published.
    """
    layout = Layout(folder)
    known = releases_in(layout.releases)
    wanted = current_id(layout) if name == CURRENT else name
    found = [each for each in known if each == wanted or _is_of_build(layout.releases / each, name)]
    path = layout.releases / found[0] if found else Path(name)
    if not (path / DATABASE).is_file():
        there = f"releases: {', '.join(known)}" if known else "no release has been published"
        raise UsageError(f"{folder}: has no release {name!r}; {there}.")
    if problems := misfits(path):
        raise DisclosureError("\n".join([f"{path}: is not as it was published:", *problems]))
    return path


def _is_of_build(folder: Path, build_id: str) -> bool:
    # As long as documents print it: fewer letters might be of two builds.
    return len(build_id) >= 12 and str(read_manifest(folder).get("build")).startswith(build_id)


def explain_released(catalogue: Catalogue, release: Path, figure: FigureId) -> Explanation:
    """What a release says of a figure: the answer to the query that pages print.

    Args:
        catalogue: the site's definitions, for words and items.
        release: folder of a release.
        figure: which one.
    """
    stated = read_manifest(release)
    with warehouse.connect(release / DATABASE, read_only=True) as connection:
        [row] = _rows(connection, query_of(figure)) or [{"status": None, "n": None}]
        coverage, domains = (_rows_of(connection, name, figure) for name in ("coverage", "domain"))
    ladder = ladder_of(figure, coverage, domains, count_of(row, "n"))
    said: dict[str, str | list[str]] = {
        "what": f"{what_of(figure)}, public edition",
        "shown": _in_words(row),
        "share of": f"pupils who {figure.measure.phrase.en}",
        "definition": [*definition_of(catalogue, figure), *_changed(catalogue, stated)],
        "cut-offs": cutoffs_of(figure, catalogue.norms),
        "answers": ladder,
        "in published.duckdb": query_of(figure).splitlines(),
        "release": str(stated.get("release_id")),
        "build": str(stated.get("build"))[:12],
        "counted again": NOT_COUNTED,
    }
    return Explanation(str(figure), {key: text for key, text in said.items() if text}, agrees=True)


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    answer = connection.execute(query)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _rows_of(connection: duckdb.DuckDBPyConnection, table: str, figure: FigureId) -> Sequence[Row]:
    keys: dict[str, object] = {"wave": figure.wave.wave, "grade": figure.grade}
    if table == "domain":
        keys |= {"area_id": figure.area.id, "gender": figure.gender}
    return warehouse.read(connection, table).filter(**keys).to_dicts()


def _in_words(row: Mapping[str, Any]) -> str:
    """As the database has it: whole per cent."""
    match row["status"]:
        case None:
            return NOT_PUBLISHED
        case "shown":
            parts = [f"{row['percent']}%"]
            if row["percent_lower"] is not None:
                limits = f"{row['percent_lower']}–{row['percent_upper']}%"
                parts.append(f"uncertainty {limits}")
            return ", ".join([*parts, f"{integer(row['n'])} answers"]).replace(NO_BREAK, " ")
        case status:
            return f"nothing ({status})"


def _changed(catalogue: Catalogue, stated: dict[str, Any]) -> list[str]:
    """That definitions are not those of the release any more, if so."""
    made_of = stated.get("made_of", {}).get("definitions")
    if made_of == digest_files(sources(catalogue)["definitions"]):
        return []
    return ["the site's definitions have changed since this release: these are today's"]
