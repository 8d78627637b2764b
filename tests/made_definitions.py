"""Definitions made up for tests, each as small as its model allows."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from pipeline.definitions.areas import Area, Areas
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.cutoff_rule import CutoffRule, MedianMad
from pipeline.definitions.factor import Factor, FactorItem, Outcome, OutcomeItem
from pipeline.definitions.flag_count import FlagCountRule
from pipeline.definitions.instrument import AnswerCode, Instrument, Item, ResponseFormat
from pipeline.definitions.norm import CutOff, FlaggedSide, Norm
from pipeline.definitions.part import Label
from pipeline.definitions.policy import Editions, InternalEdition, Policy, PublicEdition
from pipeline.definitions.screen import Screen, ScreenSet
from pipeline.definitions.site import Classification, Design, Site
from pipeline.definitions.wave import Columns, Export, Wave

LABEL = Label(sv="text", en="text")
MADE_UP = "made up for a test"


def made_format(name: str, points: dict[int, int]) -> ResponseFormat:
    """A response format from the points of its codes."""
    return ResponseFormat(
        id=name,
        codes=tuple(
            AnswerCode(code=code, label=LABEL, points=None if given == code else given)
            for code, given in points.items()
        ),
        source=MADE_UP,
        status="project_choice",
    )


ONE_TO_FOUR = made_format("one_to_four", {1: 1, 2: 2, 3: 3, 4: 4})


def made_instrument(items: Mapping[str, ResponseFormat]) -> Instrument:
    """A questionnaire from the formats of its items; columns are named as the items."""
    return Instrument(
        id="questionnaire",
        label=LABEL,
        source=MADE_UP,
        status="project_choice",
        formats=tuple({each.id: each for each in items.values()}.values()),
        items=tuple(
            Item(
                id=item,
                column=item,
                format=response_format.id,
                text=LABEL,
                source=MADE_UP,
                status="project_choice",
            )
            for item, response_format in items.items()
        ),
    )


def made_factor(
    name: str,
    items: Sequence[str],
    *,
    reversed_items: Sequence[str] = (),
    min_answered: int = 1,
    is_protective: bool = False,
    is_rescaled: bool = False,
) -> Factor:
    """A scale of the items."""
    return Factor(
        id=name,
        label=LABEL,
        label_status="project_choice",
        phrase=LABEL,
        domain="community",
        direction="protective" if is_protective else "risk",
        items=tuple(FactorItem(id=item, reversed=item in reversed_items) for item in items),
        min_answered=min_answered,
        rescale="minmax" if is_rescaled else "none",
        source=MADE_UP,
        status="project_choice",
    )


def made_outcome(
    name: str, codes: Mapping[str, tuple[int, ...]], *, min_reached: int = 1, min_answered: int = 1
) -> Outcome:
    """An outcome from the codes that count, by item."""
    return Outcome(
        id=name,
        label=LABEL,
        label_status="project_choice",
        phrase=LABEL,
        problem=None,
        items=tuple(OutcomeItem(id=item, codes=counted) for item, counted in codes.items()),
        min_reached=min_reached,
        min_answered=min_answered,
        source=MADE_UP,
        status="project_choice",
    )


def made_flag_count(
    name: str, at_least: int, min_flags_known: int, *, is_protective: bool = False
) -> FlagCountRule:
    """A count of the flagged factors of one direction."""
    return FlagCountRule(
        id=name,
        label=LABEL,
        label_status="project_choice",
        phrase=Label(sv="når {at_least}", en="reach {at_least}"),
        direction="protective" if is_protective else "risk",
        at_least=at_least,
        min_flags_known=min_flags_known,
        source=MADE_UP,
        status="project_choice",
    )


def made_norm(
    cutoffs: Mapping[tuple[str, str], float],
    *,
    name: str = "norm",
    risk: FlaggedSide | None = None,
    protective: FlaggedSide | None = None,
    grades: Sequence[str] | None = None,
    method: CutoffRule | None = None,
    per_grade: bool = True,
    weighted: bool = False,
    against: Sequence[str] = (),
) -> Norm:
    """A norm from its cut-offs by factor and grade. Sides default to upper, inclusive."""
    upper = FlaggedSide(side="upper", inclusive=True)
    return Norm(
        id=name,
        label=LABEL,
        population=LABEL,
        wave=2025,
        instrument="questionnaire",
        source=LABEL,
        synthetic=True,
        method=method or MedianMad(rule="median_mad", k=0.15, mad="median"),
        per_grade=per_grade,
        weighted=weighted,
        against=tuple(against),
        risk=risk or upper,
        protective=protective or upper,
        method_source=LABEL,
        grades=tuple(grades or dict.fromkeys(grade for _, grade in cutoffs)),
        cutoffs=tuple(
            CutOff(factor=factor, grade=grade, cutoff=cutoff, n=1, share_flagged=0)
            for (factor, grade), cutoff in cutoffs.items()
        ),
    )


def made_screens(*screens: Screen) -> ScreenSet:
    """A set of screens, in the order given."""
    return ScreenSet(id="screens", label=LABEL, screens=screens)


def made_design(**choices: object) -> Design:
    """Domain degrees of freedom, a lonely PSU refused, logit intervals; or other choices."""
    return Design.model_validate(
        {
            "stance": "sample",
            "degrees_of_freedom": "domain",
            "lonely_psu": "fail",
            "interval": "logit",
            "source": MADE_UP,
        }
        | choices
    )


def made_wave(
    columns: Columns, export: str = "data.csv", *, year: int = 2025, min_answered_items: int = 0
) -> Wave:
    """A wave with one export."""
    return Wave(
        wave=year,
        label=LABEL,
        instrument="questionnaire",
        fieldwork_from=date(year, 10, 1),
        fieldwork_to=date(year, 10, 31),
        exports=(Export(file=export),),
        columns=columns,
        min_answered_items=min_answered_items,
        min_answered_source=MADE_UP,
        source=MADE_UP,
    )


def made_policy(min_base: int) -> Policy:
    """The defaults, with one minimum base in all editions."""
    editions = Editions(
        internal=InternalEdition(min_base=min_base), public=PublicEdition(min_base=min_base)
    )
    return Policy(editions=editions, source=MADE_UP)


def made_catalogue(
    instrument: Instrument,
    *,
    factors: Sequence[Factor] = (),
    outcomes: Sequence[Outcome] = (),
    flag_counts: Sequence[FlagCountRule] = (),
    norms: Sequence[Norm] = (),
    screens: ScreenSet | None = None,
    design: Design | None = None,
    grades: Sequence[str] = ("g8",),
    genders: Sequence[str] = (),
    areas: Sequence[Area] = (),
    waves: Sequence[Wave] = (),
    folder: Path = Path(),
) -> Catalogue:
    """A site whose largest area is ``everywhere``."""
    site = Site(
        id="made_up",
        label=LABEL,
        synthetic=True,
        root_area="everywhere",
        grades=tuple(Classification(id=grade, label=LABEL) for grade in grades),
        genders=tuple(Classification(id=gender, label=LABEL) for gender in genders),
        factors=tuple(factor.id for factor in factors),
        outcomes=tuple(outcome.id for outcome in outcomes),
        flag_counts=tuple(rule.id for rule in flag_counts),
        norms=tuple(norm.id for norm in norms),
        design=design or made_design(),
    )
    everywhere = Area(id="everywhere", label="Everywhere", level="place")
    return Catalogue(
        folder=folder,
        site=site,
        areas=Areas(
            source=MADE_UP,
            levels=(Classification(id="place", label=LABEL),),
            areas=(everywhere, *areas),
        ),
        policy=made_policy(min_base=10),
        waves=tuple(waves),
        instruments={instrument.id: instrument},
        factors=tuple(factors),
        outcomes=tuple(outcomes),
        screens=screens,
        norms=tuple(norms),
        flag_count_rules=tuple(flag_counts),
    )
