"""A handmade profile with at least one of each trouble. All numbers and texts are made up."""

from datetime import date

from pipeline.disclosure.figure import Count, Share
from pipeline.documents.participation_view import Group, Participation
from pipeline.documents.view import (
    Domain,
    GradeBase,
    NormSource,
    Profile,
    Reason,
    Step,
)
from tests.documents.sample_measures import (
    COMMUNITY,
    FAMILY,
    FLAG_COUNTS,
    OUTCOMES,
    PEERS,
    SCHOOL_FACTORS,
)

NORM = NormSource(
    label="Påhittad norm 2025",
    population="Alla elever i exempelkommunen",
    wave=2025,
    is_of_a_wave=True,
    n=1204,
    grades=("Årskurs 7", "Årskurs 8", "Årskurs 9"),
    rule="Gränsvärdet är medianen ± 0,15 × MAD.",
    counted="Varje årskurs har sina egna gränsvärden. Alla svar räknas lika mycket.",
    risk="Poäng på eller över medianen + 0,15 × MAD.",
    protective="Poäng under medianen − 0,15 × MAD.",
    method_source="Mejía-Trujillo m.fl. (2018), som följer Arthur m.fl. (2007).",
    source="Beräknad på exempelkommunens påhittade svar.",
    synthetic=True,
)

GRADE_7 = Group("Årskurs 7", False, Count(498), Count(447), Share(447 / 498), False)
GRADE_9 = Group("Årskurs 9", False, Count(453), Count(372), Share(372 / 453), True)
BOYS = Group("Pojkar", False, Count(702), Count(590), Share(590 / 702), True)
PARTICIPATION = Participation(
    everyone=Group("Alla", False, Count(1412), Count(1266), Share(1266 / 1412), False),
    grades=(GRADE_7, GRADE_9, Group("Gymnasiet årskurs 2", True, None, None, None, False)),
    genders=(
        Group("Flickor", False, Count(680), Count(706), Share(706 / 680), False),
        BOYS,
        Group("Annat", False, None, Count(31), None, False),
    ),
    under_represented=(GRADE_9, BOYS),
    min_gap_points=5,
    n_above_enrolled=1,
    largest_discrepancy=30,
    max_bias_points=4,
    bias_variables=("skola", "årskurs", "kön"),
    raked_by=(),
)

PROFILE = Profile(
    lang="sv",
    site_label="Exempelkommunen",
    about="Profilen hör till kommunens arbete med Communities That Care.",
    synthetic=True,
    area_id="norrby",
    area_label="Norrby",
    level_label="Bostadsområde",
    is_municipality=False,
    municipality_label="Exempelkommunen",
    lies_in=("Område 1",),
    lies_in_is_sample_data=True,
    contains=(),
    map=None,
    wave=2025,
    wave_label="Ungdomsenkäten 2025",
    earlier_waves=(2021, 2023),
    fieldwork_from=date(2025, 10, 6),
    fieldwork_to=date(2025, 10, 24),
    is_weighted=False,
    has_own_weights=False,
    instrument_label="Elevenkät om risk- och skyddsfaktorer, version 2025",
    instrument_status="Frågorna är våra arbetsversioner, inte en officiell svensk översättning.",
    n_area=Count(147),
    edition="internal",
    min_base=30,
    round_counts=1,
    n_hidden=4,
    confidence=0.95,
    interval="logit",
    degrees_of_freedom="domain",
    stance="superpopulation",
    has_population_sizes=False,
    adjustment="benjamini_hochberg",
    alpha=0.05,
    power=0.8,
    is_compared=True,
    ladder=(
        Step("enrolled", Count(1412)),
        Step("opened", Count(1297)),
        Step("valid", Count(1266)),
        Step("passed_screens", Count(1219)),
        Step("placed", Count(1183)),
        Step("scored", Count(1171)),
    ),
    refused=(Reason("För få frågor besvarade", Count(28)), Reason("Okänd årskurs", Count(3))),
    screened=(
        Reason("Uppgav att de använt ett påhittat preparat", Count(19)),
        Reason("Svarade att de inte hade varit ärliga", Count(21)),
        Reason("Orimligt höga uppgifter om droger", Count(7)),
    ),
    n_not_placed=Count(36),
    grades=(
        GradeBase("Årskurs 7", Count(61), Count(431), True),
        GradeBase("Årskurs 8", Count(57), Count(402), True),
        GradeBase("Årskurs 9", None, Count(386), True),
        GradeBase("Gymnasiet årskurs 2", None, Count(29), False),
    ),
    participation=PARTICIPATION,
    concerns=(SCHOOL_FACTORS[0], COMMUNITY[0], COMMUNITY[4], SCHOOL_FACTORS[1]),
    strengths=(COMMUNITY[1], FAMILY[0], SCHOOL_FACTORS[2], FAMILY[3]),
    domains=(
        Domain("community", COMMUNITY),
        Domain("family", FAMILY),
        Domain("school", SCHOOL_FACTORS),
        Domain("peer_individual", PEERS),
    ),
    outcomes=OUTCOMES,
    genders_not_shown=(),
    flag_counts=FLAG_COUNTS,
    norms=(NORM,),
    build_id="3f9c21ab70de",
)
