"""The handmade profile as it is in other sites, areas and languages."""

from dataclasses import replace
from datetime import date

from pipeline.disclosure.figure import Count, Points, Published, Share
from pipeline.documents.comparison_view import Comparison, FunnelArea, Place, Trend, Verdict
from pipeline.documents.participation_view import Group, Participation
from pipeline.documents.split_view import GroupComparison, Split
from pipeline.documents.view import GradeBase, Lang, Measure, Profile, Reason, WaveFigure
from tests.documents.sample_measures import BREAK, FAMILY, TOO_FEW
from tests.documents.sample_profile import NORM


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
                replace(
                    each,
                    rest=None,
                    problems=(),
                    waves=each.waves[-1:],
                    funnel=_funnel(each),
                    splits=_of_one(each),
                )
                for each in domain.measures
            ),
        )
        for domain in profile.domains
    )
    return replace(
        profile,
        domains=(*alone[:3], replace(alone[3], measures=())),
        outcomes=(),
        flag_counts=(),
        earlier_waves=(),
        concerns=(replace(FAMILY[1], rest=None, against_norm=Comparison("not_compared")),),
        strengths=(),
        is_municipality=True,
        area_label=profile.municipality_label,
        lies_in=(),
        contains=("Norrby", "Söderby", "Österby"),
        synthetic=False,
        n_hidden=1,
        n_area=Count(1),
        n_not_placed=Count(1),
        refused=(),
        ladder=tuple(replace(s, n=None) if s.id == "enrolled" else s for s in profile.ladder),
        stance="sample",
        is_weighted=True,
        has_own_weights=True,
        participation=replace(
            profile.participation, raked_by=("årskurs", "kön"), max_bias_points=None,
            under_represented=profile.participation.under_represented[:1],
            n_above_enrolled=2, largest_discrepancy=1,
        ),
        interval="korn_graubard",
        degrees_of_freedom="full",
        norms=(replace(NORM, n=1, synthetic=False),),
        adjustment="holm",
    )  # fmt: skip


def too_small(profile: Profile) -> Profile:
    """An area with too few respondents to show anything; all names are working names."""
    hidden = tuple(
        replace(domain, measures=tuple(_hidden(each) for each in domain.measures))
        for domain in profile.domains
    )
    return replace(
        profile, n_area=None, n_not_placed=Count(1), domains=hidden,
        outcomes=tuple(map(_hidden, profile.outcomes)),
        flag_counts=tuple(map(_hidden, profile.flag_counts)),
        concerns=(), strengths=(), about=None, fieldwork_to=date(2026, 1, 9),
        stance="finite_population", interval="wilson", participation=_unknown(profile),
    )  # fmt: skip


def without_norm(profile: Profile) -> Profile:
    """A norm, or none, that has cut-offs for no factor."""
    bare = tuple(
        replace(domain, measures=tuple(map(_without_norm, domain.measures)))
        for domain in profile.domains
    )
    return replace(
        profile, domains=bare, outcomes=tuple(map(_without_gender, profile.outcomes)),
        concerns=(), strengths=(), is_compared=False,
        flag_counts=tuple(map(_without_norm, profile.flag_counts)),
        norms=() if profile.lang == "sv" else (NORM,),
        participation=replace(profile.participation, max_bias_points=1, under_represented=()),
    )  # fmt: skip


def public(profile: Profile) -> Profile:
    """The public edition: one figure of each state, marks, rounded numbers, hidden groups."""
    alike = tuple(
        replace(domain, measures=tuple(map(_public, domain.measures))) for domain in profile.domains
    )
    community = alike[0].measures
    coded = Published("coded", n=Count(120), code="below", limit=Share(0.05))
    above = Published("coded", code="above", limit=Share(0.95))
    hidden = Published("suppressed", n=Count(140))
    shown = (
        replace(community[0], area=replace(community[0].area, is_unreliable=True)),
        replace(community[1], area=coded, rest=None, waves=_last(community[1], coded)),
        replace(community[2], area=above, waves=_last(community[2], above)),
        replace(community[3], area=hidden, rest=None, against_rest=Comparison("suppressed"),
                against_norm=Comparison("suppressed"), change=Comparison("suppressed"),
                waves=_last(community[3], hidden)),
        replace(community[4], trend=Trend("lower", None, 2021, Points(-1))),
        replace(community[5], trend=Trend("lower", None, 2021)),
    )  # fmt: skip
    return replace(
        profile, edition="public", round_counts=5, n_area=Count(145), n_not_placed=Count(35),
        domains=(replace(alike[0], measures=shown), *alike[1:]), concerns=(shown[0],),
        genders_not_shown=("Annat",), strengths=(shown[1],),
        refused=(Reason("Okänd årskurs", None),),
        grades=(*profile.grades, GradeBase("Gymnasiet årskurs 3", None, None, False)),
    )  # fmt: skip


def without_highlights(profile: Profile) -> Profile:
    """Nothing stands out from the norm, nothing hidden; outcomes of few schools; sizes known."""
    outcomes = tuple(
        replace(each, area=replace(each.area, is_pooled=each.area.lower is not None))
        for each in profile.outcomes
    )
    peers = tuple(
        replace(each, splits=_in_groups(each, TOO_FEW)) for each in profile.domains[3].measures
    )
    return replace(
        profile, concerns=(), strengths=(), n_hidden=0, fieldwork_to=date(2025, 11, 3),
        stance="finite_population", has_population_sizes=True, outcomes=outcomes,
        domains=(*profile.domains[:3], replace(profile.domains[3], measures=peers)),
    )  # fmt: skip


