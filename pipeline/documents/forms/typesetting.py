"""Typst: outlines in, pages and pictures out. The same input gives the same bytes everywhere."""

import json
from dataclasses import is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import font_source_sans_pro
import typst

from pipeline.documents.render import TEMPLATES

Standard = Literal["ua-1", "a-2a"]
STANDARDS: tuple[Standard, ...] = ("ua-1", "a-2a")
"""PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2): Typst refuses what does not comply."""


def typeset_pdf(template: str, inputs: dict[str, str]) -> bytes:
    """A document as PDF.

    Args:
        template: file in ``reports/typst``.
        inputs: what the template reads as ``sys.inputs``.
    """
    content = _compiler().compile(
        TEMPLATES / "typst" / template,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=list(STANDARDS),
    )
    return cast(bytes, content)


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
    return value


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One for all documents: it keeps fonts and parsed templates.

    System fonts are left out, since they differ between machines.
    """
    folder = Path(font_source_sans_pro.__file__).parent / "files"
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts)
