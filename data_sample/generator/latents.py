"""How much trouble each pupil has on each factor, before anything is answered.

A factor's value is the sum of what all factors share, what its domain shares, what is its own,
what area, school and class share, and the pupil's grade, gender and wave. Unit: standard
deviations between pupils of one class; more is worse for risk and protective factors alike.
"""

import numpy as np

from data_sample.generator.population import Pupils
from data_sample.generator.setting import Setting
from data_sample.generator.streams import Floats, Integers, stream

DOMAIN = 0.25
"""Share of the variance that factors of a domain have in common, beyond what all have."""


def draw_latents(pupils: Pupils, setting: Setting) -> dict[str, Floats]:
    """Trouble per factor and trait id; ``general`` is what all factors share.

    Returns:
        Arrays of shape (n,), in the order of ``pupils``.
    """
    wave, n = setting.wave, len(pupils)
    general = stream(wave, "general").standard_normal(n)
    domains = {
        domain: stream(wave, "domain", domain).standard_normal(n)
        for domain in sorted({factor.domain for factor in setting.factors})
    }
    latents = {"general": general}
    for factor in setting.factors:
        shape = setting.shape_of(factor.id)
        own = stream(wave, "own", factor.id).standard_normal(n)
        rest = max(0.0, 1 - shape.general - DOMAIN)
        latents[factor.id] = (
            np.sqrt(shape.general) * general
            + np.sqrt(DOMAIN) * domains[factor.domain]
            + np.sqrt(rest) * own
            + shape.level
            + _trend(pupils, setting, shape.grade, shape.girls, shape.wave)
            + _places(pupils, setting, factor.id)
        )
    return latents | _traits(pupils, latents, setting)


def _traits(pupils: Pupils, latents: dict[str, Floats], setting: Setting) -> dict[str, Floats]:
    traits = {}
    for trait in setting.assumptions.traits:
        together = np.zeros(len(pupils))
        for factor, weight in trait.factors.items():
            together = together + weight * (latents[factor] - setting.shape_of(factor).level)
        # What is its own fills the variance up to 1, give or take differences between groups.
        own = stream(setting.wave, "trait", trait.id).standard_normal(len(pupils))
        rest = max(0.1, 1 - float(np.var(together)))
        trend = _trend(pupils, setting, trait.grade, trait.girls, trait.wave)
        traits[trait.id] = together + np.sqrt(rest) * own + trend
    return traits


def _trend(pupils: Pupils, setting: Setting, grade: float, girls: float, wave: float) -> Floats:
    genders = list(setting.assumptions.population.genders)
    sign = np.array([{"girl": 0.5, "boy": -0.5}.get(gender, 0.0) for gender in genders])
    grades = np.array(setting.grades_above_reference)[pupils.grade]
    trend: Floats = grade * grades + girls * sign[pupils.gender] + wave * setting.waves_since_first
    return trend


def _places(pupils: Pupils, setting: Setting, factor: str) -> Floats:
    spread = setting.assumptions.spread
    homes = setting.assumptions.population.homes
    areas = np.zeros(len(homes))
    for place, home in enumerate(homes):
        # The same in every wave: places keep their character.
        areas[place] = spread.area * _normal("area", home.area, factor)
        areas[place] += spread.area_general * _normal("area", home.area)
    for known in setting.assumptions.places:
        if known.factor == factor:
            place = [home.area for home in homes].index(known.area)
            areas[place] = known.shift + known.wave * setting.waves_since_first
    school = _shared(pupils.school, spread.school, "school", factor)
    in_class = _shared(pupils.class_number, spread.class_, setting.wave, "class", factor)
    general = _shared(pupils.class_number, spread.class_general, setting.wave, "class")
    places: Floats = areas[pupils.area] + school + in_class + general
    return places


def _normal(*names: object) -> float:
    return float(stream(*names).standard_normal())


def _shared(members: Integers, sd: float, *names: object) -> Floats:
    groups, place = np.unique(members, return_inverse=True)
    draws: Floats = sd * np.array([_normal(*names, group) for group in groups])
    return draws[place]
