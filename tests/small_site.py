"""A municipality made by `uppvaxt new-site`, with a small export: quickly built."""

from pathlib import Path

import polars as pl

from pipeline.definitions.fit import load_catalogue
from tests.made_map import FILE, feature, geojson, square


def replace(path: Path, before: str, after: str) -> None:
    """Change one place of a file."""
    text = path.read_text("utf-8")
    assert text.count(before) == 1, f"{path.name}: {before!r}"
    path.write_text(text.replace(before, after), "utf-8")


def with_map(site: Path, *names: str) -> None:
    """Add a map: squares beside each other from west to east, named as areas."""
    squares = [feature(name, square(place, 0)) for place, name in enumerate(names)]
    (site / FILE).write_text(geojson(squares), "utf-8")
    path = site / "site.yml"
    lines = f"map: {{file: {FILE}, property: kod, source: Made up for a test.}}\n"
    path.write_text(path.read_text("utf-8") + lines, "utf-8")


def write_export(site: Path) -> None:
    """Sixty made-up respondents in each of two areas, whom no screen has a reason to catch."""
    catalogue = load_catalogue(site)
    [wave] = catalogue.waves
    instrument = catalogue.instrument_of(wave)
    first_two = {
        item: [option.code for option in instrument.format_of(item).codes][:2]
        for item in instrument.items
    }
    rows = [
        {"lopnr": n, "skola": "A", "klass": n % 6, "omradeskod": n // 60 + 1}
        | {"arskurs": 7 + n % 3, "kon": n % 3 + 1}
        | {
            # Nobody has done anything; on all else every other answer is the second option.
            item.column: 13 + n % 3
            if item.id == "age"
            else codes[0 if item.id.startswith("o_") else (n // 7 + place) % 2]
            for place, (item, codes) in enumerate(first_two.items())
        }
        for n in range(120)
    ]
    path = site / wave.exports[0].file
    path.parent.mkdir()
    pl.DataFrame(rows).write_csv(path, separator=";")
