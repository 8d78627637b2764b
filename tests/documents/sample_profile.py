"""A handmade profile with at least one of each trouble. All numbers and texts are made up."""

from dataclasses import replace
from datetime import date
from typing import Literal

from pipeline.documents.view import (
    Domain,
    Figure,
    GradeBase,
    Lang,
    Measure,
    NormSource,
    Profile,
    Reason,
    Standing,
    Step,
    WaveFigure,
)

VIOLENCE = "Våld"
CRIME = "Kriminalitet"
DRUGS = "Bruk av alkohol och droger"
SEX = "Sexuellt riskbeteende"
SCHOOL = "Underprestation i skolan"
DEPRESSION = "Depression och ångest"
ALL = (VIOLENCE, CRIME, DRUGS, SEX, SCHOOL, DEPRESSION)

BREAK = "tre av frågorna hade en annan ordalydelse 2021"
TOO_FEW = Figure("too_few")


def shown(share: float, half: float | None, n: int = 143) -> Figure:
    """A shown figure whose interval reaches ``half`` to each side; none if that is null."""
    if half is None:
        return Figure("shown", share, None, None, n)
    return Figure("shown", share, max(share - half, 0), min(share + half, 1), n)


def waves(last: Figure, before: Figure, first: Figure, broken: bool) -> tuple[WaveFigure, ...]:
    """Three waves, the first of which may not be comparable."""
    return (
        WaveFigure(2021, first, BREAK if broken else None),
        WaveFigure(2023, before, None),
        WaveFigure(2025, last, None),
    )


def standing(figure: Figure, compared: float | None) -> Standing:
    """Where the interval lies against a share."""
    if figure.lower is None or figure.upper is None or compared is None:
        return "unknown"
    if figure.lower > compared:
        return "above"
    return "below" if figure.upper < compared else "within"


def measure(
    measure_id: str,
    label: str,
    phrase: str,
    kind: Literal["risk", "protective", "outcome"],
    area: Figure,
    municipality: float | None,
    norm: float | None,
    problems: tuple[str, ...] = (),
    broken: bool = False,
    before: Figure | None = None,
    more_is_worse: bool = True,
) -> Measure:
    """A measure; a municipality of null was not asked."""
    whole = Figure("not_asked") if municipality is None else shown(municipality, 0.03, 1204)
    earlier = before or (shown(min(area.share + 0.04, 1), 0.08) if area.share else TOO_FEW)
    first = shown(min(area.share + 0.13, 1), 0.09) if area.share else Figure("not_asked")
    return Measure(
        id=measure_id,
        label=label,
        label_is_working_name=kind != "outcome",
        phrase=phrase,
        kind=kind,
        more_is_worse=more_is_worse,
        area=area,
        municipality=whole,
        norm_share=norm,
        against_norm=standing(area, norm),
        against_municipality=standing(area, municipality),
        waves=waves(area, earlier, first, broken),
        problems=problems,
        n_items=4,
        is_sensitive=kind == "outcome" or "droger" in phrase,
    )


COMMUNITY = (
    measure(
        "c_disorg", "Bristande ordning och otrygghet i närområdet",
        "upplever bristande ordning eller otrygghet där de bor",
        "risk", shown(0.52, 0.06), 0.45, 0.41, (VIOLENCE, CRIME, DRUGS),
    ),
    measure(
        "c_attach_low", "Låg anknytning till närområdet", "inte trivs där de bor",
        "risk", shown(0.31, 0.06), 0.38, 0.43, (VIOLENCE, CRIME, DRUGS), broken=True,
    ),
    measure(
        "c_avail_drugs", "Upplevd tillgång till alkohol, tobak och narkotika",
        "tycker att det är lätt att få tag på alkohol, tobak eller droger",
        "risk", shown(0.44, 0.07), 0.42, 0.42, (DRUGS,),
    ),
    measure(
        "c_avail_weapons", "Upplevd tillgång till vapen",
        "tycker att det är lätt att få tag på ett vapen",
        "risk", shown(0.08, None, 41), 0.07, 0.09, (VIOLENCE, CRIME),
    ),
    measure(
        "c_opp", "Möjligheter till delaktighet i närområdet",
        "saknar möjligheter att vara delaktiga i närområdet",
        "protective", shown(0.48, 0.06), 0.44, 0.40,
    ),
    measure(
        "c_rew", "Bekräftelse i närområdet", "sällan får bekräftelse av vuxna i närområdet",
        "protective", TOO_FEW, 0.39, 0.41,
    ),
)  # fmt: skip

