"""Handmade measures with at least one of each trouble. All numbers and texts are made up."""

from dataclasses import replace

from pipeline.disclosure.figure import Count, Points, Published, Share, whole_percent
from pipeline.documents.comparison_view import Comparison, Trend
from pipeline.documents.making_view import CutOffs, Making
from pipeline.documents.split_view import GroupComparison, GroupFigure, Split
from pipeline.documents.view import Counting, Measure, MeasureKind, WaveFigure

VIOLENCE = "Våld"
CRIME = "Kriminalitet"
DRUGS = "Bruk av alkohol och droger"
SEX = "Sexuellt riskbeteende"
SCHOOL = "Underprestation i skolan"
DEPRESSION = "Depression och ångest"
ALL = (VIOLENCE, CRIME, DRUGS, SEX, SCHOOL, DEPRESSION)

BREAK = "tre av frågorna hade en annan ordalydelse 2021"
TOO_FEW = Published("too_few")


def shown(share: float, half: float | None, n: int = 143) -> Published:
    """A shown figure whose interval reaches ``half`` to each side; none if that is null."""
    if half is None:
        return Published("shown", Share(share), None, None, Count(n))
    return Published(
        "shown", Share(share), Share(max(share - half, 0)), Share(min(share + half, 1)), Count(n)
    )


def waves(
    last: Published, before: Published, first: Published, broken: bool
) -> tuple[WaveFigure, ...]:
    """Three waves, the first of which may not be comparable."""
    return (
        WaveFigure(2021, first, BREAK if broken else None),
        WaveFigure(2023, before, None),
        WaveFigure(2025, last, None),
    )


def compared(figure: Published, other: float | None, since: int | None = None) -> Comparison:
    """A verdict as it might be: the interval lies past the other share, or around it."""
    if figure.state == "too_few":
        return Comparison("too_few")
    if figure.share is None or other is None:
        return Comparison("not_compared")
    points = Points(whole_percent(figure.share) - whole_percent(other))
    if figure.lower is None or figure.upper is None:
        return Comparison("untestable", points=points, since=since)
    if figure.lower > other:
        return Comparison("higher", points=points, since=since)
    if figure.upper < other:
        return Comparison("lower", points=points, since=since)
    return Comparison("no_detectable_difference", "detectable", points, Points(12), since)


def splits(area: Published, kind: str) -> tuple[Split, ...]:
    """By gender, the third too few to show, and by grade, the last without a norm for factors."""

    def part(more: float, half: float | None, n: int) -> Published:
        if area.share is None:
            return area
        return shown(min(max(area.share + more, 0), 1), half, n)

    girls, boys = part(0.06, 0.07, 71), part(-0.05, 0.08, 64)
    others = TOO_FEW if area.share is not None else area
    last = part(0.03, 0.12, 31) if kind == "outcome" else Published("no_norm")
    found = compared(girls, boys.share)
    return (
        Split(
            "gender",
            (
                GroupFigure("girl", "Flickor", girls),
                GroupFigure("boy", "Pojkar", boys),
                GroupFigure("other", "Annat", others),
            ),
            GroupComparison("Flickor", "Pojkar", found),
        ),
        Split(
            "grade",
            (
                GroupFigure("g7", "Årskurs 7", part(-0.02, 0.09, 48)),
                GroupFigure("g8", "Årskurs 8", part(0.0, None, 46)),
                GroupFigure("g9", "Årskurs 9", part(0.04, 0.09, 41)),
                GroupFigure("gy2", "Gymnasiet årskurs 2", last),
            ),
            None,
        ),
    )


def measure(  # noqa: PLR0917 - one measure a call, read as a table
    measure_id: str,
    label: str,
    phrase: str,
    kind: MeasureKind,
    area: Published,
    rest: float | None,
    norm: float | None,
    problems: tuple[str, ...] = (),
    broken: bool = False,
    before: Published | None = None,
    more_is_worse: bool = True,
) -> Measure:
    """A measure; a rest of null cannot be compared with."""
    earlier = before or (shown(min(area.share + 0.04, 1), 0.08) if area.share else TOO_FEW)
    first = shown(min(area.share + 0.13, 1), 0.09) if area.share else Published("not_asked")
    return Measure(
        id=measure_id,
        label=label,
        label_is_working_name=kind != "outcome",
        phrase=phrase,
        kind=kind,
        more_is_worse=more_is_worse,
        area=area,
        rest=None if rest is None or area.share is None else Published("shown", Share(rest)),
        norm_share=None if norm is None else Share(norm),
        norm_break=None,
        against_norm=compared(area, norm),
        against_rest=compared(area, rest),
        waves=waves(area, earlier, first, broken),
        change=compared(area, earlier.share, 2023),
        trend=None if broken or area.share is None else Trend("lower", Points(-3.2), 2021),
        funnel=(),
        problems=problems,
        n_items=4,
        is_sensitive=kind == "outcome" or "droger" in phrase,
        making=_making(kind, has_norm=norm is not None),
        splits=splits(area, kind),
    )


