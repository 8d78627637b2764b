"""Every rule between files, broken once, and all of them at once."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from pipeline.definitions.areas import Area
from pipeline.definitions.catalogue import Catalogue, ancestors_on, load_waves
from pipeline.definitions.cutoff_rule import Roc
from pipeline.definitions.factor import Factor
from pipeline.definitions.fit import load_catalogue, misfits
from pipeline.definitions.flag_count import FlagCountRule
from pipeline.definitions.instrument import Instrument, NotAsked
from pipeline.definitions.screen import ScreenSet
from pipeline.definitions.wave import CodedColumn, CodeMeaning, Columns, Wave
from pipeline.errors import DefinitionError, UsageError
from tests.made_definitions import (
    LABEL,
    MADE_UP,
    ONE_TO_FOUR,
    made_catalogue,
    made_factor,
    made_flag_count,
    made_format,
    made_instrument,
    made_norm,
    made_outcome,
    made_wave,
)

YES_NO = made_format("yes_no", {0: 0, 1: 1})
INSTRUMENT = made_instrument({"often": ONE_TO_FOUR, "seldom": ONE_TO_FOUR, "ever": YES_NO})
ASKED = ["often", "seldom"]
SCALE = made_factor("scale", ASKED)
ABOUT = {"id": "screen", "label": LABEL, "source": MADE_UP, "status": "project_choice"}


def area(name: str, **content: object) -> Area:
    """A place."""
    return Area.model_validate({"id": name, "label": name, "level": "place"} | content)


def lies_in(name: str, **validity: str) -> dict[str, str]:
    """The larger area of a place."""
    return {"area": name, "source": MADE_UP, "status": "sample_data", **validity}


def coded(column: str, name: str) -> CodedColumn:
    """A coded column with one code."""
    return CodedColumn(column=column, codes=(CodeMeaning(code="1", id=name),))


def site_of(
    *factors: Factor, instrument: Instrument = INSTRUMENT, wave: Wave | None = None
) -> Catalogue:
    """A site with one wave."""
    wave = wave or made_wave(Columns(respondent="id"))
    return made_catalogue(instrument, factors=factors, waves=[wave], genders=["girl"])


def with_screen(**content: object) -> Catalogue:
    """A site with one screen."""
    screens = {"id": "screens", "label": LABEL, "screens": [ABOUT | content]}
    return site_of(SCALE)._replace(screens=ScreenSet.model_validate(screens))


def with_areas(*areas: Area) -> Catalogue:
    """A site with areas inside ``everywhere``."""
    return made_catalogue(
        INSTRUMENT, factors=[SCALE], areas=areas, waves=[made_wave(Columns(respondent="id"))]
    )


INSIDE = [lies_in("everywhere")]
NORM = made_norm({("scale", "g8"): 2.5})
ROC = Roc(rule="roc", outcome="it", criterion="youden", ties="fewer_flagged", min_n=10)


def counting(
    rule: FlagCountRule,
    cutoffs: dict[tuple[str, str], float] | None = None,
) -> Catalogue:
    """A site with two risk factors, whose cut-offs are for grade 8 if nothing else is said."""
    return made_catalogue(
        INSTRUMENT,
        factors=[SCALE, made_factor("other", ASKED)],
        flag_counts=[rule],
        norms=[made_norm(cutoffs or {("scale", "g8"): 2.5, ("other", "g8"): 2.5})],
        waves=[made_wave(Columns(respondent="id"))],
        grades=["g8", "g9"],
    )


BROKEN: dict[str, tuple[Catalogue, str]] = {
    "item of a factor": (
        site_of(made_factor("scale", ["often", "seldon"])),
        "factor scale: item 'seldon' is not in instrument questionnaire; nearest is 'seldom' "
        "(or list it there under not_asked)",
    ),
    "item of an outcome": (
        site_of(SCALE)._replace(outcomes=(made_outcome("done", {"evr": (1,)}),)),
        "outcome done: item 'evr' is not in instrument questionnaire; nearest is 'ever' "
        "(or list it there under not_asked)",
    ),
    "codes of an outcome": (
        site_of(SCALE)._replace(outcomes=(made_outcome("done", {"ever": (1, 2, 3)}),)),
        "outcome done: item ever has no codes [2, 3] in questionnaire; expected some of [0, 1]",
    ),
    "formats mixed": (
        site_of(made_factor("scale", ["often", "ever"])),
        "factor scale: its items in questionnaire have different ranges (0 to 1, 1 to 4); "
        "expected one range, or rescale: minmax",
    ),
    "shared name": (
        site_of(SCALE)._replace(outcomes=(made_outcome("scale", {"ever": (1,)}),)),
        "scale: is both a factor and an outcome",
    ),
    "name of a count and an outcome": (
        counting(made_flag_count("done", 2, 2))._replace(
            outcomes=(made_outcome("done", {"ever": (1,)}),)
        ),
        "done: is both an outcome and a count of flags",
    ),
    "name of a count and a factor": (
        counting(made_flag_count("scale", 2, 2)),
        "scale: is both a factor and a count of flags",
    ),
    "count without factors of its direction": (
        counting(made_flag_count("many", 2, 2, is_protective=True)),
        "flag count many: the site has no protective factor with a cut-off; expected 2 or more, "
        "listed in site.yml under factors, with a norm under norms",
    ),
    "count without norms": (
        counting(made_flag_count("many", 2, 2))._replace(norms=()),
        "flag count many: the site has no risk factor with a cut-off; expected 2 or more, "
        "listed in site.yml under factors, with a norm under norms",
    ),
    "count that nobody reaches": (
        counting(made_flag_count("many", 3, 3)),
        "flag count many: min_flags_known is 3 (at_least 3), but the site has 2 risk factors "
        "with a cut-off; expected 2 or fewer",
    ),
    "count with cut-offs in different grades": (
        counting(made_flag_count("many", 2, 2), {("scale", "g8"): 2.5, ("other", "g9"): 2.5}),
        "flag count many: min_flags_known is 2, but no grade has cut-offs for more than 1 risk "
        "factors; expected 1 or fewer",
    ),
    "grade": (
        site_of(SCALE, wave=made_wave(Columns(respondent="id", grade=coded("ak", "g88")))),
        "waves/2025.yml: grade: 'g88' is not in site.yml; nearest is 'g8'",
    ),
    "gender": (
        site_of(SCALE, wave=made_wave(Columns(respondent="id", gender=coded("kon", "girls")))),
        "waves/2025.yml: gender: 'girls' is not in site.yml; nearest is 'girl'",
    ),
    "more answers than questions": (
        site_of(SCALE, wave=made_wave(Columns(respondent="id"), min_answered_items=4)),
        "waves/2025.yml: min_answered_items: 4 would refuse everyone; questionnaire has 3 items",
    ),
    "export of two waves": (
        site_of(SCALE)._replace(
            waves=tuple(made_wave(Columns(respondent="id"), year=year) for year in (2023, 2025))
        ),
        "waves: the export data.csv is listed in more than one wave (2023, 2025); expected one",
    ),
    "grade of a norm": (
        site_of(SCALE)._replace(norms=(made_norm({("scale", "g88"): 2.5}),)),
        "norm norm: grade 'g88' is not in site.yml; nearest is 'g8'",
    ),
    "two norms": (
        site_of(SCALE)._replace(norms=(NORM, made_norm({("scale", "g8"): 2}, name="other"))),
        "norms: two norms have a cut-off for scale in g8; expected one",
    ),
    "cut-off above": (
        site_of(SCALE)._replace(norms=(made_norm({("scale", "g8"): 4.01}),)),
        "norm norm: the cut-off 4.01 of scale lies outside its scale, 1 to 4",
    ),
    "cut-off below": (
        site_of(SCALE)._replace(norms=(made_norm({("scale", "g8"): 0.99}),)),
        "norm norm: the cut-off 0.99 of scale lies outside its scale, 1 to 4",
    ),
    "cut-off of a rescaled factor": (
        site_of(made_factor("scale", ["often", "ever"], is_rescaled=True))._replace(norms=(NORM,)),
        "norm norm: the cut-off 2.5 of scale lies outside its scale, 0 to 1",
    ),
    "behaviour of a norm": (
        site_of(SCALE)._replace(norms=(made_norm({("scale", "g8"): 2}, method=ROC),)),
        "norm norm: outcome 'it' is not among the outcomes of site.yml",
    ),
    "root area": (
        site_of(SCALE)._replace(
            site=site_of(SCALE).site.model_copy(update={"root_area": "nowhere"})
        ),
        "site.yml: root_area: 'nowhere' is not in areas.yml",
    ),
    "code of two areas": (
        with_areas(
            area("east", codes=[{"code": "1"}], lies_in=INSIDE),
            area("west", codes=[{"code": "1"}], lies_in=INSIDE),
        ),
        "areas.yml: codes that name two areas on 2025-10-01: 1",
    ),
    "area in two areas": (
        with_areas(
            area("east", lies_in=INSIDE),
            area("west", lies_in=INSIDE),
            area("mill", lies_in=[lies_in("east"), lies_in("west")]),
        ),
        "areas.yml: mill lies in two areas on 2025-10-01",
    ),
    "area outside": (
        with_areas(area("east", codes=[{"code": "1"}])),
        "areas.yml: east has a code but does not lie in everywhere on 2025-10-01",
    ),
    "areas in a circle": (
        with_areas(
            area("east", codes=[{"code": "1"}], lies_in=[lies_in("west")]),
            area("west", lies_in=[lies_in("east")]),
        ),
        "areas.yml: east has a code but does not lie in everywhere on 2025-10-01",
    ),
    "item of a screen": (
        with_screen(kind="code_in", item="honest", codes=[1]),
        "screen screen: item 'honest' is not in instrument questionnaire "
        "(or list it there under not_asked)",
    ),
    "code of a screen": (
        with_screen(kind="code_in", item="often", codes=[4, 5]),
        "screen screen: item often has no codes [5] in questionnaire; "
        "expected some of [1, 2, 3, 4]",
    ),
    "points out of a screen's reach": (
        with_screen(kind="count_at_or_above", items=["ever"], at_or_above=2, min_items=1),
        "screen screen: item ever never gives 2 points in questionnaire; expected at most 1",
    ),
    "formats of a screen's pair": (
        with_screen(kind="exceeds", pairs=[{"narrower": "often", "wider": "ever"}]),
        "screen screen: often and ever have different formats in questionnaire "
        "(one_to_four, yes_no); expected one",
    ),
    "item of a screen's row": (
        with_screen(kind="same_code", items=["often", "seldom", "ever", "oftn", "x"]),
        "screen screen: item 'oftn' is not in instrument questionnaire; nearest is 'often' "
        "(or list it there under not_asked)",
    ),
    "grade of a screen": (
        with_screen(
            kind="age_for_grade",
            item="often",
            ages=[{"grade": "g88", "youngest": 13, "oldest": 15}],
        ),
        "screen screen: grade 'g88' is not in site.yml; nearest is 'g8'",
    ),
}


def test_a_screen_may_list_grades_of_other_sites() -> None:
    grades = [grade.id for grade in site_of(SCALE).site.grades]
    ages = [{"grade": grade, "youngest": 12, "oldest": 17} for grade in (*grades, "gy3")]
    assert not list(misfits(with_screen(kind="age_for_grade", item="often", ages=ages)))


@pytest.mark.parametrize(("catalogue", "sentence"), BROKEN.values(), ids=list(BROKEN))
def test_a_misfit(catalogue: Catalogue, sentence: str) -> None:
    assert sentence in list(misfits(catalogue))


@pytest.mark.parametrize(
    "catalogue",
    [
        pytest.param(site_of(SCALE)._replace(norms=(NORM,)), id="one norm"),
        pytest.param(
            site_of(SCALE)._replace(
                norms=tuple(made_norm({("scale", "g8"): cutoff}) for cutoff in (1,))
            ),
            id="a cut-off at the end of the scale",
        ),
        pytest.param(
            site_of(SCALE, wave=made_wave(Columns(respondent="id"), min_answered_items=3)),
            id="every question to be answered",
        ),
        pytest.param(
            site_of(made_factor("scale", ["often", "ever"], is_rescaled=True)),
            id="formats mixed, but rescaled",
        ),
        pytest.param(
            site_of(
                made_factor("scale", ["often", "gone"]),
                instrument=INSTRUMENT.model_copy(
                    update={"not_asked": (NotAsked(item="gone", reason="long"),)}
                ),
            ),
            id="an item left out on purpose",
        ),
        pytest.param(
            with_areas(
                area("east", codes=[{"code": "1", "valid_to": "2025-09-30"}], lies_in=INSIDE),
                area("west", codes=[{"code": "1", "valid_from": "2025-10-01"}], lies_in=INSIDE),
            ),
            id="a code that moved before the fieldwork",
        ),
        pytest.param(
            with_areas(
                area("east", lies_in=INSIDE),
                area(
                    "mill",
                    codes=[{"code": "1"}],
                    lies_in=[
                        lies_in("everywhere", valid_to="2025-09-30"),
                        lies_in("east", valid_from="2025-10-01"),
                    ],
                ),
            ),
            id="an area that moved before the fieldwork",
        ),
    ],
)
def test_what_fits(catalogue: Catalogue) -> None:
    assert list(misfits(catalogue)) == []


def test_an_area_lies_in_itself_and_all_around_it() -> None:
    catalogue = with_areas(area("east", lies_in=INSIDE), area("mill", lies_in=[lies_in("east")]))
    day = catalogue.waves[0].fieldwork_from
    assert ancestors_on(catalogue.areas, "mill", day) == ["mill", "east", "everywhere"]
    assert ancestors_on(catalogue.areas, "everywhere", day) == ["everywhere"]


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the sample site's definitions, with texts of its files replaced."""

    def copying(*changes: tuple[str, str, str]) -> Path:
        site = tmp_path / "copy"
        shutil.copytree(
            REPOSITORY / "data_sample",
            site,
            ignore=shutil.ignore_patterns("build", "exports", "generator", "*.py"),
        )
        for file, old, new in changes:
            text = (site / file).read_text("utf-8")
            assert text.count(old) >= 1
            (site / file).write_text(text.replace(old, new, 1), "utf-8")
        return site

    return copying


