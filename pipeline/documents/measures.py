"""One factor or outcome in one area, as a document shows it."""

from pipeline.definitions.catalogue import Catalogue, asked_items
from pipeline.definitions.comparability import fieldwork_moved, measure_break
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.norm import Norm
from pipeline.definitions.site import Wave
from pipeline.documents.figures import Figures, standing
from pipeline.documents.view import Figure, Lang, Measure, WaveFigure
from pipeline.documents.wording import load_texts, say, say_number, text_in


class Measures:
    """Measures of one area in one wave, in one language."""

    def __init__(
        self, figures: Figures, catalogue: Catalogue, area_id: str, wave: Wave, lang: Lang
    ) -> None:
        """Keep what every measure is looked up with."""
        self._figures = figures
        self._catalogue = catalogue
        self._area_id = area_id
        self._wave = wave
        self._lang = lang

    def factor(self, factor: Factor) -> Measure:
        """A risk or protective factor, with the norm it is compared with."""
        norm = norm_of(factor, self._catalogue.norms)
        share = norm_share(factor, norm) if norm else None
        return self._measure(
            factor,
            kind=factor.direction,
            more_is_worse=norm is None or _flags_concern(factor, norm),
            norm_share=share,
            problems=tuple(self._text(f"problem.{link.problem}") for link in factor.links),
        )

    def outcome(self, outcome: Outcome) -> Measure:
        """A problem behaviour. There is no norm for it."""
        problem = (self._text(f"problem.{outcome.problem}"),) if outcome.problem else ()
        return self._measure(
            outcome, kind="outcome", more_is_worse=True, norm_share=None, problems=problem
        )

    def _measure(
        self,
        measure: Factor | Outcome,
        *,
        kind: str,
        more_is_worse: bool,
        norm_share: float | None,
        problems: tuple[str, ...],
    ) -> Measure:
        root = self._catalogue.site.root_area
        area = self._figures.share(measure, self._area_id, self._wave)
        everyone = self._figures.share(measure, root, self._wave)
        instrument = self._catalogue.instrument_of(self._wave)
        return Measure(
            id=measure.id,
            label=text_in(measure.label, self._lang),
            label_is_working_name=measure.label_status == "working_name" and self._lang == "sv",
            phrase=text_in(measure.phrase, self._lang),
            kind=kind,  # type: ignore[arg-type]
            more_is_worse=more_is_worse,
            area=area,
            municipality=None if self._area_id == root else everyone,
            norm_share=norm_share,
            against_norm=standing(area, norm_share),
            against_municipality=standing(area, everyone.share),
            waves=self._waves(measure),
            problems=problems,
            n_items=len(asked_items(measure, instrument)),
            is_sensitive=bool(measure.tags),
        )

    def _waves(self, measure: Factor | Outcome) -> tuple[WaveFigure, ...]:
        return tuple(
            WaveFigure(
                wave.wave,
                self._figures.share(measure, self._area_id, wave),
                self._break_reason(measure, wave),
            )
            for wave in self._catalogue.waves
            if wave.wave <= self._wave.wave
        )

    def _break_reason(self, measure: Factor | Outcome, earlier: Wave) -> str | None:
        if fieldwork_moved(earlier, self._wave):
            return self._text("break.fieldwork_moved")
        found = measure_break(
            measure,
            self._catalogue.instrument_of(earlier),
            self._catalogue.instrument_of(self._wave),
        )
        if found is None:
            return None
        texts = load_texts(self._lang)
        return str(say_number(texts, f"break.{found.reason}", found.n_items))

    def _text(self, key: str) -> str:
        return str(say(load_texts(self._lang), key))


def norm_of(factor: Factor, norms: tuple[Norm, ...]) -> Norm | None:
    """The first norm with a cut-off for the factor; null if there is none."""
    return next(
        (norm for norm in norms if any(cut.factor == factor.id for cut in norm.cutoffs)), None
    )


def norm_share(factor: Factor, norm: Norm) -> float | None:
    """Share of the norm sample that its cut-offs flag, over its grades; null without any."""
    cuts = [cut for cut in norm.cutoffs if cut.factor == factor.id]
    n = sum(cut.n for cut in cuts)
    return sum(cut.share_flagged * cut.n for cut in cuts) / n if n else None


def shown_figures(measure: Measure) -> list[Figure]:
    """Every figure of the area that a document shows of a measure."""
    return [each.figure for each in measure.waves]


def _flags_concern(factor: Factor, norm: Norm) -> bool:
    if factor.direction == "risk":
        return norm.risk.side == "upper"
    return norm.protective.side == "lower"
