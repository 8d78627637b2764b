"""Typst: outlines in, pages and pictures out. The same input gives the same bytes everywhere."""

import json
import re
from dataclasses import is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import font_source_sans_pro
import typst

from pipeline.documents.forms.plain_text import printable
from pipeline.documents.render import TEMPLATES
from pipeline.errors import DefinitionError

Standard = Literal["ua-1", "a-2a"]
STANDARDS: tuple[Standard, ...] = ("ua-1", "a-2a")
"""PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2): Typst refuses what does not comply."""

_WITHOUT_SHAPE = re.compile(r'the text `"(.+?)"` could not be displayed')
"""What Typst says of characters that no font draws."""


def typeset_pdf(template: str, inputs: dict[str, str]) -> bytes:
    """A document as PDF.

    Args:
        template: file in ``reports/typst``.
        inputs: what the template reads as ``sys.inputs``.

    Raises:
        DefinitionError: a name or text holds characters that the documents' fonts do not draw.
    """
    try:
        content = _compiler().compile(
            TEMPLATES / "typst" / template,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=list(STANDARDS),
        )
    except typst.TypstError as error:
        found = _WITHOUT_SHAPE.search(str(error))
        if found is None:
            raise
        raise DefinitionError(_told_without_shape(found[1])) from error
    return cast(bytes, content)


def _told_without_shape(text: str) -> str:
    signs = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in dict.fromkeys(text))
    return (
        f"a name or text of the site holds {signs}, which the fonts of PDF documents cannot draw; "
        "expected letters of Latin, Greek or Cyrillic script and usual signs"
    )


def typeset_png(template: str, inputs: dict[str, str], *, ppi: int) -> bytes:
    """A document of one page as a picture."""
    content = _compiler().compile(
        TEMPLATES / "typst" / template, format="png", sys_inputs=inputs, ppi=ppi
    )
    return cast(bytes, content)


def as_json(value: object) -> str:
    """Parts of an outline for a template: each with its kind as ``type``."""
    return json.dumps(_as_data(value), ensure_ascii=False)


def _as_data(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        parts = {name: _as_data(getattr(value, name)) for name in value.__dataclass_fields__}
        return {"type": type(value).__name__, **parts}
    if isinstance(value, (tuple, list)):
        return [_as_data(each) for each in value]
    if isinstance(value, dict):
        return {key: _as_data(each) for key, each in value.items()}
    return printable(value) if isinstance(value, str) else value


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One for all documents: it keeps fonts and parsed templates.

    System fonts are left out, since they differ between machines.
    """
    folder = Path(font_source_sans_pro.__file__).parent / "files"
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts)