def test_all_misfits_of_a_site_are_told_at_once(copy: Callable[..., Path]) -> None:
    site = copy(
        ("waves/2021.yml", "id: girl", "id: girls"),
        ("waves/2023.yml", "id: g7", "id: g70"),
        ("areas.yml", '{code: "102"}', '{code: "101"}'),
        ("areas.yml", "area: omrade_1,", "area: barrsatra,"),
    )
    with pytest.raises(DefinitionError, match="its files do not fit together") as error:
        load_catalogue(site)
    lines = str(error.value).splitlines()[1:]
    for number, sentence in enumerate(
        [
            r"waves/2021\.yml: gender: 'girls' is not in site\.yml; nearest is 'girl'",
            r"waves/2023\.yml: grade: 'g70' is not in site\.yml; nearest is 'g7'",
            r"areas\.yml: codes that name two areas on 2021-10-04: 101",
            r"areas\.yml: barrsatra has a code but does not lie in sandviken on 2021-10-04",
        ]
    ):
        assert len([line for line in lines if re.search(sentence, line)]) == 1, number
    assert len(set(lines)) == len(lines)


def test_what_is_wrong_in_every_wave_is_told_once(copy: Callable[..., Path]) -> None:
    site = copy(("site.yml", "root_area: sandviken", "root_area: sandvik"))
    with pytest.raises(DefinitionError, match="its files do not fit together") as error:
        load_catalogue(site)
    assert [line.strip() for line in str(error.value).splitlines()[1:]] == [
        "site.yml: root_area: 'sandvik' is not in areas.yml"
    ]


