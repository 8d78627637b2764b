"""What a person and a script meet: exit codes, the two streams, files."""

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.commands.documents import USUAL
from pipeline.documents.forms.writing import FORMS_OF
from pipeline.documents.render import Kind
from tests.command_line import UPPVAXT, uppvaxt
from tests.small_site import replace

STAGES = ["Reading 2026 ...", "Adding up ...", "Estimating ...", "Comparing ...", "Protecting ..."]


def modified(site: Path) -> int:
    """When the site's working file was written, in nanoseconds."""
    return (site / "build" / "uppvaxt.duckdb").stat().st_mtime_ns


def built_files(site: Path) -> list[str]:
    """What stands in the site's folder of what is derived."""
    return sorted(path.name for path in (site / "build").iterdir())


def test_an_unknown_area_is_answered_with_the_nearest_and_the_list() -> None:
    ended = uppvaxt("profile", "norsatra")
    assert (ended.code, ended.out) == (2, "")
    assert "no area 'norsatra'; nearest is 'norrsatra'. Areas: sandviken, omrade_1," in ended.err


def test_an_unknown_wave_is_answered_with_the_nearest_and_the_list() -> None:
    ended = uppvaxt("profile", "norrsatra", "--wave", "2024")
    assert (ended.code, ended.out) == (2, "")
    assert "no wave 2024; nearest is '2025'. Waves: 2021, 2023, 2025." in ended.err


