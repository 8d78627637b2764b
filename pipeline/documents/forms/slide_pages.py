"""The slides around those of the domains: who answered, what stands out, what to talk about."""

from collections.abc import Iterator

from pipeline.documents.forms.sections import own_part, said, section, sentences
from pipeline.documents.forms.sheet_words import Words
from pipeline.documents.forms.slide_changes import changes_of
from pipeline.documents.forms.slide_charts import add_tables
from pipeline.documents.forms.slide_deck import BODY, Deck
from pipeline.documents.forms.slide_findings import Entry, add_entries
from pipeline.documents.forms.slide_table import brief, fitted
from pipeline.documents.outline import (
    Block,
    Finding,
    Findings,
    Line,
    Outline,
    Paragraph,
    Run,
    Table,
    Terms,
    text_of,
)
from pipeline.documents.view import Measure, Profile

N_QUESTIONS, N_STEPS = 5, 3
METHOD_TERMS = ("method.flagged_term", "method.interval_term", "method.cause_term")
_CHANGED = ("higher", "lower")


class Pages:
    """Makes slides of one outline."""

    def __init__(self, deck: Deck, outline: Outline, profile: Profile, words: Words) -> None:
        """Keep what the slides are made of."""
        self._deck, self._outline, self._profile = deck, outline, profile
        self._say = words.say

    def add_first(self) -> None:
        """The area, what this is, which wave."""
        banner = sentences(_paragraphs(self._outline, "banner"))
        kicker = sentences(_paragraphs(self._outline, "kicker"))
        wave = _plain(self._profile.wave_label)
        lines = (*kicker, wave, _plain(self._say("cover.lead")), *banner)
        self._deck.add_first(self._profile.area_label, lines, self._outline.title)

    def add_what(self) -> None:
        """What a profile is, and what it is not."""
        title = self._say("what.heading")
        blocks = section(self._outline, title)
        self._deck.add_text(title, sentences(blocks), said(blocks))

    def add_who(self) -> None:
        """How many answered, beside the table of participation."""
        heading = self._say("who.heading")
        blocks = section(self._outline, heading)
        part = section(self._outline, heading, self._say("participation.heading"))
        lines = (*sentences(own_part(blocks)), *sentences(part))
        title = self._say("slide.who")
        slide = self._deck.add_text(title, lines, said(blocks), width=5.7)
        for table in part:
            if isinstance(table, Table):
                beside = fitted(brief(table), 6.1, BODY.height, (14.0, 12.0, 11.0, 10.0))
                if len(beside) == 1:
                    self._deck.add_table(slide, beside[0], BODY.left + BODY.width - 6.1, BODY.top)
                else:
                    add_tables(self._deck, self._say("slide.numbers", title=title), table)

    def add_how(self) -> None:
        """How to read the charts, and how sure the figures are."""
        blocks = own_part(section(self._outline, self._say("factors.heading")))
        sure = section(self._outline, self._say("who.heading"), self._say("sure.heading"))
        names = {self._say("sure.interval_term"), self._say("sure.hidden_term")}
        lines = (*sentences(blocks)[1:], *_terms(sure, names))
        self._deck.add_text(self._say("how.heading"), lines, said((*blocks, *sure)))

    def add_findings(self, side: str) -> None:
        """Strengths or concerns, by number and name."""
        title, heading = self._say(f"main.heading_{side}"), self._say("main.heading")
        blocks = section(self._outline, heading, title)
        shown = tuple(each for each in blocks if not _is_caution(each))
        # Without any of them the page says why, once for both.
        shown = shown or own_part(section(self._outline, heading))
        notes = said((*shown, *filter(_is_caution, blocks)))
        found = [each for block in shown if isinstance(block, Findings) for each in block.items]
        if not found:
            self._deck.add_text(title, sentences(shown), notes)
            return
        profile = self._profile
        measures = profile.strengths if side == "strength" else profile.concerns
        entries = map(self._entry, found, measures)
        add_entries(self._deck, title, sentences(shown), tuple(entries), notes)

    def _entry(self, found: Finding, measure: Measure) -> Entry:
        """A finding: a share of weak protection says so beside the name, not in the notes."""
        number = (Run(found.number, found.side),) if found.number else ()
        counted = Run(f" ({self._say(f'change.{measure.kind}')})")
        sort = (Run(f"  {found.sort}", "note"),) if found.sort else ()
        return Entry(number, ((Run(found.title, "strong"), counted, *sort), found.sentence))

    def add_change(self) -> None:
        """Measures that have surely gone up or down, with all their waves."""
        title = self._say("change.heading")
        blocks = section(self._outline, title)
        measures = self._profile.measures
        changed = {each.label for each in measures if each.change.verdict in _CHANGED}
        lead = (_plain(self._say("slide.change_lead")),)
        found = changes_of(blocks, changed, title)
        for heading, table, signs in found:
            name = f"{title}: {heading}" if heading else title
            add_tables(self._deck, name, table, lead=lead, signs=signs)
        if not found:
            # The page's lead explains drawings that slides do not have.
            has_tables = any(isinstance(each, Table) for each in blocks)
            none = (_plain(self._say("slide.no_change")),)
            lines = none if has_tables else sentences(own_part(blocks))
            self._deck.add_text(title, lines, said(blocks) or title)

    def add_questions(self) -> None:
        """What to talk about, and what comes next."""
        lines: list[Line] = [
            (Run(self._say("slide.questions_lead"), "strong"),),
            *(_plain(self._say(f"slide.question_{n}")) for n in range(1, N_QUESTIONS + 1)),
            (Run(self._say("slide.steps_lead"), "strong"),),
            *(_plain(self._say(f"slide.step_{n}")) for n in range(1, N_STEPS + 1)),
            (Run(self._say("slide.ours"), "note"),),
        ]
        self._deck.add_text(self._say("slide.questions"), lines, self._say("main.caution"))

    def add_source(self) -> None:
        """Where the figures come from."""
        method = section(self._outline, self._say("method.heading"))
        facts = tuple(
            (*term, Run(": "), *value)
            for block in self._outline.footer
            if isinstance(block, Terms)
            for term, value in block.pairs
        )
        names = {self._say(each) for each in METHOD_TERMS}
        lines = (*facts, *_terms(method, names))
        self._deck.add_text(self._say("slide.source"), lines, said(method))


def _paragraphs(outline: Outline, style: str) -> Iterator[Block]:
    return (each for each in outline.blocks if isinstance(each, Paragraph) and each.style == style)


def _is_caution(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.style == "caution"


def _terms(blocks: tuple[Block, ...], names: set[str]) -> Iterator[Line]:
    """Terms and their explanations, each as one line."""
    for block in blocks:
        if isinstance(block, Terms):
            for term, explained in block.pairs:
                if text_of(term) in names:
                    yield (Run(text_of(term), "strong"), Run(": "), *explained)


def _plain(text: str) -> Line:
    return (Run(text),)
