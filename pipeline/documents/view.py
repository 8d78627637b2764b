"""What a profile says, ready to be shown: everything a template may use, nothing else.

Shares are 0 to 1. Texts are already in the document's language, except the fixed texts of
``reports/locale``. Nothing here is computed by a template.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.definitions.policy import DocumentEdition
from pipeline.disclosure.figure import Count, Published, Share
from pipeline.documents.comparison_view import Comparison, FunnelArea, Trend
from pipeline.documents.making_view import Making
from pipeline.documents.map_view import AreaMap
from pipeline.documents.participation_view import Participation
from pipeline.documents.split_view import Split

Lang = Literal["sv", "en"]

DomainId = Literal["community", "family", "school", "peer_individual"]
DOMAINS: tuple[DomainId, ...] = ("community", "family", "school", "peer_individual")
"""In the order in which documents show them."""

MeasureKind = Literal["risk", "protective", "outcome", "flag_count"]

StepId = Literal["enrolled", "opened", "valid", "passed_screens", "placed", "scored"]
STEPS: tuple[StepId, ...] = ("enrolled", "opened", "valid", "passed_screens", "placed", "scored")
"""The coverage ladder, from the widest to the narrowest."""


@dataclass(frozen=True)
class WaveFigure:
    """A figure of one wave."""

    wave: int
    figure: Published
    break_reason: str | None
    """Why this wave cannot be compared with the document's wave; null if it can."""


@dataclass(frozen=True)
class Counting:
    """When a pupil reaches a count of flagged factors."""

    at_least: int
    """Factors that must be flagged."""

    n_factors: int
    """That the document's wave asks and that have a cut-off."""

    min_known: int
    """Flags that must be known of a pupil who does not reach it."""


@dataclass(frozen=True)
class Measure:
    """A factor, an outcome or a count of flagged factors in this area."""

    id: str
    label: str
    label_is_working_name: bool
    phrase: str
    """Completes "Andel elever som ...": what the share is a share of."""

    kind: MeasureKind
    more_is_worse: bool
    """True when a larger share is a reason for concern (always, unless a norm flags the
    other side)."""

    area: Published
    rest: Published | None
    """Of all the municipality's respondents outside the area, without interval; null in the
    municipality's own profile, and where there is nothing to compare with."""

    norm_share: Share | None
    """Share of the norm sample that its own cut-offs flag, its grades weighted as the area's
    are; null for outcomes and counts, and where the norm sample was asked something else."""

    norm_break: str | None
    """Why the factor cannot be compared with its norm; null if it can, or has none."""

    against_norm: Comparison
    against_rest: Comparison
    waves: tuple[WaveFigure, ...]
    """All waves up to the document's, oldest first, the document's last."""

    change: Comparison
    """Since the latest earlier wave that can be compared."""

    trend: Trend | None
    """Null unless three waves can be compared."""

    funnel: tuple[FunnelArea, ...]
    """The areas, by respondents; only in the municipality's own profile."""

    problems: tuple[str, ...]
    """Labels of the problem behaviours the factor is linked to."""

    n_items: int
    """Questions behind the measure."""

    is_sensitive: bool
    making: Making
    splits: tuple[Split, ...]
    """By gender and by grade; without one of which the wave or the edition has fewer than two
    groups."""
    problems_unchecked: tuple[str, ...] = ()
    """Those of ``problems`` whose link was not read in a source."""

    counting: Counting | None = None
    """Null for factors and outcomes, and where the wave asks too few factors."""


@dataclass(frozen=True)
class Domain:
    """Factors of one domain: risk first, then protective."""

    id: DomainId
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Step:
    """One step of the coverage ladder, municipality-wide."""

    id: StepId
    n: Count | None
    """Null where it is not known (e.g. no enrolment was supplied), or not shown."""


@dataclass(frozen=True)
class Reason:
    """Respondents left out for one reason."""

    label: str
    n: Count | None
    """Null where they are too few to be shown."""


