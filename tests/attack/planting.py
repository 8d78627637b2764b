"""Documents of the sample beside its tables, and leaks planted in copies of them."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pikepdf
import polars as pl

from pipeline.attack.agreement import disagreements, leaks, raw_figures
from pipeline.attack.figures import Finding
from pipeline.attack.forms import FORMS, Release
from pipeline.attack.html_said import Said
from pipeline.attack.reference import hidden_cells, statuses
from pipeline.attack.release import open_release, said_of
from pipeline.documents.outline import Block, Cell, Outline, Paragraph, Run, Table

Plant = Callable[[Path], object]

HIDDEN = "sandviken_jaderfors_2025_sv"
"""An area in which nothing is shown, so that no number of a measure may stand there."""

SHOWN = "sandviken_norrsatra_2025_sv"
MEASURE = "Låg anknytning till närområdet"


class Opened:
    """A release whose tables and pages are read."""

    def __init__(self, release: Release, said: Said, tables: pl.DataFrame) -> None:
        self.release = release
        self.said = said
        self.tables = tables
        self.hidden = hidden_cells(statuses(release.tables))

    def findings(self, path: Path) -> list[Finding]:
        """Everything that is wrong with one file, alone and beside the tables."""
        [form] = [each for each in FORMS if each.reads(path)]
        reading = form.read(path, self.release, self.said)
        return [
            *reading.findings,
            *leaks(reading.figures, self.hidden),
            *raw_figures(reading.figures, self.release.policy),
            *disagreements(pl.concat([self.tables, reading.figures])),
        ]

    def n_figures(self, path: Path) -> int:
        """Figures read of one file."""
        [form] = [each for each in FORMS if each.reads(path)]
        return form.read(path, self.release, self.said).figures.height


def opened(folder: Path) -> Opened:
    """The release, with everything read that documents are set beside."""
    release = open_release(folder)
    tables = pl.concat(
        form.read(path, release, {}).figures
        for path in sorted(folder.rglob("*.csv"))
        for form in FORMS
        if form.reads(path)
    )
    said = said_of(release, tables)
    for path in sorted(folder.rglob("*.html")):
        next(form for form in FORMS if form.reads(path)).read(path, release, said)
    return Opened(release, said, tables)


def with_cell(
    outline: Outline, label: str, column: int, text: str, *, kind: str = "measures"
) -> Outline:
    """The outline with another text in a cell of the first table with a row for a measure."""
    blocks: list[Block] = list(outline.blocks)
    for place, block in enumerate(blocks):
        if isinstance(block, Table) and block.kind == kind:
            for row in block.rows:
                if row[0].text.startswith(label):
                    blocks[place] = _changed(block, row, column, text)
                    return dataclasses.replace(outline, blocks=tuple(blocks))
    raise AssertionError(f"no table has a row {label}")


def with_text(outline: Outline, text: str) -> Outline:
    """The outline with a paragraph at its end."""
    said = Paragraph((Run(text),))
    return dataclasses.replace(outline, blocks=(*outline.blocks, said))


def _changed(table: Table, row: tuple[Cell, ...], column: int, text: str) -> Table:
    told = Cell(lines=((Run(text),),), is_number=True)
    new = row[:1] + tuple(Cell(lines=((Run(".."),),)) for _ in table.head[1:])
    new = (*new[:column], told, *new[column + 1 :])
    groups = tuple(tuple(new if each is row else each for each in group) for group in table.groups)
    return dataclasses.replace(table, groups=groups)


def in_pdf(change: Callable[[pikepdf.Pdf], object]) -> Plant:
    """Open a PDF, change it, write it again."""

    def plant(path: Path) -> None:
        with pikepdf.open(path, allow_overwriting_input=True) as document:
            change(document)
            document.save(path, fix_metadata_version=False)

    return plant


def described_in(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Structure elements with a description."""
    return [
        each for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
    ]


def in_part(name: str, old: str, new: str) -> Plant:
    """Replace the first of a text in a part of an office file."""

    def plant(path: Path) -> None:
        parts = _parts(path)
        text = parts[name].decode()
        assert old in text, f"{name} has no {old!r}"
        parts[name] = text.replace(old, new, 1).encode()
        _pack(path, parts)

    return plant


def with_part(name: str, content: bytes) -> Plant:
    """Add a part to an office file."""

    def plant(path: Path) -> None:
        _pack(path, _parts(path) | {name: content})

    return plant


def _parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pack(path: Path, parts: dict[str, bytes]) -> None:
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