def test_all_unknown_names_are_told_at_once(copy: Callable[..., Path]) -> None:
    site = copy(
        ("site.yml", "c_opp, c_rew,", "c_opp, c_reww,"),
        ("site.yml", "alcohol_lifetime,", "alcohol_life,"),
        ("site.yml", "screens: ctc", "screens: ctcs"),
        ("site.yml", "norms: [sandviken_2021_synthetic]", "norms: [sandviken_2021]"),
        ("waves/2021.yml", "instrument: ctc_se_2021", "instrument: ctc_2021"),
    )
    with pytest.raises(DefinitionError, match="its files do not fit together") as error:
        load_catalogue(site)
    assert [line.strip() for line in str(error.value).splitlines()[1:]] == [
        "site.yml: factors: 'c_reww' is not defined; nearest is 'c_rew'",
        "site.yml: outcomes: 'alcohol_life' is not defined; nearest is 'alcohol_lifetime'",
        "site.yml: screens: 'ctcs' is not defined; nearest is 'ctc'",
        "site.yml: norms: 'sandviken_2021' is not defined; nearest is 'sandviken_2021_synthetic'",
        "waves/2021.yml: instrument: 'ctc_2021' is not defined; nearest is 'ctc_se_2021'",
    ]


def test_a_norm_by_an_outcome_that_does_not_exist(copy: Callable[..., Path]) -> None:
    site = copy(("site.yml", "norms: [sandviken_2021_synthetic]", "norms: [own]"))
    norm = (REPOSITORY / "factor_definitions/norms/sandviken_2021_synthetic.yml").read_text("utf-8")
    own = site / "factor_definitions" / "norms" / "own.yml"
    own.parent.mkdir(parents=True)
    head = norm.partition("\ncutoffs:")[0].replace("id: sandviken_2021_synthetic", "id: own")
    own.write_text(head.replace("[alcohol_30d, ", "[alcohol_30, "), "utf-8")
    with pytest.raises(
        DefinitionError, match="norm own: outcome 'alcohol_30' is not defined; nearest is 'alc"
    ):
        load_catalogue(site)
    own.write_text(head.replace("{rule: median_mad, k:", "{rule: median_mad, kk:"), "utf-8")
    with pytest.raises(DefinitionError, match=r"median_mad\.kk: unknown key; nearest is 'k'"):
        load_catalogue(site)


