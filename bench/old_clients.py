"""Both databases of a site, opened by the oldest DuckDB client that is promised.

``python -m bench.old_clients PYTHON``, where PYTHON is of an environment with that client.
"""

import json
import math
import secrets
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from bench import old_client
from pipeline import REPOSITORY, warehouse
from pipeline.commands.terminal import built
from pipeline.definitions.fit import load_catalogue
from pipeline.release.published_database import write_published_database
from pipeline.release.research_database import Edition, write_research_database

Answers = dict[str, list[list[str]]]


def main(python: Path, site: Path = REPOSITORY / "data_sample") -> None:
    """Compare the answers of every example query; exit 1 if one differs."""
    catalogue = load_catalogue(site)
    working_file = built(catalogue, site / "build", quiet=False)
    is_alike = True
    with TemporaryDirectory() as folder:
        published, research = (
            Path(folder) / f"{name}.duckdb" for name in ("published", "research")
        )
        with warehouse.connect(working_file, read_only=True) as connection:
            write_published_database(connection, published)
            edition = Edition("old-clients", "", secrets.token_bytes(32))
            write_research_database(connection, catalogue, edition, research)
        for path in (published, research):
            version, theirs = asked(python, path)
            ours = old_client.answers(str(path))
            different = [title for title, rows in ours.items() if not alike(rows, theirs[title])]
            n_rows = sum(map(len, theirs.values()))
            said = f"different: {', '.join(different)}" if different else "alike"
            typer.echo(
                f"{path.name}, DuckDB {version}: {len(theirs)} queries, {n_rows} rows, {said}"
            )
            is_alike = is_alike and not different
    sys.exit(0 if is_alike else 1)


def asked(python: Path, path: Path) -> tuple[str, Answers]:
    """Version of another environment's client, and its answers."""
    script = str(Path(old_client.__file__))
    command = [str(python), "-I", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"{path.name}: the old client cannot read it: {done.stderr.splitlines()[-1]}")
    said = json.loads(done.stdout)
    return str(said["version"]), said["answers"]


def alike(ours: list[list[str]], theirs: list[list[str]]) -> bool:
    """Whether two answers have the same rows; sums may be added up in another order."""
    return len(ours) == len(theirs) and all(
        _same(a, b)
        for row, other in zip(ours, theirs, strict=True)
        for a, b in zip(row, other, strict=True)
    )


def _same(ours: str, theirs: str) -> bool:
    if ours == theirs:
        return True
    try:
        return math.isclose(float(ours), float(theirs), rel_tol=1e-9)
    except ValueError:
        return False


if __name__ == "__main__":
    typer.run(main)
