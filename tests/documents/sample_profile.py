"""A handmade profile with at least one of each trouble. All numbers and texts are made up."""

from datetime import date

from pipeline.documents.participation_view import Group, Participation
from pipeline.documents.view import (
    Domain,
    GradeBase,
    NormSource,
    Profile,
    Reason,
    Step,
)
from tests.documents.sample_measures import COMMUNITY, FAMILY, OUTCOMES, PEERS, SCHOOL_FACTORS

NORM = NormSource(
    label="Påhittad norm 2025",
    population="Alla elever i exempelkommunen",
    wave=2025,
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

GRADE_7 = Group("Årskurs 7", False, 498, 447, 447 / 498, False)
GRADE_9 = Group("Årskurs 9", False, 453, 372, 372 / 453, True)
BOYS = Group("Pojke", False, 702, 590, 590 / 702, True)
PARTICIPATION = Participation(
    everyone=Group("Alla", False, 1412, 1266, 1266 / 1412, False),
    grades=(GRADE_7, GRADE_9, Group("Gymnasiet årskurs 2", True, None, None, None, False)),
    genders=(
        Group("Flicka", False, 680, 706, 706 / 680, False),
        BOYS,
        Group("Annat", False, None, 31, None, False),
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
    wave=2025,
    wave_label="Ungdomsenkäten 2025",
    earlier_waves=(2021, 2023),
    fieldwork_from=date(2025, 10, 6),
    fieldwork_to=date(2025, 10, 24),
    is_weighted=False,
    has_own_weights=False,
    instrument_label="Elevenkät om risk- och skyddsfaktorer, version 2025",
    instrument_status="Frågorna är våra arbetsversioner, inte en officiell svensk översättning.",
    n_area=147,
    min_base=30,
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
        Step("enrolled", 1412),
        Step("opened", 1297),
        Step("valid", 1266),
        Step("passed_screens", 1219),
        Step("placed", 1183),
        Step("scored", 1171),
    ),
    refused=(Reason("För få frågor besvarade", 28), Reason("Okänd årskurs", 3)),
    screened=(
        Reason("Uppgav att de använt ett påhittat preparat", 19),
        Reason("Svarade att de inte hade varit ärliga", 21),
        Reason("Orimligt höga uppgifter om droger", 7),
    ),
    n_not_placed=36,
    grades=(
        GradeBase("Årskurs 7", 61, 431, True),
        GradeBase("Årskurs 8", 57, 402, True),
        GradeBase("Årskurs 9", None, 386, True),
        GradeBase("Gymnasiet årskurs 2", None, 29, False),
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
    norms=(NORM,),
    build_id="3f9c21ab70de",
)