def test_a_norm_of_a_factor_that_does_not_exist(copy: Callable[..., Path]) -> None:
    site = copy(("site.yml", "norms: [sandviken_2021_synthetic]", "norms: [own]"))
    norm = (REPOSITORY / "factor_definitions/norms/sandviken_2021_synthetic.yml").read_text("utf-8")
    own = site / "factor_definitions" / "norms" / "own.yml"
    own.parent.mkdir(parents=True)
    own.write_text(
        norm.replace("id: sandviken_2021_synthetic", "id: own").replace("c_opp,", "c_op,"), "utf-8"
    )
    with pytest.raises(
        DefinitionError, match="norm own: factor 'c_op' is not defined; nearest is 'c_opp'"
    ):
        load_catalogue(site)


def test_a_site_cannot_define_what_the_repository_defines(copy: Callable[..., Path]) -> None:
    site = copy()
    own = site / "factor_definitions" / "scales" / "c_opp.yml"
    own.parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / "factor_definitions/scales/c_opp.yml", own)
    with pytest.raises(DefinitionError, match=r"c_opp\.yml: id: 'c_opp' is defined twice"):
        load_catalogue(site)


def test_an_unknown_area_around_an_area(copy: Callable[..., Path]) -> None:
    site = copy(("areas.yml", "area: omrade_1,", "area: omrade_11,"))
    with pytest.raises(DefinitionError, match="areas or levels that are not listed: omrade_11"):
        load_catalogue(site)


