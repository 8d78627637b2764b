"""Who answered, as text and as numbers, for the person who built the site."""

from typing import Any

from pipeline.definitions.catalogue import Catalogue
from pipeline.disclosure.publishable import Publishable
from pipeline.documents.view import STEPS

STAGES = ("refused", "screened", "weightless")
"""Where respondents are left out of figures."""


def coverage_summary(publishable: Publishable, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Per wave, oldest first: the coverage ladder, and who was left out for which reason.

    Rows read = valid + refused; valid = passed screens + set aside by the first screen that
    caught them. Those of weight 0 have passed, and count in no figure.
    """
    return [
        {
            "wave": wave.wave,
            **{f"n_{step}": coverage[f"n_{step}"] for step in STEPS},
            **{stage: _reasons(publishable, wave.wave, stage) for stage in STAGES},
        }
        for wave in catalogue.waves
        for coverage in publishable.coverage.filter(wave=wave.wave, grade="all").to_dicts()
    ]


def coverage_text(summary: list[dict[str, Any]]) -> str:
    """The summary as an aligned table, a column per wave."""
    waves = [str(wave["wave"]) for wave in summary]
    rows = [("", waves)]
    rows += [(_name(step), [_shown(wave[f"n_{step}"]) for wave in summary]) for step in STEPS]
    for stage in STAGES:
        reasons = dict.fromkeys(reason for wave in summary for reason in wave[stage])
        rows += [
            (f"{stage}: {reason}", [_shown(wave[stage].get(reason, 0)) for wave in summary])
            for reason in reasons
        ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(
        f"{name:<{width}}" + "".join(f"{number:>8}" for number in numbers) for name, numbers in rows
    )


def _reasons(publishable: Publishable, wave: int, stage: str) -> dict[str, int]:
    left_out = publishable.left_out.filter(wave=wave, stage=stage).sort("reason")
    return dict(zip(left_out["reason"], left_out["n_respondents"], strict=True))


def _name(step: str) -> str:
    return {"opened": "opened (rows read)"}.get(step, step.replace("_", " "))


def _shown(n: int | None) -> str:
    return "-" if n is None else str(n)
