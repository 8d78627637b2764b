"""What a person names is found, or they are told what there is."""

import pytest

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.lookup import find_area, find_norm, find_wave
from pipeline.errors import DefinitionError, UsageError


@pytest.mark.parametrize("name", ["norrsatra", "Norrsätra", "NORRSÄTRA", "NorrSatra"])
def test_an_area_is_found_by_id_or_name(name: str, sample_catalogue: Catalogue) -> None:
    assert find_area(sample_catalogue, name).id == "norrsatra"


def test_an_unknown_area_names_the_nearest_and_all(sample_catalogue: Catalogue) -> None:
    with pytest.raises(
        UsageError,
        match=r"no area 'norrsätre'; nearest is 'norrsatra'\. Areas: sandviken, omrade_1, ",
    ) as error:
        find_area(sample_catalogue, "norrsätre")
    assert all(area.id in str(error.value) for area in sample_catalogue.areas.areas)
    assert error.value.exit_code == 2


def test_waves(sample_catalogue: Catalogue) -> None:
    assert find_wave(sample_catalogue, 2023).wave == 2023
    assert find_wave(sample_catalogue, None).wave == 2025
    with pytest.raises(
        UsageError, match=r"no wave 2022; nearest is '202\d'\. Waves: 2021, 2023, 2025\."
    ):
        find_wave(sample_catalogue, 2022)


def test_norms(sample_catalogue: Catalogue) -> None:
    norm, path = find_norm(sample_catalogue, "sandviken_2021_synthetic")
    assert norm.id == path.stem
    assert path.is_relative_to(REPOSITORY / "factor_definitions" / "norms")
    with pytest.raises(UsageError, match=r"nearest is 'sandviken_2021_synthetic'\. Norms: sandv"):
        find_norm(sample_catalogue, "sandviken_2021")


def test_a_norm_that_the_site_does_not_list_is_found_if_it_fits(
    sample_catalogue: Catalogue,
) -> None:
    norm, path = find_norm(sample_catalogue, "sandviken_2021_roc_synthetic")
    assert norm not in sample_catalogue.norms
    assert path.stem == norm.id
    without = sample_catalogue._replace(outcomes=())
    with pytest.raises(DefinitionError, match="'alcohol_30d' is not among the outcomes of site"):
        find_norm(without, "sandviken_2021_roc_synthetic")
