"""Municipalities as chance makes them: areas, schools, groups and answers, as a site's files."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from pipeline import REPOSITORY
from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.definitions.instrument import Instrument
from pipeline.documents.norm_text import cutoffs_text, with_cutoffs
from pipeline.review import derive_norm

NORMS = REPOSITORY / "factor_definitions" / "norms"
ROOT = "our_municipality"
N_SCHOOLS = 7


def made_municipality(folder: Path, seed: int, *, spread: float = 0.0) -> Catalogue:
    """Fill a folder that is not there yet; the same seed gives the same site.

    Two to nine neighbourhoods of 12 to 300 pupils, in two or three districts or none, and some
    pupils in none of them; two to five grades, three genders one of which is rare or absent;
    measures from very rare to common; every other time a norm of the pupils' own answers; policies
    with and without crossed breakdowns, the rare gender and withdrawn breakdowns.

    Args:
        folder: where the site is to lie.
        seed: of chance.
        spread: standard deviation of the logarithm of the weights, which are alike in a grade of a
            school; 0: everyone counts once.
    """
    chance = np.random.default_rng(seed)
    shutil.copytree(REPOSITORY / "examples" / "new_site", folder)
    _change(folder / "site.yml", factors=["p_sens", "f_conflict"], screens=None, norms=[])
    _change(folder / "site.yml", outcomes=["alcohol_30d", "cannabis_lifetime", "arrested_12m"])
    n_places = int(chance.integers(2, 10))
    _write_areas(folder / "areas.yml", n_places, int(chance.choice([0, 2, 3])), chance)
    public: dict[str, Any] = {"crossed_breakdowns": bool(chance.random() < 0.4)}
    if chance.random() < 0.5:
        public["genders"] = ["girl", "boy"]
    if chance.random() < 0.3:
        public["max_hidden_share"] = 1.0
    _change(folder / "policy.yml", editions={"public": public})
    catalogue = load_catalogue(folder)
    [wave] = catalogue.waves
    export = folder / wave.exports[0].file
    export.parent.mkdir()
    sizes = chance.choice([12, 40, 90, 160, 300], n_places).tolist()
    rows = _pupils(catalogue.instrument_of(wave), sizes, chance)
    if spread:
        _weigh(rows, spread, np.random.default_rng([seed, 1]))
        path = folder / "waves" / f"{wave.wave}.yml"
        columns = yaml.safe_load(path.read_text("utf-8"))["columns"]
        _change(path, columns=columns | {"weight": {"column": "vikt", "decimals": 4}})
        catalogue = load_catalogue(folder)
    pl.DataFrame(rows, infer_schema_length=None).write_csv(export, separator=";")
    return catalogue if chance.random() < 0.5 else _with_own_norm(folder, catalogue)


def _with_own_norm(folder: Path, catalogue: Catalogue) -> Catalogue:
    """The same, with cut-offs derived from the very answers that figures are published of."""
    [wave] = catalogue.waves
    like = yaml.safe_load((NORMS / "sandviken_2021_synthetic.yml").read_text("utf-8"))
    stated = like | {"id": "own", "wave": wave.wave, "instrument": wave.instrument}
    stated |= {"grades": [each.id for each in catalogue.site.grades], "against": []}
    stated |= {"weighted": wave.is_weighted}
    path = folder / "factor_definitions" / "norms" / "own.yml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(stated | {"cutoffs": []}, allow_unicode=True, sort_keys=False))
    _change(folder / "site.yml", norms=["own"])
    catalogue = load_catalogue(folder)
    derived = derive_norm(catalogue, catalogue.norms[0], lambda _: None)
    path.write_text(with_cutoffs(path.read_text("utf-8"), cutoffs_text(derived.cutoffs)))
    return load_catalogue(folder)


def _weigh(rows: list[dict[str, Any]], spread: float, chance: np.random.Generator) -> None:
    keys = {(row["skola"], row["arskurs"]) for row in rows}
    weights = {key: round(float(np.exp(chance.normal(0, spread))), 4) for key in sorted(keys)}
    for row in rows:
        row["vikt"] = weights[row["skola"], row["arskurs"]]


def _change(path: Path, **content: Any) -> None:
    stated = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump(stated | content, allow_unicode=True), "utf-8")


def _write_areas(path: Path, n_places: int, n_districts: int, chance: np.random.Generator) -> None:
    stated = yaml.safe_load(path.read_text("utf-8"))
    # A district without neighbourhoods would hold nobody.
    districts = range(min(n_districts, n_places))
    areas = [stated["areas"][0], *(_area(f"d{each}", "district", ROOT) for each in districts)]
    for place in range(n_places):
        within = place if place in districts else int(chance.integers(max(len(districts), 1)))
        above = f"d{within}" if districts else ROOT
        areas.append(_area(f"n{place}", "neighbourhood", above, code=str(place + 1)))
    if districts:
        district = {"id": "district", "label": {"sv": "Stadsdel", "en": "District"}}
        stated["levels"].insert(1, district)
    path.write_text(yaml.safe_dump(stated | {"areas": areas}, allow_unicode=True), "utf-8")


def _area(name: str, level: str, above: str, code: str | None = None) -> dict[str, Any]:
    placed = {"area": above, "source": "made up", "status": "sample_data"}
    codes = {} if code is None else {"codes": [{"code": code}]}
    letter = chr(ord("A") + int(name[1:]))
    label = f"{'Stadsdel' if level == 'district' else 'Ort'} {letter}"
    return {"id": name, "label": label, "level": level, "lies_in": [placed]} | codes


def _pupils(
    instrument: Instrument, sizes: list[int], chance: np.random.Generator
) -> list[dict[str, Any]]:
    """Rows of an export. Two schools to a neighbourhood, which share some of them."""
    common, rare = chance.choice([0.02, 0.05, 0.15, 0.4]), chance.choice([0.005, 0.02, 0.06])
    n_grades, third = int(chance.choice([2, 3, 5])), chance.choice([0, 0.01, 0.04])
    codes = {
        item.id: [option.code for option in instrument.format_of(item).codes]
        for item in instrument.items
    }

    def answer(item: str) -> int | None:
        if chance.random() < 0.03:
            return None
        if item == "age":
            return 13
        if item.startswith("o_"):
            has_done = chance.random() < (common if "alc" in item else rare)
            return codes[item][-1 if has_done else 0]
        return int(chance.choice(codes[item]))

    def pupil(number: int, place: int) -> dict[str, Any]:
        gender = 3 if chance.random() < third else int(chance.integers(1, 3))
        return {
            "lopnr": number,
            "skola": f"S{(2 * place + int(chance.integers(2))) % N_SCHOOLS}",
            "klass": int(chance.integers(3)),
            "omradeskod": place + 1 if chance.random() < 0.97 else None,
            "arskurs": 7 + int(chance.integers(n_grades)),
            "kon": gender if chance.random() < 0.98 else 9,
        } | {item.column: answer(item.id) for item in instrument.items}

    homes = [place for place, size in enumerate(sizes) for _ in range(size)]
    return [pupil(number, place) for number, place in enumerate(homes)]
