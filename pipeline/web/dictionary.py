"""Every measure in words: what is asked, how it is scored, what it is set beside."""

from typing import NamedTuple

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.instrument import Instrument, Item
from pipeline.definitions.part import Status
from pipeline.documents.making_view import CutOffs
from pipeline.documents.makings import cutoffs_in_words
from pipeline.documents.view import DOMAINS, Lang
from pipeline.documents.wording import load_texts, say, text_in
from pipeline.web.released import Released


class Question(NamedTuple):
    """An item of a measure."""

    text: str
    options: tuple[str, ...]
    is_reversed: bool
    counting: tuple[str, ...]
    """Options that count, of an outcome."""

    status: Status
    source: str
    waves: tuple[int, ...]
    """Waves that asked it, oldest first."""


class Linked(NamedTuple):
    """A problem behaviour that research links to the factor."""

    problem: str
    status: Status
    source: str


class Entry(NamedTuple):
    """A measure as the dictionary explains it."""

    id: str
    label: str
    is_working_name: bool
    kind: str
    """``risk``, ``protective`` or ``outcome``."""

    phrase: str
    questions: tuple[Question, ...]
    min_answered: int
    min_reached: int | None
    """Of an outcome: questions that must count."""

    is_rescaled: bool
    cutoffs: tuple[CutOffs, ...]
    linked: tuple[Linked, ...]
    problem: str | None
    """That an outcome belongs to."""

    is_sensitive: bool
    status: Status
    source: str


class Chapter(NamedTuple):
    """The measures of a domain, or the outcomes."""

    id: str
    entries: tuple[Entry, ...]


class Described(NamedTuple):
    """A table or view of the database, with its columns."""

    name: str
    says: str
    columns: tuple[tuple[str, str, str | None], ...]
    """Name, what it holds, and what an empty cell means; null where none is empty."""


def chapters_of(catalogue: Catalogue, lang: Lang) -> tuple[Chapter, ...]:
    """All measures of the site by domain, risk before protection; outcomes last."""
    words = _Words(catalogue, lang)
    chapters = [
        Chapter(
            domain,
            tuple(
                words.factor(factor)
                for direction in ("risk", "protective")
                for factor in catalogue.factors
                if (factor.domain, factor.direction) == (domain, direction)
            ),
        )
        for domain in DOMAINS
    ]
    outcomes = Chapter("outcome", tuple(words.outcome(each) for each in catalogue.outcomes))
    return tuple(chapter for chapter in (*chapters, outcomes) if chapter.entries)


def tables_of(released: Released) -> tuple[Described, ...]:
    """What the release's database says of its tables and views."""
    rows = list(released.dictionary.iter_rows(named=True))
    return tuple(
        Described(
            relation["relation"],
            relation["says"],
            tuple(
                (row["column_name"], row["says"], row["null_means"])
                for row in rows
                if row["relation"] == relation["relation"] and row["kind"] == "column"
            ),
        )
        for relation in rows
        if relation["kind"] != "column"
    )


class _Words:
    """Definitions of one site in one language."""

    def __init__(self, catalogue: Catalogue, lang: Lang) -> None:
        self._catalogue = catalogue
        self._lang = lang

    def factor(self, factor: Factor) -> Entry:
        reversed_items = {item.id for item in factor.items if item.reversed}
        return self._entry(
            factor,
            kind=factor.direction,
            questions=tuple(
                self._question(item.id, is_reversed=item.id in reversed_items, codes=())
                for item in factor.items
            ),
            min_reached=None,
            is_rescaled=factor.rescale == "minmax",
            cutoffs=cutoffs_in_words(factor, self._catalogue, self._lang),
            linked=tuple(
                Linked(self._problem(link.problem), link.status, link.source)
                for link in factor.links
            ),
            problem=None,
        )

    def outcome(self, outcome: Outcome) -> Entry:
        return self._entry(
            outcome,
            kind="outcome",
            questions=tuple(
                self._question(item.id, is_reversed=False, codes=item.codes)
                for item in outcome.items
            ),
            min_reached=outcome.min_reached,
            is_rescaled=False,
            cutoffs=(),
            linked=(),
            problem=self._problem(outcome.problem) if outcome.problem else None,
        )

    def _entry(
        self,
        measure: Factor | Outcome,
        *,
        kind: str,
        questions: tuple[Question | None, ...],
        min_reached: int | None,
        is_rescaled: bool,
        cutoffs: tuple[CutOffs, ...],
        linked: tuple[Linked, ...],
        problem: str | None,
    ) -> Entry:
        return Entry(
            measure.id,
            text_in(measure.label, self._lang),
            is_working_name=measure.label_status == "working_name" and self._lang == "sv",
            kind=kind,
            phrase=text_in(measure.phrase, self._lang),
            questions=tuple(each for each in questions if each is not None),
            min_answered=measure.min_answered,
            min_reached=min_reached,
            is_rescaled=is_rescaled,
            cutoffs=cutoffs,
            linked=linked,
            problem=problem,
            is_sensitive=bool(measure.tags),
            status=measure.status,
            source=measure.source,
        )

    def _question(
        self, item_id: str, *, is_reversed: bool, codes: tuple[int, ...]
    ) -> Question | None:
        """The question as the newest questionnaire that asks it words it; null if none does."""
        asked = [
            (wave.wave, instrument, item)
            for wave in self._catalogue.waves
            for instrument in (self._catalogue.instrument_of(wave),)
            for item in instrument.items
            if item.id == item_id
        ]
        if not asked:
            return None
        _, instrument, item = asked[-1]
        return Question(
            text_in(item.text, self._lang),
            self._options(instrument, item, None),
            is_reversed,
            self._options(instrument, item, codes),
            item.status,
            item.source,
            tuple(wave for wave, _, _ in asked),
        )

    def _options(
        self, instrument: Instrument, item: Item, codes: tuple[int, ...] | None
    ) -> tuple[str, ...]:
        return tuple(
            text_in(option.label, self._lang)
            for option in instrument.format_of(item).codes
            if codes is None or option.code in codes
        )

    def _problem(self, problem: str) -> str:
        return say(load_texts(self._lang), f"problem.{problem}").unescape()