@dataclass(frozen=True)
class GradeBase:
    """Respondents of one grade."""

    label: str
    n_area: Count | None
    """Respondents of the area who passed the screens; null when fewer than the minimum base."""

    n_municipality: Count | None
    """Of all of the municipality; null alike."""

    has_norm: bool


@dataclass(frozen=True)
class NormSource:
    """Where cut-offs come from."""

    label: str
    population: str
    wave: int
    is_of_a_wave: bool
    """Whether the site has a survey of the norm's year, so that its own answers may be in it."""

    n: int
    """Respondents of the norm sample, at most (fewer have a score on some factor)."""

    grades: tuple[str, ...]
    """Labels of the grades that have cut-offs."""

    rule: str
    """How cut-offs are computed, in sentences."""

    counted: str
    """Whether grades and answers are counted apart and alike, in sentences."""

    risk: str
    """Which scores are flagged on a risk factor, as a sentence."""

    protective: str
    method_source: str
    source: str
    synthetic: bool


@dataclass(frozen=True)
class Profile:
    """One area profile."""

    lang: Lang
    site_label: str
    about: str | None
    synthetic: bool
    area_id: str
    area_label: str
    level_label: str
    """E.g. ``Bostadsområde``."""

    is_municipality: bool
    municipality_label: str
    lies_in: tuple[str, ...]
    """Labels of the larger areas it lies in, nearest first, without the municipality."""

    lies_in_is_sample_data: bool
    """True when one of those placements is made up for the sample."""

    contains: tuple[str, ...]
    map: AreaMap | None
    """Null where the site has no polygons that say where the area lies."""

    wave: int
    wave_label: str
    earlier_waves: tuple[int, ...]
    fieldwork_from: date
    fieldwork_to: date
    is_weighted: bool
    has_own_weights: bool
    """The export holds weights."""

    instrument_label: str
    instrument_status: str
    n_area: Count | None
    """Respondents of the area who passed the screens; null when fewer than the minimum base."""

    edition: DocumentEdition
    min_base: int
    round_counts: int
    """Counts are multiples of this; 1: they are exact."""

    n_hidden: int
    """Figures of this document that are hidden."""

    confidence: float
    interval: Literal["logit", "korn_graubard", "wilson"]
    degrees_of_freedom: Literal["domain", "full"]
    stance: Literal["superpopulation", "finite_population", "sample"]
    has_population_sizes: bool
    """The wave states how many sampling units there are, and the intervals are corrected for it."""

    adjustment: Literal["holm", "benjamini_hochberg"]
    alpha: float
    power: float
    is_compared: bool
    """False where the wave was sampled in two stages: differences are not tested then."""

    ladder: tuple[Step, ...]
    refused: tuple[Reason, ...]
    screened: tuple[Reason, ...]
    n_not_placed: Count | None
    """Respondents of the wave without a known area: they count in the municipality only. Null
    where that is not shown."""

    grades: tuple[GradeBase, ...]
    participation: Participation
    concerns: tuple[Measure, ...]
    """At most five that are found to differ from the norm on the worrying side, furthest first."""

    strengths: tuple[Measure, ...]
    """At most five that are found to differ from the norm on the good side, furthest first."""

    domains: tuple[Domain, ...]
    outcomes: tuple[Measure, ...]
    genders_not_shown: tuple[str, ...]
    """Labels of genders that are in all figures, and are no group of their own in the edition."""
    flag_counts: tuple[Measure, ...]
    """Whether many factors are flagged at a time; empty where the site counts none."""

    norms: tuple[NormSource, ...]
    build_id: str
    """First characters of the fingerprint of everything the figures were computed from."""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All of them, in the order of the page."""
        factors = (measure for domain in self.domains for measure in domain.measures)
        return (*factors, *self.flag_counts, *self.outcomes)
