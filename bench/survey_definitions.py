"""What the made-up survey of the benchmark asks, and how it is scored."""

from datetime import date
from itertools import cycle, islice

from pipeline.definitions.areas import Area, AreaCode, Areas, Parent
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.cutoff_rule import MedianMad
from pipeline.definitions.factor import Factor, FactorItem
from pipeline.definitions.instrument import AnswerCode, Instrument, Item, ResponseFormat
from pipeline.definitions.norm import CutOff, FlaggedSide, Norm
from pipeline.definitions.part import Label
from pipeline.definitions.policy import Editions, Policy, PublicEdition
from pipeline.definitions.site import Classification, Design, Site
from pipeline.definitions.wave import CodedColumn, CodeMeaning, Columns, Export, Wave, Weight

N_FACTORS = 35
N_AREAS = 60
GRADES = ("g8", "g11")
GENDERS = ("girl", "boy")
FIRST_WAVE = 2000
N_ITEMS = tuple(islice(cycle((2, 3, 4, 5, 6, 5, 4)), N_FACTORS))
"""Items of each factor, 145 together."""

LOWEST, HIGHEST = 1, 4
WEIGHT_DECIMALS = 4
MADE_UP = "made up for the benchmark"
LABEL = Label(sv="påhittad", en="made up")


def survey_catalogue(n_waves: int) -> Catalogue:
    """A site of 60 areas with 35 factors of 145 items, and the same questionnaire in each wave."""
    factors = tuple(_factor(number) for number in range(N_FACTORS))
    norm = _norm(factors)
    site = Site(
        id="benchmark",
        label=LABEL,
        synthetic=True,
        root_area="everywhere",
        grades=_classes(GRADES),
        genders=_classes(GENDERS),
        factors=tuple(factor.id for factor in factors),
        norms=(norm.id,),
        design=Design(
            stance="sample",
            degrees_of_freedom="domain",
            lonely_psu="fail",
            interval="logit",
            source=MADE_UP,
        ),
    )
    return Catalogue(
        folder=None,  # type: ignore[arg-type] # Nothing is read from files.
        site=site,
        areas=_areas(),
        policy=Policy(editions=Editions(public=PublicEdition(min_base=10)), source=MADE_UP),
        waves=tuple(_wave(FIRST_WAVE + number) for number in range(n_waves)),
        instruments={"questionnaire": _instrument(factors)},
        factors=factors,
        outcomes=(),
        screens=None,
        norms=(norm,),
    )


def area_id(number: int) -> str:
    """Id of an area, which is also its code in exports."""
    return f"area_{number + 1:02d}"


def _classes(ids: tuple[str, ...]) -> tuple[Classification, ...]:
    return tuple(Classification(id=each, label=LABEL) for each in ids)


def _factor(number: int) -> Factor:
    """Every third item is reversed; half of the items, rounded up, must be answered."""
    name = f"factor_{number + 1:02d}"
    n_items = N_ITEMS[number]
    return Factor(
        id=name,
        label=LABEL,
        label_status="project_choice",
        phrase=LABEL,
        domain="community",
        direction="protective" if number % 3 == 0 else "risk",
        items=tuple(
            FactorItem(id=f"{name}_item_{item + 1}", reversed=item % 3 == 2)
            for item in range(n_items)
        ),
        min_answered=(n_items + 1) // 2,
        source=MADE_UP,
        status="project_choice",
    )


def _instrument(factors: tuple[Factor, ...]) -> Instrument:
    agreement = ResponseFormat(
        id="agreement",
        codes=tuple(AnswerCode(code=code, label=LABEL) for code in range(LOWEST, HIGHEST + 1)),
        source=MADE_UP,
        status="project_choice",
    )
    return Instrument(
        id="questionnaire",
        label=LABEL,
        source=MADE_UP,
        status="project_choice",
        formats=(agreement,),
        items=tuple(
            Item(
                id=item.id,
                column=item.id,
                format=agreement.id,
                text=LABEL,
                source=MADE_UP,
                status="project_choice",
            )
            for factor in factors
            for item in factor.items
        ),
    )


def _norm(factors: tuple[Factor, ...]) -> Norm:
    """Cut-offs that no mean of whole points lies on, so that rounding decides nothing."""
    return Norm(
        id="norm",
        label=LABEL,
        population=LABEL,
        wave=FIRST_WAVE,
        instrument="questionnaire",
        source=LABEL,
        synthetic=True,
        method=MedianMad(rule="median_mad", k=0.15, mad="median"),
        risk=FlaggedSide(side="upper", inclusive=False),
        protective=FlaggedSide(side="lower", inclusive=False),
        method_source=LABEL,
        grades=GRADES,
        cutoffs=tuple(
            CutOff(
                factor=factor.id,
                grade=grade,
                cutoff=(2.61 if factor.direction == "risk" else 1.81) + 0.05 * place,
                n=1,
                share_flagged=0,
            )
            for factor in factors
            for place, grade in enumerate(GRADES)
        ),
    )


def _areas() -> Areas:
    everywhere = Parent(area="everywhere", source=MADE_UP, status="sample_data")
    places = (
        Area(
            id=area_id(number),
            label=area_id(number),
            level="place",
            codes=(AreaCode(code=area_id(number)),),
            lies_in=(everywhere,),
        )
        for number in range(N_AREAS)
    )
    return Areas(
        source=MADE_UP,
        levels=_classes(("place",)),
        areas=(Area(id="everywhere", label="Everywhere", level="place"), *places),
    )


def _wave(year: int) -> Wave:
    def coded(column: str, ids: tuple[str, ...]) -> CodedColumn:
        return CodedColumn(
            column=column, codes=tuple(CodeMeaning(code=each, id=each) for each in ids)
        )

    return Wave(
        wave=year,
        label=LABEL,
        instrument="questionnaire",
        fieldwork_from=date(year, 10, 1),
        fieldwork_to=date(year, 10, 31),
        exports=(Export(file="answers.csv"),),
        columns=Columns(
            respondent="respondent_id",
            school="psu",
            area="area_code",
            grade=coded("grade", GRADES),
            gender=coded("gender", GENDERS),
            weight=Weight(column="weight", decimals=WEIGHT_DECIMALS),
            stratum="stratum",
            psu=("psu",),
            has_unique_psu=True,
        ),
        min_answered_items=0,
        min_answered_source=MADE_UP,
        source=MADE_UP,
    )