FAMILY = (
    measure(
        "f_manage_poor", "Bristande föräldratillsyn och otydliga regler",
        "har otydliga regler hemma eller föräldrar med liten insyn",
        "risk", shown(0.35, 0.05), 0.40, 0.43, ALL, before=shown(0.39, 0.05),
    ),
    measure(
        "f_conflict", "Familjekonflikter", "ofta är med om bråk hemma",
        "risk", shown(0.40, 0.06), 0.39, 0.42, ALL,
    ),
    measure(
        "f_att_asb", "Föräldrars tillåtande attityd till normbrytande beteende",
        "har föräldrar som ser lätt på stölder, skadegörelse eller slagsmål",
        "risk", Figure("no_norm"), 0.33, None, (VIOLENCE, CRIME, DRUGS),
    ),
    measure(
        "f_attach", "Anknytning till familjen", "har svag anknytning till sina föräldrar",
        "protective", shown(0.36, 0.05), 0.40, 0.42,
    ),
)  # fmt: skip

SCHOOL_FACTORS = (
    measure(
        "s_failure", "Skolmisslyckande", "har svårt att klara skolarbetet",
        "risk", shown(0.55, 0.06), 0.46, 0.42, ALL,
    ),
    measure(
        "s_commit_low", "Låg anknytning till skolan",
        "inte tycker att skolan känns meningsfull",
        "risk", shown(0.49, 0.06), 0.44, 0.42, (DRUGS, CRIME, SEX, SCHOOL),
        before=TOO_FEW,
    ),
    measure(
        "s_opp", "Möjligheter till delaktighet i skolan",
        "sällan får vara med och påverka i skolan",
        "protective", shown(0.34, 0.05), 0.39, 0.41,
    ),
    measure(
        "s_rew", "Bekräftelse i skolan", "sällan får höra att de gjort något bra i skolan",
        "protective", Figure("no_answers"), None, 0.41,
    ),
)  # fmt: skip

PEERS = (
    measure(
        "p_friends_drugs", "Vänners bruk av alkohol, tobak och narkotika",
        "har vänner som använder alkohol, tobak eller droger",
        "risk", shown(0.45, 0.06), 0.42, 0.42, ALL, broken=True,
    ),
    measure(
        "p_rew_asb",
        "Uppskattning för normbrytande beteende bland jämnåriga i skola och på fritid",
        "tror att de skulle uppskattas av kamrater om de bröt mot regler",
        "risk", Figure("not_asked"), None, 0.40, ALL,
    ),
    measure(
        "p_moral", "Tro på gemensamma regler", "ser lätt på att bryta mot gemensamma regler",
        "protective", shown(1.0, 0.02, 33), 0.37, 0.41,
    ),
    measure(
        "p_skills", "Sociala färdigheter", "löser svåra situationer på ett genomtänkt sätt",
        "protective", shown(0.0, None, 36), 0.55, 0.58, more_is_worse=False,
    ),
)  # fmt: skip

OUTCOMES = (
    measure(
        "o_alcohol", "Alkohol senaste 30 dagarna", "har druckit alkohol de senaste 30 dagarna",
        "outcome", shown(0.19, 0.04), 0.22, None,
    ),
    measure(
        "o_violence", "Har slagit någon med avsikt att skada",
        "har slagit någon med avsikt att skada det senaste året",
        "outcome", shown(0.11, 0.035), 0.07, None,
    ),
    measure(
        "o_sexual", "Sexuellt riskbeteende", "har haft oskyddat samlag det senaste året",
        "outcome", TOO_FEW, 0.05, None,
    ),
    measure(
        "o_depression", "Nedstämdhet", "har känt sig nedstämda de flesta dagar det senaste året",
        "outcome", shown(0.28, 0.06), 0.26, None, broken=True,
    ),
)  # fmt: skip

