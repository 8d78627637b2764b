"""A site: a municipality, and what it measures."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Definition, Identifier, Label, Part, Text, Wording, repeated


class Classification(Part):
    """One value of a closed list, e.g. a grade or a gender, in reading order."""

    id: Identifier
    label: Label


class Comparisons(Part):
    """When a difference is said to be more than chance."""

    adjustment: Literal["holm", "benjamini_hochberg"] = "benjamini_hochberg"
    """Which p decides, adjusted for all measures that a reader sees together: ``holm`` bounds
    the chance of any false finding, ``benjamini_hochberg`` the share of findings that are."""

    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    """An adjusted p at or below this is a finding."""

    power: float = Field(default=0.8, gt=0.5, lt=1)
    """Chance of finding the difference that is given as the smallest detectable."""

    source: Text


class FewPsus(Part):
    """What a domain's interval, and its differences from others, rest on where PSUs are few."""

    interval: Literal["own", "pooled"]
    """``pooled``: on how alike respondents of one PSU are in the whole wave, and on how the
    domain's respondents lie in PSUs; ``own``: on the domain's own PSUs, however few, and there is
    none with one PSU."""

    below_df: int = Field(default=8, ge=1)
    """The pooled interval holds where the domain's PSUs less its strata are fewer."""

    source: Text


POOLED_BELOW_8 = FewPsus(
    interval="pooled",
    below_df=8,
    source=(
        "project_choice, from the coverage of both intervals in simulations (docs/coverage.md). 8: "
        "the degrees of freedom under which NCHS has an estimate reviewed (Parker et al. 2017, "
        "Vital and Health Statistics 2(175))."
    ),
)


class Design(Part):
    """How uncertainty is computed, and what it means."""

    stance: Literal["superpopulation", "finite_population", "sample"]
    """``superpopulation``: those who answered stand for pupils as they might have been;
    ``sample``: the survey is a probability sample with weights."""

    degrees_of_freedom: Literal["domain", "full"]
    """``domain``: PSUs less strata with a valid answer in the domain; ``full``: of the whole
    wave, as SUDAAN's are; Stata's subpop leaves out strata without members of the domain."""

    lonely_psu: Literal["fail", "certainty", "remove", "adjust", "average"]
    """A stratum with one PSU: refuse; count no variance (``certainty`` and ``remove`` are one);
    centre at the domain's mean; or give it the average variance of the other strata."""

    adjust_domain_lonely: bool = False
    """Whether a stratum with one PSU left in a domain is treated as ``adjust`` or ``average``
    say, though it has more in the design."""

    interval: Literal["logit", "korn_graubard", "wilson"]
    """The interval the documents show for shares."""

    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    comparisons: Comparisons = Comparisons(source="project_choice")
    few_psus: FewPsus = POOLED_BELOW_8
    source: Text


class Map(Part):
    """A file with the areas' outlines, for the map that shows where an area lies."""

    file: Text
    """GeoJSON, by its path within the site's folder; longitude and latitude in WGS 84."""

    property: Text
    """The property of its features that holds an area's id, or one of its codes."""

    source: Text


class Site(Definition):
    """``site.yml``."""

    label: Label
    municipality_code: str | None = Field(default=None, pattern=r"^\d{4}$")
    """SCB's code; null outside Sweden."""

    synthetic: bool
    """True: every answer is made up, and every document says so."""

    about: Wording | None = None
    """A sentence about the work this serves, shown in the documents."""

    contact: Wording | None = None
    """Where readers of the public pages turn, e.g. with barriers they have met: a unit and how to
    reach it, never a person. Null: the pages say that it is to be filled in."""

    accessibility_assessment: Wording | None = None
    """A sentence of the accessibility statement: the day on which the municipality itself assessed
    the public pages, and the outcome. Null: the statement says that it is to be filled in."""

    root_area: Identifier
    """The area that holds everyone, whether or not an area inside it is known."""

    grades: tuple[Classification, ...] = Field(min_length=1)
    genders: tuple[Classification, ...] = ()
    factors: tuple[Identifier, ...] = ()
    outcomes: tuple[Identifier, ...] = ()
    flag_counts: tuple[Identifier, ...] = ()
    """Whether many of the listed factors flag a respondent at a time, by rules of
    ``factor_definitions/flag_counts``."""

    screens: Identifier | None = None
    norms: tuple[Identifier, ...] = ()
    """Norms that flag this site's respondents: one cut-off per factor and grade over all."""

    design: Design
    map: Map | None = None
    """Null: the documents show no map."""

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        for what, values in {
            "grades": [grade.id for grade in self.grades],
            "genders": [gender.id for gender in self.genders],
            "factors": list(self.factors),
            "outcomes": list(self.outcomes),
            "flag_counts": list(self.flag_counts),
            "norms": list(self.norms),
        }.items():
            if again := repeated(values):
                raise ValueError(f"{what} listed more than once: {', '.join(again)}")
        return self

    @model_validator(mode="after")
    def _something_is_measured(self) -> Self:
        if not (self.factors or self.outcomes):
            raise ValueError("neither factors nor outcomes are listed: nothing to measure")
        return self