def test_a_folder_that_is_no_site_is_refused(tmp_path: Path) -> None:
    ended = uppvaxt("areas", "--site", tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"uppvaxt: {tmp_path}: is not a site: it holds no site.yml.\n"


@pytest.mark.parametrize(
    "arguments",
    [["profile"], ["profile", "first_area", "--lang", "de"]],
)
def test_a_command_that_cannot_be_understood_ends_with_2(arguments: list[str]) -> None:
    ended = uppvaxt(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage: uppvaxt" in ended.err


def test_broken_yaml_is_named_by_file_and_line(site: Path) -> None:
    (site / "policy.yml").write_text("min_base: 30\nsource: a: b", "utf-8")
    ended = uppvaxt("areas", "--site", site)
    assert (ended.code, ended.out) == (3, "")
    assert f"{site / 'policy.yml'}: is not valid YAML: line 2" in ended.err


def test_an_unknown_key_is_answered_with_the_nearest(site: Path) -> None:
    replace(site / "policy.yml", "min_base: 30", "min_bases: 30")
    ended = uppvaxt("profile", "first_area", "--site", site)
    assert (ended.code, ended.out) == (3, "")
    assert "min_bases: unknown key; nearest is 'min_base'" in ended.err


def test_definitions_that_do_not_fit_together_are_all_listed(site: Path) -> None:
    replace(site / "site.yml", "  - c_opp\n", "  - c_op\n")
    replace(site / "waves" / "2026.yml", "instrument: ctc_se_2023", "instrument: ctc_se_2022")
    ended = uppvaxt("areas", "--site", site)
    assert (ended.code, ended.out) == (3, "")
    assert "factors: 'c_op' is not defined; nearest is 'c_opp'" in ended.err
    assert "instrument: 'ctc_se_2022' is not defined" in ended.err


def test_an_export_that_does_not_match_costs_nothing_that_was_built(site: Path) -> None:
    before = modified(site)
    export = site / "exports" / "2026.csv"
    export.write_text(export.read_text("utf-8").replace("omradeskod", "omrade"), "utf-8")
    ended = uppvaxt("profile", "first_area", "--site", site, "--quiet")
    assert (ended.code, ended.out) == (4, "")
    assert "column omradeskod is missing" in ended.err
    assert modified(site) == before
    assert built_files(site) == ["protections", "uppvaxt.duckdb"]


def test_a_profile_is_printed_as_the_paths_of_its_forms(site: Path) -> None:
    ended = uppvaxt("profile", "first_area", "--site", site)
    assert (ended.code, ended.err) == (0, "")
    folder = site / "build" / "profiles"
    paths = [Path(line) for line in ended.out.splitlines()]
    assert paths == [
        folder / f"our_municipality_first_area_2026_sv_public.{form}" for form in USUAL.split(",")
    ]
    assert paths[1].read_bytes().startswith(b"%PDF-")
    page = paths[0].read_text("utf-8")
    assert "<title>Områdesprofil Första området 2026, offentlig utgåva</title>" in page


def test_an_area_is_found_by_its_name(site: Path) -> None:
    ended = uppvaxt("profile", "andra OMRÅDET", "--site", site, "--form", "html")
    assert ended.out.endswith("our_municipality_second_area_2026_sv_public.html\n")


def test_a_profile_can_be_english(site: Path) -> None:
    ended = uppvaxt("profile", "first_area", "--site", site, "--lang", "en", "--form", "html")
    page = Path(ended.out.strip()).read_text("utf-8")
    assert '<html lang="en">' in page
    assert "Pupil survey, autumn 2026" in page


@pytest.mark.parametrize("kind", ["summary", "young"])
def test_a_short_document_says_in_its_name_what_it_is(site: Path, kind: Kind) -> None:
    ended = uppvaxt("profile", "first_area", "--site", site, "--kind", kind, "--form", "all")
    names = [Path(line).name for line in ended.out.splitlines()]
    assert names == [
        f"our_municipality_first_area_2026_sv_public_{kind}.{form}" for form in FORMS_OF[kind]
    ]


def test_an_unknown_form_is_answered_with_those_there_are(site: Path) -> None:
    ended = uppvaxt("profile", "first_area", "--site", site, "--kind", "young", "--form", "pfd")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "uppvaxt: --form: young has no form 'pfd'; forms: html, pdf, docx.\n"


def test_areas_are_compared_in_the_order_of_the_municipality(site: Path) -> None:
    ended = uppvaxt("compare", "second_area", "first_area", "--site", site, "--json")
    assert ended.code == 0
    html, pdf, _ = (Path(path) for path in json.loads(ended.out)["compare"])
    assert html.name == "our_municipality_first_area-second_area_2026_sv_public_compare.html"
    assert "<h1>Första området och Andra området</h1>" in html.read_text("utf-8")
    assert pdf.read_bytes().startswith(b"%PDF-")


def test_as_many_areas_as_a_municipality_has_can_be_compared(site: Path) -> None:
    ids = [f"a_rather_long_name_of_area_{number}" for number in range(24)]
    more = "".join(
        f"  - {{id: {each}, label: {each}, level: neighbourhood, lies_in: [{{area: "
        "our_municipality, source: Made up for a test., status: sample_data}]}\n"
        for each in ids
    )
    path = site / "areas.yml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    asked = ("first_area", "second_area", *ids)
    ended = uppvaxt("compare", *asked, "--site", site, "--form", "html", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    html = Path(ended.out.strip())
    assert re.search(r"_first_area-second_area-.*-26-[0-9a-f]{16}_2026_", html.name)
    assert html.is_file()


@pytest.mark.parametrize("areas", [["first_area"], ["first_area", "Första området"]])
def test_a_comparison_needs_two_areas(site: Path, areas: list[str]) -> None:
    ended = uppvaxt("compare", *areas, "--site", site)
    assert (ended.code, ended.out) == (2, "")
    assert "Two different areas or more are needed" in ended.err


def test_the_overview_holds_every_area(site: Path) -> None:
    ended = uppvaxt("overview", "--site", site, "--form", "html")
    path = Path(ended.out.strip())
    assert path.name.endswith("_our_municipality_2026_sv_public_overview.html")
    page = path.read_text("utf-8")
    for name in ("Första området", "Andra området"):
        assert f'<th scope="row">{name}</th>' in page


def test_profiles_writes_one_for_each_area(site: Path, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere"
    ended = uppvaxt("profiles", "--site", site, "--out", out, "--json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    paths = json.loads(ended.out)["profiles"]
    areas = ["our_municipality", "first_area", "second_area"]
    assert [Path(path).name for path in paths] == [
        f"our_municipality_{area}_2026_sv_public.html" for area in areas
    ]
    assert all(Path(path).parent == out / "profiles" for path in paths)
    assert all(Path(path).is_file() for path in paths)


def test_what_is_built_is_used_again(site: Path) -> None:
    before = modified(site)
    assert uppvaxt("profile", "first_area", "--site", site).err == ""
    assert modified(site) == before


def test_what_has_changed_is_built_anew(site: Path) -> None:
    built = modified(site)
    replace(site / "waves" / "2026.yml", "min_answered_items: 20", "min_answered_items: 21")
    ended = uppvaxt("profile", "first_area", "--site", site)
    assert ended.code == 0
    assert ended.err.splitlines() == STAGES
    assert modified(site) > built


def test_a_damaged_working_file_is_built_anew(site: Path) -> None:
    (site / "build" / "uppvaxt.duckdb").write_bytes(b"cut short")
    assert uppvaxt("profile", "first_area", "--site", site, "--quiet").code == 0


def test_build_prints_who_answered(site: Path) -> None:
    before = modified(site)
    ended = uppvaxt("build", "--site", site)
    assert ended.code == 0
    assert ended.err.splitlines() == STAGES
    assert "opened (rows read)     120" in ended.out
    assert ended.out.splitlines()[-1] == str(site / "build" / "uppvaxt.duckdb")
    assert modified(site) > before


def test_no_progress_bar_is_drawn_among_the_answers(tmp_path: Path) -> None:
    # DuckDB draws one on standard output where Python runs without a script, as it does here.
    asks = (
        "import sys; from pathlib import Path; from pipeline.warehouse import connect\n"
        "setting = connect(Path(sys.argv[1])).sql(\"select current_setting('{}')\")\n"
        "print(setting.fetchall()); sys.stdout.flush(); import os; os._exit(0)"
    ).format("enable_progress_bar")
    assert uppvaxt(tmp_path / "new.duckdb", program=asks).out == "[(False,)]\n"


def test_build_answers_programs_in_json(site: Path) -> None:
    ended = uppvaxt("build", "--site", site, "--json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    [wave] = json.loads(ended.out)["waves"]
    assert (wave["wave"], wave["n_opened"], wave["n_passed_screens"]) == (2026, 120, 120)


def test_estimates_are_the_same_in_both_formats(site: Path, tmp_path: Path) -> None:
    csv, parquet = tmp_path / "new" / "estimates.csv", tmp_path / "estimates.parquet"
    ended = uppvaxt("estimates", "--site", site, "--out", csv, "--json")
    assert json.loads(ended.out)["estimates"] == str(csv)
    assert uppvaxt("estimates", "--site", site, "--out", parquet).out == f"{parquet}\n"
    rows = pl.read_parquet(parquet)
    assert rows.height == json.loads(ended.out)["n_rows"] > 0
    assert_frame_equal(pl.read_csv(csv, schema=rows.schema), rows)


def test_estimates_are_public_unless_asked_otherwise(site: Path, tmp_path: Path) -> None:
    public, internal = tmp_path / "public.parquet", tmp_path / "internal.parquet"
    uppvaxt("estimates", "--site", site, "--out", public, "--wave", "2026")
    uppvaxt("estimates", "--site", site, "--out", internal, "--edition", "internal")
    wanted = {"area_id": "first_area", "gender": "all", "measure_id": "alcohol_30d"}
    exact = pl.read_parquet(internal).filter(**wanted)
    # Sixty respondents, twenty in each of the three grades; staff may see figures on ten.
    assert exact.select("grade", "n", "is_suppressed").rows() == [
        ("all", 60, False),
        ("g7", 20, False),
        ("g8", 20, False),
        ("g9", 20, False),
    ]
    rows = pl.read_parquet(public).filter(**wanted)
    # All of them go to one school; nobody is in the two grades of upper secondary.
    assert set(rows.filter(pl.col("grade").is_in(["all", "g7", "g8", "g9"]))["status"]) == {
        "suppressed"
    }
    assert rows.select("n", "n_flagged", "percent").null_count().row(0) == (rows.height,) * 3
    assert not {"estimate", "se", "kg_n_effective"} & set(rows.columns)


@pytest.mark.parametrize(
    ("edition", "message"),
    [("publik", "--edition: 'publik' is unknown; expected one of internal, public; nearest is "),
     ("research", "--edition: 'research' is a database of its own")],
)  # fmt: skip
def test_an_edition_that_documents_have_not_ends_with_2(
    site: Path, edition: str, message: str
) -> None:
    ended = uppvaxt("profile", "first_area", "--site", site, "--edition", edition)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_an_edition_that_no_policy_has_ends_with_4(site: Path) -> None:
    replace(site / "policy.yml", "  public:", "  publik:")
    ended = uppvaxt("profile", "first_area", "--site", site)
    replace(site / "policy.yml", "  publik:", "  public:")
    assert (ended.code, ended.out) == (4, "")
    assert "policy.yml: editions.publik: is unknown; expected one of " in ended.err


def test_a_policy_below_a_floor_ends_with_4(site: Path) -> None:
    replace(site / "policy.yml", "min_base: 30", "min_base: 9")
    ended = uppvaxt("profile", "first_area", "--site", site)
    replace(site / "policy.yml", "min_base: 9", "min_base: 30")
    assert (ended.code, ended.out) == (4, "")
    assert "public.min_base: is 9, below the floor 10 (ACRO" in ended.err


def test_the_internal_edition_says_so_in_name_and_page(site: Path) -> None:
    ended = uppvaxt(
        "profile", "first_area", "--site", site, "--edition", "internal", "--form", "html"
    )
    path = Path(ended.out.strip())
    assert path.name == "our_municipality_first_area_2026_sv_internal.html"
    page = path.read_text("utf-8")
    assert "intern utgåva" in page
    assert "Offentlig utgåva" not in page


def test_comparisons_hold_no_figure_below_the_minimum_base(site: Path, tmp_path: Path) -> None:
    out = tmp_path / "comparisons.csv"
    ended = uppvaxt("comparisons", "--site", site, "--out", out, "--json", "--edition", "internal")
    rows = pl.read_csv(out)
    assert json.loads(ended.out) == {"comparisons": str(out), "n_rows": rows.height}
    assert set(rows["kind"]) == {"rest", "gender"}
    shown = rows.filter(~pl.col("is_suppressed"))
    assert shown.height > 0
    assert shown.select(pl.min_horizontal("n_first", "n_second").min()).item() >= 30
    assert rows.filter("is_suppressed")["difference"].null_count() == rows.height - shown.height


def test_a_wave_sampled_in_two_stages_is_not_compared_and_that_is_said(
    site: Path, tmp_path: Path
) -> None:
    wave, export = site / "waves" / "2026.yml", site / "exports" / "2026.csv"
    replace(wave, "psu: [skola, klass]", "psu: [klass]\n  unit: [lopnr]\n  fpc: [classes, pupils]")
    rows = pl.read_csv(export, separator=";")
    rows.with_columns(classes=12, pupils=40).write_csv(export, separator=";")
    ended = uppvaxt("comparisons", "--site", site, "--out", tmp_path / "comparisons.csv")
    assert ended.code == 0
    assert "Comparing, without 2026: sampled in two stages ...\n" in ended.err
    assert pl.read_csv(tmp_path / "comparisons.csv").is_empty()
    path, *_ = uppvaxt("profile", "first_area", "--site", site, "--quiet").out.split()
    page = Path(path).read_text("utf-8")
    assert "Skillnader prövas inte för sådana mätningar" in page
    assert "Ingen säker skillnad</span>" not in page


@pytest.mark.parametrize("name", ["estimates.xlsx", "estimates"])
def test_other_endings_are_refused(site: Path, tmp_path: Path, name: str) -> None:
    ended = uppvaxt("estimates", "--site", site, "--out", tmp_path / name)
    assert (ended.code, ended.out) == (2, "")
    assert "expected .csv or .parquet" in ended.err
    assert not (tmp_path / name).exists()


def test_areas_are_listed_for_people_and_programs(site: Path) -> None:
    ended = uppvaxt("areas", "--site", site)
    assert "first_area        Första området (neighbourhood)\n" in ended.out
    listed = json.loads(uppvaxt("areas", "--site", site, "--json").out)
    assert listed[1] == {
        "area_id": "first_area",
        "name": "Första området",
        "level": "neighbourhood",
    }


def test_a_new_site_loads_and_says_which_export_it_lacks(tmp_path: Path) -> None:
    site = tmp_path / "new"
    made = uppvaxt("new-site", site)
    assert (made.code, made.err) == (0, "")
    assert made.out.startswith(f"{site}\n")
    assert uppvaxt("areas", "--site", site).code == 0
    ended = uppvaxt("build", "--site", site, "--quiet")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith(f"uppvaxt: {site / 'exports' / '2026.csv'}: is not there")


def test_a_new_site_never_touches_a_folder_that_exists(site: Path) -> None:
    before = sorted(site.rglob("*"))
    ended = uppvaxt("new-site", site)
    assert (ended.code, ended.out) == (2, "")
    assert "is there already" in ended.err
    assert sorted(site.rglob("*")) == before


def test_a_norm_the_site_does_not_list_is_refused() -> None:
    ended = uppvaxt("norms", "derive", "sandviken_2021")
    assert (ended.code, ended.out) == (2, "")
    assert "nearest is 'sandviken_2021_synthetic'" in ended.err


def test_an_out_folder_that_cannot_be_made_is_named(site: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    ended = uppvaxt("profile", "first_area", "--site", site, "--out", tmp_path / "file" / "out")
    assert (ended.code, ended.out) == (2, "")
    assert f"{tmp_path / 'file' / 'out'}: cannot be written to: Not a directory" in ended.err


READ_ONLY = """
import errno, os
def refuse(path, *_, **__):
    raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fspath(path))
"""
"""Stands for a folder that was mounted so: root may write wherever a mode forbids it."""


def test_a_folder_that_refuses_documents_is_named(site: Path) -> None:
    uppvaxt("build", "--site", site)
    shutil.rmtree(site / "build" / "profiles", ignore_errors=True)
    program = f"{READ_ONLY}os.mkdir = refuse\n{UPPVAXT}"
    ended = uppvaxt("profile", "first_area", "--site", site, program=program)
    assert (ended.code, ended.out) == (2, "")
    assert f"{site / 'build'}: cannot be written to: Read-only file system; name ano" in ended.err


def test_a_folder_that_refuses_an_erasure_is_named(site: Path) -> None:
    program = f"import pipeline.cli{READ_ONLY}os.open = refuse\n{UPPVAXT}"
    asked = ("erase", "-", "--reason", "asked for", "--by", "registrar", "--site", site)
    ended = uppvaxt(*asked, program=program, typed="1")
    assert (ended.code, ended.out) == (2, "")
    assert f"{site}: cannot be written to: Read-only file system; an erasure writes" in ended.err


def test_an_out_folder_that_refuses_an_erasure_is_named(site: Path, tmp_path: Path) -> None:
    program = f"import pipeline.cli{READ_ONLY}os.mkdir = refuse\n{UPPVAXT}"
    asked = ("erase", "-", "--reason", "asked for", "--by", "registrar", "--site", site)
    ended = uppvaxt(*asked, "--out", tmp_path / "out", program=program, typed="1")
    assert (ended.code, ended.out) == (2, "")
    assert f"{tmp_path / 'out'}: cannot be written to: Read-only file system; name an" in ended.err


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder that refuses everyone")
def test_an_out_folder_that_refuses_files_is_named_before_any_work(site: Path) -> None:
    ended = uppvaxt("build", "--site", site, "--out", "/proc/self")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("uppvaxt: /proc/self: cannot be written to")


def test_a_file_that_cannot_be_written_is_named(site: Path, tmp_path: Path) -> None:
    (tmp_path / "taken.csv").mkdir()
    ended = uppvaxt("estimates", "--site", site, "--out", tmp_path / "taken.csv")
    assert (ended.code, ended.out) == (74, "")
    assert str(tmp_path / "taken.csv") in ended.err


def test_a_full_disk_leaves_what_was_built_and_nothing_else(site: Path) -> None:
    before = modified(site)
    ended = uppvaxt("build", "--site", site, "--quiet", max_file_bytes=400_000)
    assert (ended.code, ended.out) == (74, "")
    assert f"{site / 'build'}: cannot be written; the disk may be full" in ended.err
    assert modified(site) == before
    assert built_files(site) == ["protections", "uppvaxt.duckdb"]


def test_a_bug_shows_where_it_is_and_nothing_of_what_it_says() -> None:
    bug = (
        "import os, pipeline.cli as cli\n"
        "def fail(site): raise ValueError(os.environ['ANSWER'])\n"
        "cli.load_catalogue = fail\n"
        "cli.main()"
    )
    ended = uppvaxt("areas", program=bug, environment={"ANSWER": "answered 4"})
    assert (ended.code, ended.out) == (70, "")
    assert "in areas\n" in ended.err
    assert "this is a bug: ValueError" in ended.err
    assert "answered 4" not in ended.err