NORM = NormSource(
    label="Påhittad norm 2025",
    population="Alla elever i exempelkommunen",
    wave=2025,
    n=1204,
    grades=("Årskurs 7", "Årskurs 8", "Årskurs 9"),
    rule="median ± 0,15 × MAD",
    k=0.15,
    mad="median",
    risk_side="upper",
    risk_inclusive=True,
    protective_side="lower",
    protective_inclusive=False,
    method_source="Mejía-Trujillo m.fl. (2018), som följer Arthur m.fl. (2007).",
    source="Beräknad på exempelkommunens påhittade svar.",
    synthetic=True,
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
    instrument_label="Elevenkät om risk- och skyddsfaktorer, version 2025",
    instrument_status="Frågorna är våra arbetsversioner, inte en officiell svensk översättning.",
    n_area=147,
    min_base=30,
    n_hidden=4,
    confidence=0.95,
    interval="logit",
    degrees_of_freedom="domain",
    stance="superpopulation",
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
        GradeBase("Årskurs 7", 61, 431, 498, True),
        GradeBase("Årskurs 8", 57, 402, 461, True),
        GradeBase("Årskurs 9", None, 386, 453, True),
        GradeBase("Gymnasiet årskurs 2", None, 29, None, False),
    ),
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


def in_english(profile: Profile) -> Profile:
    """The same figures with the fixed texts in English."""
    lang: Lang = "en"
    return replace(profile, lang=lang)


def of_municipality(profile: Profile) -> Profile:
    """The municipality's own profile, in its first wave, for a probability sample."""
    alone = tuple(
        replace(
            domain,
            measures=tuple(
                replace(each, municipality=None, problems=(), waves=each.waves[-1:])
                for each in domain.measures
            ),
        )
        for domain in profile.domains
    )
    return replace(
        profile,
        domains=(*alone[:3], replace(alone[3], measures=())),
        outcomes=(),
        earlier_waves=(),
        concerns=(replace(FAMILY[1], municipality=None),),
        strengths=(),
        is_municipality=True,
        area_label=profile.municipality_label,
        lies_in=(),
        contains=("Norrby", "Söderby", "Österby"),
        synthetic=False,
        n_hidden=1,
        n_area=1,
        n_not_placed=1,
        refused=(),
        ladder=tuple(replace(s, n=None) if s.id == "enrolled" else s for s in profile.ladder),
        stance="sample",
        interval="korn_graubard",
        degrees_of_freedom="full",
        norms=(
            replace(
                NORM, mad="mean", n=1, synthetic=False,
                risk_side="lower", risk_inclusive=True,
                protective_side="upper", protective_inclusive=False,
            ),
        ),
    )  # fmt: skip


def too_small(profile: Profile) -> Profile:
    """An area with too few respondents to show anything."""
    hidden = tuple(
        replace(domain, measures=tuple(_hidden(each) for each in domain.measures))
        for domain in profile.domains
    )
    return replace(
        profile, n_area=None, n_not_placed=1, domains=hidden,
        outcomes=tuple(map(_hidden, profile.outcomes)),
        concerns=(), strengths=(), about=None, fieldwork_to=date(2026, 1, 9),
        stance="finite_population",
    )  # fmt: skip


def without_norm(profile: Profile) -> Profile:
    """A norm, or none, that has cut-offs for no factor."""
    bare = tuple(
        replace(domain, measures=tuple(map(_without_norm, domain.measures)))
        for domain in profile.domains
    )
    norm = replace(NORM, risk_inclusive=False, protective_inclusive=True)
    return replace(
        profile, domains=bare, concerns=(), strengths=(),
        norms=() if profile.lang == "sv" else (norm,),
    )  # fmt: skip


def without_highlights(profile: Profile) -> Profile:
    """A norm that nothing stands out from."""
    return replace(profile, concerns=(), strengths=(), fieldwork_to=date(2025, 11, 3))


def _hidden(measure: Measure) -> Measure:
    return replace(
        measure,
        area=TOO_FEW,
        against_norm="unknown",
        against_municipality="unknown",
        waves=tuple(replace(wave, figure=TOO_FEW) for wave in measure.waves),
    )


def _without_norm(measure: Measure) -> Measure:
    return replace(measure, area=Figure("no_norm"), norm_share=None, against_norm="unknown")