def _public(measure: Measure) -> Measure:
    """Hidden figures as the public edition has them; no detectable differences, nothing pooled."""
    state = measure.area.state

    def told(comparison: Comparison) -> Comparison:
        verdict = "suppressed" if comparison.verdict == "too_few" else comparison.verdict
        note = None if comparison.note in ("detectable", "many") else comparison.note
        return replace(comparison, verdict=verdict, note=note, detectable=None)

    figure = Published("suppressed") if state == "too_few" else measure.area
    return replace(
        measure,
        area=figure,
        against_norm=told(measure.against_norm),
        against_rest=told(measure.against_rest),
        change=told(measure.change),
        trend=None,
        waves=tuple(
            replace(wave, figure=Published("suppressed"))
            if wave.figure.state == "too_few" else wave
            for wave in measure.waves
        ),
        splits=tuple(map(_public_split, measure.splits)),
    )  # fmt: skip


def _last(measure: Measure, figure: Published) -> tuple[WaveFigure, ...]:
    *earlier, last = measure.waves
    return (*earlier, replace(last, figure=figure))


def _unknown(profile: Profile) -> Participation:
    """Nobody stated how many pupils there are, and the export holds no gender."""
    shown = profile.participation

    def bare(group: Group) -> Group:
        return replace(group, n_enrolled=None, share=None, is_under_represented=False)

    return replace(
        shown,
        everyone=bare(shown.everyone),
        grades=tuple(map(bare, shown.grades)),
        genders=(), under_represented=(), n_above_enrolled=0, largest_discrepancy=0,
        max_bias_points=None, bias_variables=(),
    )  # fmt: skip


def _funnel(measure: Measure) -> tuple[FunnelArea, ...]:
    """An area of each place; none for a measure that is not shown."""
    if measure.area.share is None or measure.id == "f_conflict":
        return ()
    places: tuple[Place, ...] = ("within", "above_95", "below_95", "above_998", "below_998")
    shares = (0.4, 0.6, 0.2, 0.9, 0.0)
    n_areas = 1 if measure.id == "f_manage_poor" else len(places)
    return tuple(
        FunnelArea(
            f"By {n}",
            Count(30 + n),
            Share(share),
            Share(0.3),
            Share(0.5),
            Share(0.25),
            Share(0.55),
            place,
        )
        for n, (place, share) in enumerate(zip(places[:n_areas], shares, strict=False))
    )


def _hidden(measure: Measure) -> Measure:
    return replace(
        measure,
        label_is_working_name=True,
        area=TOO_FEW,
        rest=None,
        against_norm=Comparison("too_few"),
        against_rest=Comparison("too_few"),
        change=Comparison("too_few"),
        trend=None,
        waves=tuple(replace(wave, figure=TOO_FEW) for wave in measure.waves),
        splits=_in_groups(measure, TOO_FEW),
    )


def _without_norm(measure: Measure) -> Measure:
    return replace(
        measure,
        label_is_working_name=False,
        area=Published("no_norm"),
        norm_share=None,
        norm_break=BREAK if measure.id == "f_conflict" else None,
        against_norm=Comparison("not_compared"),
        splits=_in_groups(_without_gender(measure), Published("no_norm")),
    )


def _without_gender(measure: Measure) -> Measure:
    return replace(measure, splits=tuple(each for each in measure.splits if each.by == "grade"))


def _of_one(measure: Measure) -> tuple[Split, ...]:
    """Grade 7 of one respondent; an interval that is pooled, and a verdict."""
    gender, grade = measure.splits
    girls, boys, *_ = gender.groups
    found = Comparison("lower", is_pooled=True) if girls.figure.share else Comparison("untestable")
    pooled = replace(boys, figure=replace(boys.figure, is_pooled=boys.figure.lower is not None))
    first = grade.groups[0].figure
    one = replace(grade.groups[0], figure=replace(first, n=None if first.n is None else Count(1)))
    return (
        Split("gender", (girls, pooled), GroupComparison("Flickor", "Pojkar", found)),
        replace(grade, groups=(one, *grade.groups[1:])),
    )


def _in_groups(measure: Measure, figure: Published) -> tuple[Split, ...]:
    """The same figure in all groups; of genders no difference."""
    return tuple(
        replace(
            split,
            groups=tuple(replace(each, figure=figure) for each in split.groups),
            compared=None
            if split.compared is None
            else replace(split.compared, found=Comparison("too_few")),
        )
        for split in measure.splits
    )


def _public_split(split: Split) -> Split:
    """Two genders; grade 7 hidden with its base, grade 8 coded, grade 9 not reliable."""
    groups = tuple(
        replace(each, figure=Published("suppressed")) if each.figure.state == "too_few" else each
        for each in split.groups
    )
    if split.by == "gender":
        return replace(split, groups=groups[:2], compared=_told(split.compared))
    first, second, third, *others = groups
    if third.figure.state != "shown":
        return replace(split, groups=groups)
    return replace(
        split,
        groups=(
            replace(first, figure=Published("suppressed", n=Count(50))),
            replace(
                second, figure=Published("coded", n=Count(45), code="below", limit=Share(0.05))
            ),
            replace(third, figure=replace(third.figure, is_unreliable=True)),
            *others,
        ),
    )


def _told(compared: GroupComparison | None) -> GroupComparison | None:
    if compared is None:
        return None
    hidden = compared.found.verdict == "too_few"
    verdict: Verdict = "suppressed" if hidden else compared.found.verdict
    return replace(compared, found=replace(compared.found, verdict=verdict, note=None))