def _making(kind: MeasureKind, *, has_norm: bool) -> Making:
    if kind == "flag_count":
        return count_making()
    return outcome_making() if kind == "outcome" else factor_making(has_norm=has_norm)


def count_making() -> Making:
    """No questions of its own: it counts flags."""
    return replace(outcome_making(), questions=(), min_answered=20, min_reached=12)


def factor_making(*, has_norm: bool) -> Making:
    """Four questions, one of them turned round."""
    return Making(
        questions=("Jag trivs här.", "Jag vill flytta.", "Jag känner mig trygg.", "Jag bor bra."),
        reversed_questions=(2,),
        min_answered=3,
        min_reached=None,
        cutoffs=(CutOffs("Påhittad norm 2025", (("Årskurs 7", 2.25), ("Årskurs 9", 2.5))),)
        if has_norm
        else (),
        is_rescaled=not has_norm,
        source="Made up; 4 items",
        source_status="project_choice",
    )


def single_making() -> Making:
    """A factor of one question."""
    return replace(
        factor_making(has_norm=True),
        questions=("Bråkar ni?",),
        reversed_questions=(),
        min_answered=1,
    )


def outcome_making() -> Making:
    """One question, no norm."""
    return Making(
        questions=("Har det hänt?",),
        reversed_questions=(),
        min_answered=1,
        min_reached=1,
        cutoffs=(),
        is_rescaled=False,
        source="Made up",
        source_status="remembered",
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
        "risk", Published("no_norm"), 0.33, None, (VIOLENCE, CRIME, DRUGS),
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
        "protective", Published("no_answers"), None, 0.41,
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
        "risk", Published("not_asked"), None, 0.40, ALL,
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

MANY = Comparison("no_detectable_difference", "many", Points(6))
SMALL = Comparison("higher", "below_rounding", Points(0))
# What is found only by itself, what rounding hides, and lines that rise or do not.
SCHOOL_FACTORS = (
    replace(SCHOOL_FACTORS[0], trend=Trend("higher", Points(1.5), 2021)),
    replace(
        SCHOOL_FACTORS[1],
        against_rest=MANY, trend=Trend("no_detectable_difference", Points(0.0), 2021),
    ),
    *SCHOOL_FACTORS[2:],
)  # fmt: skip
FAMILY = (
    replace(
        FAMILY[0],
        against_rest=Comparison("untestable", points=Points(-5)),
        problems_unchecked=(VIOLENCE,),
    ),
    replace(FAMILY[1], against_norm=SMALL, n_items=1, making=single_making()),
    *FAMILY[2:],
)
OUTCOMES = (
    replace(OUTCOMES[0], change=Comparison("lower", None, Points(-4), None, 2023)),
    replace(
        OUTCOMES[1],
        against_rest=Comparison("no_detectable_difference", "detectable", Points(0), Points(1)),
        change=Comparison("no_detectable_difference", "many", Points(5), None, 2023),
    ),
    *OUTCOMES[2:3],
    replace(OUTCOMES[3], change=Comparison("higher", None, Points(7), None, 2023)),
)
FLAG_COUNTS = (
    replace(
        measure(
            "n_risk", "Många riskfaktorer samtidigt",
            "har förhöjd risk på minst 12 av riskfaktorerna",
            "flag_count", shown(0.31, 0.07), 0.24, None, broken=True,
        ),
        counting=Counting(12, 24, 20), is_sensitive=True,
        change=Comparison("lower", None, Points(-4), None, 2023),
    ),
    replace(
        measure(
            "n_weak", "Svagt skydd på många håll", "har svagt skydd på minst 6 av skyddsfaktorerna",
            "flag_count", Published("not_asked"), None, None,
        ),
        is_sensitive=True,
    ),
)  # fmt: skip
