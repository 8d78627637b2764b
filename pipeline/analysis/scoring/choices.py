"""Other ways to treat missing answers and screens than the site's, each as a catalogue."""

from typing import Literal, NamedTuple, get_args

from pipeline.definitions.catalogue import Catalogue, asked_items, is_asked
from pipeline.definitions.factor import Factor
from pipeline.definitions.instrument import Instrument

MissingRule = Literal["every_item", "half_of_items", "one_item"]
"""Who gets a score, among those asked.

``every_item``: who answered every item (complete cases, what a sum of items gives).
``half_of_items``: who answered at least half of them; the mean of those stands for the rest
(the rule of the EORTC QLQ-C30 scoring manual, Fayers and others 2001, remembered).
``one_item``: who answered any (what a mean without missing values gives in SPSS and R).
"""


class Choice(NamedTuple):
    """One choice that differs from the site's; all else is as the site says."""

    id: str
    rule: MissingRule | None = None
    """Instead of each factor's ``min_answered``; null: that."""

    screens_off: tuple[str, ...] = ()
    """Screens that set nobody aside."""


def other_choices(catalogue: Catalogue) -> list[Choice]:
    """Each missing-item rule; no screens at all; and each screen off, where there are several."""
    listed = [screen.id for screen in catalogue.screens.screens] if catalogue.screens else []
    off = [Choice("no_screens", screens_off=tuple(listed))] if listed else []
    if len(listed) > 1:
        off += [Choice(f"without_{screen}", screens_off=(screen,)) for screen in listed]
    return [*(Choice(rule, rule) for rule in get_args(MissingRule)), *off]


def catalogue_under(choice: Choice, catalogue: Catalogue, instrument: Instrument) -> Catalogue:
    """The site's definitions with the choice in place of its own, for one questionnaire.

    A factor that the questionnaire does not ask enough of for a score stays without one. Outcomes
    keep their own rule: one answer that counts decides them.
    """
    factors = catalogue.factors
    if choice.rule:
        factors = tuple(_with_rule(each, choice.rule, instrument) for each in factors)
    screens = catalogue.screens
    if screens and choice.screens_off:
        kept = tuple(each for each in screens.screens if each.id not in choice.screens_off)
        screens = screens.model_copy(update={"screens": kept}) if kept else None
    return catalogue._replace(factors=factors, screens=screens)


def _with_rule(factor: Factor, rule: MissingRule, instrument: Instrument) -> Factor:
    if not is_asked(factor, instrument):
        return factor
    n_asked = len(asked_items(factor, instrument))
    least = {"every_item": n_asked, "half_of_items": (n_asked + 1) // 2, "one_item": 1}
    return factor.model_copy(update={"min_answered": least[rule]})
