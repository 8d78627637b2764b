"""A profile as slides for the area team's meeting."""

from functools import lru_cache
from pathlib import Path

from pipeline.documents.forms.sections import section
from pipeline.documents.forms.sheet_words import Words
from pipeline.documents.forms.slide_charts import add_domain
from pipeline.documents.forms.slide_deck import Deck
from pipeline.documents.forms.slide_pages import Pages
from pipeline.documents.outline import Outline
from pipeline.documents.view import Profile

TEMPLATE = Path(__file__).resolve().parents[3] / "reports" / "slides" / "profile.pptx"
"""Made by ``make_template.py`` beside it."""


def slides(outline: Outline, profile: Profile, template: Path = TEMPLATE) -> bytes:
    """The slides as a .pptx file.

    Args:
        outline: of the profile's page: all texts and numbers.
        profile: says which parts there are.
        template: with the layouts that ``Deck`` names.

    Raises:
        DefinitionError: the template lacks a layout.
    """
    words = Words(profile)
    footer = " · ".join(each for each in (outline.running, outline.title) if each)
    deck = Deck(_content(template), outline.title, footer, words)
    pages = Pages(deck, outline, profile, words)
    pages.add_first()
    pages.add_what()
    pages.add_who()
    pages.add_how()
    pages.add_findings("strength")
    pages.add_findings("concern")
    groups = words.say("splits.heading")
    for domain in profile.domains:
        title = words.say(f"domain.{domain.id}")
        found = section(outline, words.say("factors.heading"), title)
        add_domain(deck, title, found, words, noted=section(outline, groups, title))
    if profile.flag_counts:
        title = words.say("counts.heading")
        noted = section(outline, groups, title)
        add_domain(deck, title, section(outline, title), words, noted=noted)
    title = words.say("outcomes.heading")
    noted = section(outline, groups, title)
    add_domain(deck, title, section(outline, title), words, noted=noted)
    pages.add_change()
    pages.add_questions()
    pages.add_source()
    return deck.save()


@lru_cache
def _content(template: Path) -> bytes:
    return template.read_bytes()
