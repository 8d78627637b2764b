"""Whether a norm can be derived from a wave of the site."""

from pipeline.definitions.cutoff_rule import Roc
from pipeline.definitions.norm import Norm
from pipeline.definitions.norm_fit import derivation_misfits
from pipeline.definitions.wave import Columns, Weight
from tests.made_definitions import (
    ONE_TO_FOUR,
    made_catalogue,
    made_instrument,
    made_norm,
    made_outcome,
    made_wave,
)

INSTRUMENT = made_instrument({"drank": ONE_TO_FOUR})
OUTCOMES = [made_outcome("drunk", {"drank": (4,)}), made_outcome("other", {"not_asked": (1,)})]
ALONE = Columns(respondent="id")
CATALOGUE = made_catalogue(INSTRUMENT, outcomes=OUTCOMES)


def misfits(norm: Norm, columns: Columns = ALONE) -> list[str]:
    return list(derivation_misfits(norm, made_wave(columns), CATALOGUE))


def norm_by(outcome: str) -> Norm:
    rule = Roc(rule="roc", outcome=outcome, criterion="youden", ties="fewer_flagged", min_n=10)
    return made_norm({}, grades=["g8"], method=rule)


def test_a_norm_that_fits_its_wave() -> None:
    assert misfits(made_norm({}, grades=["g8"], against=["drunk"])) == []
    assert misfits(norm_by("drunk")) == []


def test_a_wave_is_weighted_by_a_column_or_by_what_was_sampled() -> None:
    plain, weighted = (made_norm({}, grades=["g8"], weighted=each) for each in (False, True))
    by_column = Columns(respondent="id", weight=Weight(column="w", decimals=2))
    by_fraction = Columns(respondent="id", psu=("class",), fpc=("fraction",))
    for columns in (by_column, by_fraction):
        assert misfits(weighted, columns) == []
        [said] = misfits(plain, columns)
        assert "weighted: is false, expected true since wave 2025 has weights" in said
    [said] = misfits(weighted)
    assert "weighted: is true, expected false since wave 2025 has no weights" in said


def test_behaviours_must_be_listed_and_asked() -> None:
    for norm in (norm_by("other"), made_norm({}, grades=["g8"], against=["other"])):
        assert misfits(norm) == [
            "norm norm: outcome 'other' was not asked in wave 2025 (questionnaire)"
        ]
    [said] = misfits(norm_by("drunkk"))
    assert said.endswith("is not among the outcomes of site.yml; nearest is 'drunk'")
