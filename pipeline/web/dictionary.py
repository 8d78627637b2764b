"""Every measure in words: what is asked, how it is scored, what it is set beside."""

from typing import NamedTuple

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count import FlagCount, MeasureDefinition
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
    """``risk``, ``protective``, ``outcome`` or ``flag_count``."""

    phrase: str
    questions: tuple[Question, ...]
    min_answered: int
    """Of a count of flags: factors whose flag must be known."""

    min_reached: int | None
    """Of an outcome: questions that must count; of a count of flags: factors that must."""

    is_rescaled: bool
    cutoffs: tuple[CutOffs, ...]
    linked: tuple[Linked, ...]
    problem: str | None
    """That an outcome belongs to."""

    is_sensitive: bool
    status: Status
    source: str
    counted: tuple[tuple[str, str], ...] = ()
    """Of a count of flags: id and name of each factor it counts."""


class Chapter(NamedTuple):
    """The measures of a domain, the counts of flags, or the outcomes."""

    id: str
    entries: tuple[Entry, ...]


class Described(NamedTuple):
    """A table or view of the database, with its columns."""

    name: str
    says: str
    columns: tuple[tuple[str, str, str | None], ...]
    """Name, what it holds, and what an empty cell means; null where none is empty."""


def chapters_of(catalogue: Catalogue, lang: Lang) -> tuple[Chapter, ...]:
    """All measures of the site by domain, risk before protection; counts and outcomes last."""
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
    counts = Chapter("flag_count", tuple(words.flag_count(each) for each in catalogue.flag_counts))
    return tuple(chapter for chapter in (*chapters, counts, outcomes) if chapter.entries)


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
            min_answered=factor.min_answered,
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
            min_answered=outcome.min_answered,
            min_reached=outcome.min_reached,
            is_rescaled=False,
            cutoffs=(),
            linked=(),
            problem=self._problem(outcome.problem) if outcome.problem else None,
        )

    def flag_count(self, count: FlagCount) -> Entry:
        entry = self._entry(
            count,
            kind="flag_count",
            questions=(),
            min_answered=count.rule.min_flags_known,
            min_reached=count.rule.at_least,
            is_rescaled=False,
            cutoffs=(),
            linked=(),
            problem=None,
        )
        counted = [(factor.id, text_in(factor.label, self._lang)) for factor in count.factors]
        return entry._replace(counted=tuple(counted))

    def _entry(
        self,
        measure: MeasureDefinition,
        *,
        kind: str,
        questions: tuple[Question | None, ...],
        min_answered: int,
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
            min_answered=min_answered,
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