def test_what_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is not a site: it holds no site\.yml"):
        load_catalogue(tmp_path)


def test_a_site_without_waves(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"holds no wave; expected <year>\.yml"):
        load_waves(tmp_path)


def test_a_wave_is_named_after_its_year(copy: Callable[..., Path]) -> None:
    site = copy()
    (site / "waves" / "2021.yml").rename(site / "waves" / "2020.yml")
    with pytest.raises(
        DefinitionError, match=r"2020\.yml: wave: is 2021, expected 2020 as the file is named"
    ):
        load_waves(site)


@pytest.mark.parametrize(("label", "is_refused"), [("7", True), ("2010/11", True), ("7:an", False)])
def test_a_label_needs_a_letter_to_be_told_from_a_figure(label: str, *, is_refused: bool) -> None:
    catalogue = load_catalogue(REPOSITORY / "data_sample")
    first, *others = catalogue.site.grades
    named = first.model_copy(update={"label": first.label.model_copy(update={"sv": label})})
    site = catalogue.site.model_copy(update={"grades": (named, *others)})
    found = [each for each in misfits(catalogue._replace(site=site)) if label in each]
    says = f"site.yml: grades: {first.id}: sv: label {label!r} has no letter"
    assert [each.startswith(says) for each in found] == ([True] if is_refused else [])
