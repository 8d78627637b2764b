"""Pages that have most to bear, as an office suite draws them: every word whole, none on another.

Each leaves its picture in the folder of screenshots.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, get_args
from zipfile import ZipFile

import docx
import pypdfium2
import pytest
from lxml import etree

from pipeline.documents.forms.slides import slides
from pipeline.documents.forms.word import word_document
from pipeline.documents.forms.workbook import workbook
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import Kind, render_profile
from pipeline.documents.view import Profile
from tests.browser.drawn import contact_sheet, overlapping
from tests.documents.hard_cases import HARD_CASES

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")

LETTERS = ("own", "wide")
"""Those that the machine has, or DejaVu alone, which LibreOffice falls back on."""

CLOSE = 0.25
"""Share of a line's height that may lie on the line above or below."""

WITH_WORDS = re.compile(r"word/document\.xml|ppt/slides/slide\d+\.xml")


@pytest.mark.parametrize(("name", "letters"), list(product(HARD_CASES, LETTERS)))
def test_no_text_stands_on_another_and_no_word_is_broken(
    tmp_path: Path, name: str, letters: str
) -> None:
    files = files_of(HARD_CASES[name])
    for file, drawn in drawn_by_office(files, tmp_path, letters).items():
        contact_sheet(drawn, f"hard_{name}_{Path(file).stem}_{letters}")
        for page in drawn:
            assert overlapping(page, CLOSE) == []
        if not file.endswith(".xlsx"):
            assert broken(files[file], drawn) == []


def test_a_broken_word_is_found(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 1)
    table.autofit = False
    table.columns[0].width = table.cell(0, 0).width = docx.shared.Pt(40)
    table.cell(0, 0).text = "Underprestation i år"
    saved = BytesIO()
    document.save(saved)
    drawn = drawn_by_office({"narrow.docx": saved.getvalue()}, tmp_path, "own")
    assert broken(saved.getvalue(), drawn["narrow.docx"]) == ["Underprestation"]


def files_of(profile: Profile) -> dict[str, bytes]:
    """All that an office suite opens, by names of files."""
    outlines = {kind: outline_of(render_profile(profile, kind)) for kind in get_args(Kind)}
    return {
        **{f"{kind}_docx.docx": word_document(each) for kind, each in outlines.items()},
        "profile_xlsx.xlsx": workbook(profile),
        "profile_pptx.pptx": slides(outlines["profile"], profile),
    }


def drawn_by_office(
    files: dict[str, bytes], folder: Path, letters: str
) -> dict[str, pypdfium2.PdfDocument]:
    """The pages of each file, as LibreOffice draws them.

    Args:
        files: by their names.
        folder: to work in.
        letters: which fonts there are.
    """
    for name, content in files.items():
        (folder / name).write_bytes(content)
    fonts = {"FONTCONFIG_FILE": str(_wide_letters(folder))} if letters == "wide" else {}
    place = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    converting = ["--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(  # noqa: S603 - a program of this machine, and our own files
        [str(OFFICE), place, *converting, *(str(folder / name) for name in files)],
        check=True,
        capture_output=True,
        timeout=300,
        env=os.environ | fonts,
    )
    return {name: pypdfium2.PdfDocument((folder / name).with_suffix(".pdf")) for name in files}


def _wide_letters(folder: Path) -> Path:
    """Fontconfig's settings for a machine with nothing but DejaVu, which is wider than Arial."""
    asked = ["fc-match", "--format=%{family}|%{file}", "DejaVu Sans"]
    answer = subprocess.run(asked, check=True, capture_output=True, text=True)  # noqa: S603
    family, file = answer.stdout.split("|")
    if "DejaVu Sans" not in family:
        pytest.skip("DejaVu Sans is not installed")
    settings = folder / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{Path(file).parent}</dir><cachedir>{folder}</cachedir>"
        "<include>/etc/fonts/conf.d</include></fontconfig>",
        "utf-8",
    )
    return settings


def broken(content: bytes, drawn: pypdfium2.PdfDocument) -> list[str]:
    """Words of a Word document or of slides that are drawn whole fewer times than they are said."""
    said = "\n".join(_paragraphs(content))
    seen = "\n".join(page.get_textpage().get_text_bounded() for page in drawn)
    words = set(re.findall(r"\w+", said))
    return sorted(word for word in words if seen.count(word) < said.count(word))


def _paragraphs(content: bytes) -> Iterator[str]:
    with ZipFile(BytesIO(content)) as archive:
        for name in filter(WITH_WORDS.fullmatch, archive.namelist()):
            for paragraph in etree.fromstring(archive.read(name)).iter("{*}p"):
                yield "".join(map(_text, paragraph.iter()))


def _text(element: Any) -> str:
    """Of one element alone; where a word may break, it is two."""
    if element.tag.endswith(("}softHyphen", "}br", "}tab")):
        return " "
    return element.text or "" if element.tag.endswith("}t") else ""
