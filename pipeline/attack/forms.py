"""How each kind of file in a release is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import pikepdf
import polars as pl
import pypdfium2
from lxml import etree

from pipeline.attack.csv_form import csv_tables
from pipeline.attack.document import Document
from pipeline.attack.document_form import read_document
from pipeline.attack.document_residue import Sayings
from pipeline.attack.docx_form import read_docx
from pipeline.attack.duckdb_form import WORDS, duckdb_findings, duckdb_tables
from pipeline.attack.figures import Finding, Reading, empty_figures, together
from pipeline.attack.figures_form import (
    Figures,
    figures_reading,
    read_csv_figures,
    read_json_figures,
)
from pipeline.attack.html_form import read_page
from pipeline.attack.html_said import Said
from pipeline.attack.json_form import json_tables, manifest_findings
from pipeline.attack.names import Names
from pipeline.attack.page_words import PageWords
from pipeline.attack.pdf_form import read_pdf
from pipeline.attack.policy import Policy
from pipeline.attack.pptx_form import read_pptx
from pipeline.attack.tables import read_table
from pipeline.attack.workbook_residue import Known
from pipeline.attack.xlsx_form import read_xlsx


@dataclass(frozen=True, eq=False)
class Release:
    """A folder with the words and the rules that its own tables state."""

    folder: Path
    tables: Mapping[str, pl.DataFrame]
    """The release's tables, from its database or else its files: columns as text."""

    names: Names
    policy: Policy
    pages: dict[str, PageWords] = field(default_factory=dict)
    """The words of its pages, by their names without ending, once they are read."""


Reader = Callable[[Path, Release, Said], Reading]


UNREADABLE = (
    BadZipFile,
    etree.XMLSyntaxError,
    pikepdf.PdfError,
    pypdfium2.PdfiumError,
    ArithmeticError,
    LookupError,
    ValueError,
)
"""What libraries say of a file that is damaged or not what its ending says."""


class Form(NamedTuple):
    """A kind of file and how its figures are read; a later kind is one more line in ``FORMS``."""

    name: str
    suffix: str
    read: Reader
    is_of_page: bool = False
    """Whether it reads only files that a page of the same name stands beside, or else none such."""

    def reads(self, path: Path) -> bool:
        """Whether a file is read by this form's reader."""
        stands_beside = path.suffix in TWICE and path.with_suffix(".html").is_file()
        return path.suffix == self.suffix and self.is_of_page == stands_beside


def _read_csv(path: Path, release: Release, said: Said) -> Reading:
    del said
    return _read_tables(*csv_tables(path), path, release, "csv")


def _read_json(path: Path, release: Release, said: Said) -> Reading:
    del said
    if path.name == "manifest.json":
        return Reading(empty_figures(), tuple(manifest_findings(path)))
    return _read_tables(*json_tables(path), path, release, "json")


def _read_duckdb(path: Path, release: Release, said: Said) -> Reading:
    del said
    tables = duckdb_tables(path)
    findings = duckdb_findings(path, tables, release.names)
    read = {name: rows for name, rows in tables.items() if name not in WORDS}
    return _read_tables(read, findings, path, release, "duckdb")


def _read_html(path: Path, release: Release, said: Said) -> Reading:
    reading, release.pages[path.stem] = read_page(path, release.names, release.policy, said)
    return reading


def _reader(read: Callable[[Path], Document], form: str) -> Reader:
    """A reader of documents that say what the page of the same name says."""

    def reader(path: Path, release: Release, said: Said) -> Reading:
        try:
            document = read(path)
        except UNREADABLE as error:
            # The library's message may quote the file.
            says = f"no reader can read it ({type(error).__name__})"
            return Reading(empty_figures(), (Finding("undeclared", says, path.name),))
        return read_document(
            document,
            release.pages,
            release.names,
            release.policy,
            said,
            where=path.name,
            form=form,
        )

    return reader


def _figures_reader(read: Callable[[Path], Figures]) -> Reader:
    """A reader of one document's figures."""

    def reader(path: Path, release: Release, said: Said) -> Reading:
        sayings = Sayings(release.pages[path.stem], release.names, frozenset())
        known = Known(sayings, said, release.policy, release.pages[path.stem].area)
        return figures_reading(read(path), known, path.name, "figures" + path.suffix)

    return reader


def _read_tables(
    tables: Mapping[str, pl.DataFrame],
    findings: list[Finding],
    path: Path,
    release: Release,
    form: str,
) -> Reading:
    readings = [
        read_table(
            name,
            rows,
            release.names,
            release.policy,
            form=form,
            where=path.name if path.stem == name else f"{path.name}, {name}",
        )
        for name, rows in tables.items()
    ]
    every = together(readings)
    return Reading(every.figures, (*findings, *every.findings), 1)


CSV = Form("csv", ".csv", _read_csv)

TWICE = (".csv", ".json")
"""Endings of tables of the release, and of figures of one document."""

FORMS = (
    Form("duckdb", ".duckdb", _read_duckdb),
    CSV,
    Form("json", ".json", _read_json),
    Form("html", ".html", _read_html),
    Form("pdf", ".pdf", _reader(read_pdf, "pdf")),
    Form("docx", ".docx", _reader(read_docx, "docx")),
    Form("xlsx", ".xlsx", _reader(read_xlsx, "xlsx")),
    Form("pptx", ".pptx", _reader(read_pptx, "pptx")),
    Form("figures as csv", ".csv", _figures_reader(read_csv_figures), is_of_page=True),
    Form("figures as json", ".json", _figures_reader(read_json_figures), is_of_page=True),
)

TABLES = ("duckdb", "csv", "json")
"""Forms of tables; the last of them is read before any document."""

DOCUMENTS = tuple(form for form in FORMS if form.name not in TABLES)
"""In the order in which they are read: a page before what is set beside it."""
