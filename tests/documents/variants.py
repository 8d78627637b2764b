"""The handmade profile as it is in other sites, areas and languages."""

from dataclasses import replace
from datetime import date

from pipeline.documents.view import Figure, Lang, Measure, Profile
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
        is_weighted=True,
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
    """An area with too few respondents to show anything; all names are working names."""
    hidden = tuple(
        replace(domain, measures=tuple(_hidden(each) for each in domain.measures))
        for domain in profile.domains
    )
    return replace(
        profile, n_area=None, n_not_placed=1, domains=hidden,
        outcomes=tuple(map(_hidden, profile.outcomes)),
        concerns=(), strengths=(), about=None, fieldwork_to=date(2026, 1, 9),
        stance="finite_population", interval="wilson",
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
    """A norm that nothing stands out from, and nothing hidden."""
    return replace(profile, concerns=(), strengths=(), n_hidden=0, fieldwork_to=date(2025, 11, 3))


def _hidden(measure: Measure) -> Measure:
    return replace(
        measure,
        label_is_working_name=True,
        area=TOO_FEW,
        against_norm="unknown",
        against_municipality="unknown",
        waves=tuple(replace(wave, figure=TOO_FEW) for wave in measure.waves),
    )


def _without_norm(measure: Measure) -> Measure:
    return replace(
        measure,
        label_is_working_name=False,
        area=Figure("no_norm"),
        norm_share=None,
        norm_break=BREAK if measure.id == "f_conflict" else None,
        against_norm="unknown",
    )
