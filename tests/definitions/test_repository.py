"""Every definition of the repository fits its model, and every site fits together."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline import REPOSITORY
from pipeline.definitions.areas import Areas
from pipeline.definitions.database import Database
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.flag_count import FlagCountRule
from pipeline.definitions.instrument import Instrument
from pipeline.definitions.json_schemas import FOLDER, main, schema_texts
from pipeline.definitions.norm import Norm
from pipeline.definitions.policy import Policy
from pipeline.definitions.reading import load_definition
from pipeline.definitions.screen import ScreenSet
from pipeline.definitions.site import Site
from pipeline.definitions.wave import Wave

SITES = sorted(path.parent for path in REPOSITORY.glob("*/site.yml")) + sorted(
    path.parent for path in REPOSITORY.glob("examples/*/site.yml")
)
ROOTS = (REPOSITORY, *SITES)

MODELS: dict[str, type[BaseModel]] = {
    "site.yml": Site,
    "areas.yml": Areas,
    "policy.yml": Policy,
    "waves/*.yml": Wave,
    "schemas/instruments/*.yml": Instrument,
    "schemas/databases/*.yml": Database,
    "factor_definitions/scales/*.yml": Factor,
    "factor_definitions/outcomes/*.yml": Outcome,
    "factor_definitions/flag_counts/*.yml": FlagCountRule,
    "factor_definitions/screens/*.yml": ScreenSet,
    "factor_definitions/norms/*.yml": Norm,
}
FILES = [
    pytest.param(path, model, id=str(path.relative_to(REPOSITORY)))
    for root in ROOTS
    for pattern, model in MODELS.items()
    for path in sorted(root.glob(pattern))
]


@pytest.mark.parametrize(("path", "model"), FILES)
def test_every_file_fits_its_model(path: Path, model: type[BaseModel]) -> None:
    assert isinstance(load_definition(path, model), model)


def test_no_definition_lies_where_nobody_reads_it() -> None:
    read = {path for root in ROOTS for pattern in MODELS for path in root.glob(pattern)}
    lying = {
        path
        for folder in ("schemas", "factor_definitions", "data_sample/waves", "examples")
        for ending in ("*.yml", "*.yaml")
        for path in (REPOSITORY / folder).rglob(ending)
    }
    assert lying <= read


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_the_files_of_every_site_fit_together(site: Path) -> None:
    catalogue = load_catalogue(site)
    assert [factor.id for factor in catalogue.factors] == list(catalogue.site.factors)
    assert [outcome.id for outcome in catalogue.outcomes] == list(catalogue.site.outcomes)
    assert [count.id for count in catalogue.flag_counts] == list(catalogue.site.flag_counts)
    years = [wave.wave for wave in catalogue.waves]
    assert years == sorted(years)


def test_a_phrase_is_right_both_after_som_and_as_a_sentence() -> None:
    """“Elever som inte svarar” is Swedish, “tre av tio elever inte svarar” is not."""
    for factor in load_catalogue(SITES[0]).factors:
        first = factor.phrase.sv.split()[0]
        assert first not in {"inte", "aldrig", "alltid", "ofta", "sällan", "i", "mer", "mindre"}


def test_what_the_page_for_the_young_says_is_left_out_is_sensitive() -> None:
    catalogue = load_catalogue(SITES[0])
    family = [factor for factor in catalogue.factors if factor.domain == "family"]
    own_use = {"p_early_drugs", "p_intent"}
    assert family
    assert all(factor.tags for factor in family)
    assert all(factor.tags for factor in catalogue.factors if factor.id in own_use)


def test_json_schemas_are_current() -> None:
    written = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    assert written == schema_texts(), "run make schemas"


def test_schemas_that_are_not_current_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, text in schema_texts().items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "wave.schema.json").write_text("{}", "utf-8")
    (tmp_path / "old.schema.json").write_text("{}", "utf-8")
    monkeypatch.setattr("pipeline.definitions.json_schemas.FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["json_schemas", "--check"])
    with pytest.raises(SystemExit, match=r"not current: old\.schema\.json, wave\.schema\.json"):
        main()
