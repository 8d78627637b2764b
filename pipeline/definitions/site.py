"""A site: a municipality, what it measures, and what its documents may show."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Definition, Identifier, Label, Part, Text, repeated


class Classification(Part):
    """One value of a closed list, e.g. a grade or a gender, in reading order."""

    id: Identifier
    label: Label


class Design(Part):
    """How uncertainty is computed, and what it means."""

    stance: Literal["superpopulation", "finite_population", "sample"]
    """``superpopulation``: those who answered stand for pupils as they might have been;
    ``sample``: the survey is a probability sample with weights."""

    degrees_of_freedom: Literal["domain", "full"]
    """``domain``: PSUs less strata with a valid answer in the domain; ``full``: of the whole
    wave, as SUDAAN and Stata's subpop do."""

    lonely_psu: Literal["fail", "certainty", "remove", "adjust", "average"]
    """A stratum with one PSU: refuse; count no variance (``certainty`` and ``remove`` are one);
    centre at the domain's mean; or give it the average variance of the other strata."""

    adjust_domain_lonely: bool = False
    """Whether a stratum with one PSU left in a domain is treated as ``adjust`` or ``average``
    say, though it has more in the design."""

    interval: Literal["logit", "korn_graubard", "wilson"]
    """The interval the documents show for shares."""

    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    source: Text


class Site(Definition):
    """``site.yml``."""

    label: Label
    municipality_code: str | None = Field(default=None, pattern=r"^\d{4}$")
    """SCB's code; null outside Sweden."""

    synthetic: bool
    """True: every answer is made up, and every document says so."""

    about: Label | None = None
    """A sentence about the work this serves, shown in the documents."""

    root_area: Identifier
    """The area that holds everyone, whether or not an area inside it is known."""

    grades: tuple[Classification, ...] = Field(min_length=1)
    genders: tuple[Classification, ...] = ()
    factors: tuple[Identifier, ...] = ()
    outcomes: tuple[Identifier, ...] = ()
    screens: Identifier | None = None
    norms: tuple[Identifier, ...] = ()
    """Norms that flag this site's respondents: one cut-off per factor and grade over all."""

    design: Design

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        for what, values in {
            "grades": [grade.id for grade in self.grades],
            "genders": [gender.id for gender in self.genders],
            "factors": list(self.factors),
            "outcomes": list(self.outcomes),
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


class Policy(Part):
    """``policy.yml``: what may be shown."""

    min_base: int = Field(ge=10)
    """Respondents a shown figure rests on, at least. 10 is the floor no site can lower."""

    source: Text
