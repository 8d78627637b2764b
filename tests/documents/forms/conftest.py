"""Profiles with their outlines, and the forms made of them, each made once."""

from dataclasses import replace
from functools import lru_cache
from itertools import cycle
from typing import cast

from pipeline.documents.beside import BesideKind
from pipeline.documents.forms.slides import slides
from pipeline.documents.forms.word import word_document
from pipeline.documents.forms.workbook import workbook
from pipeline.documents.outline import Block, Box, Chart, Drawn, Outline, Table
from pipeline.documents.outline_splits import SplitChart
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import Kind, render_beside, render_profile
from pipeline.documents.view import Measure, Profile
from tests.documents.conftest import ENGLISH, VARIANTS
from tests.documents.test_beside import BESIDE

LONG = "Upplevd tillgång till alkohol, tobak och narkotika"
"""The longest name that areas are shown with."""


def _many(profile: Profile) -> Profile:
    """Twelve risk and five protective factors in one domain, 18 outcomes, all with long names."""
    domain = profile.domains[0]
    risk = [each for each in domain.measures if each.kind == "risk"]
    protective = [each for each in domain.measures if each.kind == "protective"]
    factors = (*_named(risk, 12, "r"), *_named(protective, 5, "p"))
    outcomes = _named(list(profile.outcomes), 18, "o")
    domains = (replace(domain, measures=factors), *profile.domains[1:])
    return replace(profile, domains=domains, outcomes=outcomes)


def _named(measures: list[Measure], n: int, letter: str) -> tuple[Measure, ...]:
    return tuple(
        replace(each, id=f"{letter}{number}", label=f"{LONG} {letter}{number}")
        for number, each in zip(range(n), cycle(measures), strict=False)
    )


PROFILES = {
    **VARIANTS,
    **{f"{name}_en": profile for name, profile in ENGLISH.items()},
    "many": _many(VARIANTS["area"]),
}
NAMES = tuple(PROFILES)


@lru_cache
def outline(name: str) -> Outline:
    return outline_of(render_profile(PROFILES[name]))


@lru_cache
def docx_of(name: str) -> bytes:
    return word_document(outline(name))


@lru_cache
def xlsx_of(name: str) -> bytes:
    return workbook(PROFILES[name])


@lru_cache
def pptx_of(name: str) -> bytes:
    return slides(outline(name), PROFILES[name])


def made_of(profile: Profile) -> tuple[bytes, bytes, bytes]:
    """Word, workbook and slides of a profile that is not among these."""
    page = outline_of(render_profile(profile))
    return word_document(page), workbook(profile), slides(page, profile)


def blocks_of(page: Outline) -> list[Block]:
    """All blocks, those in boxes as well."""
    found: list[Block] = []
    for block in (*page.blocks, *page.footer):
        found += block.blocks if isinstance(block, Box) else (block,)
    return found


def tables_of(page: Outline) -> list[Table]:
    return [block for block in blocks_of(page) if isinstance(block, Table)]


def charts_of(page: Outline) -> list[Chart]:
    return [block for block in blocks_of(page) if isinstance(block, Chart)]


def drawn_of(page: Outline) -> list[Drawn]:
    """Charts of all sorts, in their order."""
    return [block for block in blocks_of(page) if isinstance(block, Chart | SplitChart)]


def plain(text: str) -> str:
    """Without soft hyphens, which programs show in their own way; white space squeezed."""
    return " ".join(text.replace("\u00ad", "").split())


@lru_cache
def other_outline(kind: str) -> Outline:
    """Of the other documents that are made of a profile."""
    profile = PROFILES["public"]
    if kind in ("compare", "overview"):
        beside = replace(BESIDE, kind=cast(BesideKind, kind))
        return outline_of(render_beside(profile, beside))
    return outline_of(render_profile(profile, cast(Kind, kind)))
