"""One measure in one area, as a document shows it."""

from dataclasses import replace

from pipeline.definitions.catalogue import Catalogue, asked_factors, asked_items, is_asked
from pipeline.definitions.comparability import fieldwork_moved, measure_break
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count import FlagCount, MeasureDefinition
from pipeline.definitions.norm import Norm
from pipeline.definitions.wave import Wave
from pipeline.disclosure.figure import Share, stated_share
from pipeline.documents.comparison_view import Comparison
from pipeline.documents.differences import Differences
from pipeline.documents.figures import Figures
from pipeline.documents.makings import making_of
from pipeline.documents.splits import Splits
from pipeline.documents.view import Counting, Lang, Measure, MeasureKind, WaveFigure
from pipeline.documents.wording import load_texts, say, say_number, text_in


class Measures:
    """Measures of one area in one wave, in one language."""

    def __init__(
        self,
        figures: Figures,
        differences: Differences,
        splits: Splits,
        told_norms: frozenset[str] | None,
        *,
        catalogue: Catalogue,
        wave: Wave,
        lang: Lang,
    ) -> None:
        """Keep what every measure is looked up with."""
        self._figures = figures
        self._differences = differences
        self._splits = splits
        self._told_norms = told_norms
        self._catalogue = catalogue
        self._wave = wave
        self._lang = lang

    def factor(self, factor: Factor) -> Measure:
        """A risk or protective factor, with the norm it is compared with."""
        norms = norms_of(factor, self._catalogue.norms)
        norm_break = self._norm_break(factor, norms)
        compared = self._differences.second("norm", factor.id)
        is_told = self._told_norms is None or factor.id in self._told_norms
        expected = compared.share if compared else norm_share(factor, norms)
        return self._measure(
            factor,
            kind=factor.direction,
            more_is_worse=all(_flags_concern(factor, norm) for norm in norms),
            norm_share=expected if is_told and not norm_break else None,
            norm_break=norm_break,
            problems=tuple(self._text(f"problem.{link.problem}") for link in factor.links),
            problems_unchecked=tuple(
                self._text(f"problem.{link.problem}")
                for link in factor.links
                if link.status != "found"
            ),
        )

    def outcome(self, outcome: Outcome) -> Measure:
        """A problem behaviour. There is no norm for it."""
        problem = (self._text(f"problem.{outcome.problem}"),) if outcome.problem else ()
        return self._measure(
            outcome,
            kind="outcome",
            more_is_worse=True,
            norm_share=None,
            norm_break=None,
            problems=problem,
        )

    def flag_count(self, count: FlagCount) -> Measure:
        """Whether many factors are flagged at a time. There is no norm for it."""
        measure = self._measure(
            count,
            kind="flag_count",
            more_is_worse=all(
                _flags_concern(factor, norm)
                for factor in count.factors
                for norm in norms_of(factor, self._catalogue.norms)
            ),
            norm_share=None,
            norm_break=None,
            problems=(),
        )
        instrument = self._catalogue.instrument_of(self._wave)
        if not is_asked(count, instrument):
            return measure
        n_factors = len(asked_factors(count, instrument))
        counting = Counting(count.rule.at_least, n_factors, count.rule.min_flags_known)
        return replace(measure, counting=counting)

    def _measure(
        self,
        measure: MeasureDefinition,
        *,
        kind: MeasureKind,
        more_is_worse: bool,
        norm_share: Share | None,
        norm_break: str | None,
        problems: tuple[str, ...],
        problems_unchecked: tuple[str, ...] = (),
    ) -> Measure:
        area = self._figures.share(measure, self._wave)
        waves = self._waves(measure)
        instrument = self._catalogue.instrument_of(self._wave)
        return Measure(
            id=measure.id,
            label=text_in(measure.label, self._lang),
            label_is_working_name=measure.label_status == "working_name" and self._lang == "sv",
            phrase=text_in(measure.phrase, self._lang),
            kind=kind,
            more_is_worse=more_is_worse,
            area=area,
            rest=self._differences.second("rest", measure.id),
            norm_share=norm_share,
            norm_break=norm_break,
            against_norm=self._differences.against("norm", measure.id, area),
            against_rest=self._differences.against("rest", measure.id, area),
            waves=waves,
            change=self._change(measure, waves),
            trend=self._differences.trend(measure.id),
            funnel=self._differences.funnel(measure.id),
            problems=problems,
            problems_unchecked=problems_unchecked,
            n_items=len(asked_items(measure, instrument)),
            is_sensitive=bool(measure.tags),
            making=making_of(measure, self._catalogue, self._wave, self._lang),
            splits=self._splits.of(measure),
        )

    def _waves(self, measure: MeasureDefinition) -> tuple[WaveFigure, ...]:
        return tuple(
            WaveFigure(
                wave.wave,
                self._figures.share(measure, wave),
                self._break_reason(measure, wave),
            )
            for wave in self._catalogue.waves
            if wave.wave <= self._wave.wave
        )

    def _change(self, measure: MeasureDefinition, waves: tuple[WaveFigure, ...]) -> Comparison:
        *earlier, now = waves
        comparable = [
            each.figure
            for each in earlier
            if each.break_reason is None and each.figure.state != "not_asked"
        ]
        before = comparable[-1] if comparable else None
        return self._differences.change(measure.id, now.figure, before)

    def _break_reason(self, measure: MeasureDefinition, earlier: Wave) -> str | None:
        if fieldwork_moved(earlier, self._wave):
            return self._text("break.fieldwork_moved")
        return self._instrument_break(measure, earlier.instrument)

    def _norm_break(self, factor: Factor, norms: tuple[Norm, ...]) -> str | None:
        breaks = (self._instrument_break(factor, norm.instrument) for norm in norms)
        return next((each for each in breaks if each is not None), None)

    def _instrument_break(self, measure: MeasureDefinition, instrument_id: str) -> str | None:
        """What the other questionnaire version asked differently, in words; null if nothing."""
        found = measure_break(
            measure,
            self._catalogue.instruments[instrument_id],
            self._catalogue.instrument_of(self._wave),
        )
        if found is None:
            return None
        texts = load_texts(self._lang)
        return str(say_number(texts, f"break.{found.reason}", found.n))

    def _text(self, key: str) -> str:
        return str(say(load_texts(self._lang), key))


def norms_of(factor: Factor, norms: tuple[Norm, ...]) -> tuple[Norm, ...]:
    """The norms with a cut-off for the factor; several may share its grades among them."""
    return tuple(norm for norm in norms if any(cut.factor == factor.id for cut in norm.cutoffs))


def norm_share(factor: Factor, norms: tuple[Norm, ...]) -> Share | None:
    """Share of the norm samples that their cut-offs flag, over all grades; null without any.

    Grades of a weighted norm count by their weights; norms by their respondents.
    """
    shares, sizes = [], []
    for norm in norms:
        cuts = [cut for cut in norm.cutoffs if cut.factor == factor.id]
        weights = [cut.n if cut.weight is None else cut.weight for cut in cuts]
        if cuts:
            flagged = (
                cut.share_flagged * weight for cut, weight in zip(cuts, weights, strict=True)
            )
            shares.append(sum(flagged) / sum(weights))
            sizes.append(sum(cut.n for cut in cuts))
    if not sizes:
        return None
    return stated_share(sum(share * n for share, n in zip(shares, sizes, strict=True)) / sum(sizes))


def _flags_concern(factor: Factor, norm: Norm) -> bool:
    if factor.direction == "risk":
        return norm.risk.side == "upper"
    return norm.protective.side == "lower"
