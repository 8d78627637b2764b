"""A definition that does not fit is one DefinitionError that says where; never a traceback."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.definitions.areas import Areas
from pipeline.definitions.instrument import Instrument
from pipeline.definitions.part import MAX_NAME
from pipeline.definitions.policy import Policy
from pipeline.definitions.reading import MAX_SHOWN, load_definition, load_folder, nearest
from pipeline.definitions.screen import ScreenSet
from pipeline.definitions.site import Site
from pipeline.definitions.strict_yaml import MAX_BYTES
from pipeline.definitions.wave import Wave
from pipeline.errors import DefinitionError

POLICY = "overrides: []\nsource: made up\n"

INSTRUMENT = """\
id: short
label: {sv: a, en: a}
source: made up
status: project_choice
formats:
  - id: yes_no
    codes: [{code: 0, label: {sv: Nej, en: "No"}}, {code: 1, label: {sv: Ja, en: "Yes"}}]
    source: made up
    status: project_choice
items:
  - {id: first, column: q1, format: yes_no, text: {sv: a, en: a}, source: b, status: found}
"""

SCREENS = """\
id: short
label: {sv: a, en: a}
screens:
  - {id: dishonest, kind: code_in, item: honesty, codes: [5], label: {sv: a, en: a},
     source: made up, status: found}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes the text of a definition to ``short.yml``."""

    def writing(text: str) -> Path:
        path = tmp_path / "short.yml"
        path.write_text(text, "utf-8")
        return path

    return writing


def test_a_definition_error_says_whose_turn_it_is() -> None:
    assert DefinitionError.exit_code == 3


@pytest.mark.parametrize(
    ("text", "model", "message"),
    [
        ("override: []\n" + POLICY, Policy, "override: unknown key; nearest is 'overrides'$"),
        ("xyz: 30\n" + POLICY, Policy, "xyz: unknown key$"),
        (
            INSTRUMENT.replace("column:", "colum: x, column:"),
            Instrument,
            r"items\.0\.colum: unknown key; nearest is 'column'$",
        ),
        (
            INSTRUMENT.replace("{code: 1,", "{code: 1, point: 2,"),
            Instrument,
            r"formats\.0\.codes\.1\.point: unknown key; nearest is 'points'$",
        ),
        # A union of kinds: the keys are those of the kind that is named.
        (
            SCREENS.replace("item: honesty", "item: honesty, itm: x"),
            ScreenSet,
            r"screens\.0\.code_in\.itm: unknown key; nearest is 'item'$",
        ),
        (
            SCREENS.replace("item: honesty", "item: honesty, min_pairs: 1"),
            ScreenSet,
            r"screens\.0\.code_in\.min_pairs: unknown key$",
        ),
    ],
)
def test_unknown_key(
    text: str,
    model: type[Policy | Instrument | ScreenSet],
    message: str,
    write: Callable[[str], Path],
) -> None:
    with pytest.raises(DefinitionError, match=message):
        load_definition(write(text), model)


def test_keys_nearest_within_an_optional_part_are_found(write: Callable[[str], Path]) -> None:
    text = "columns: {respondent: null, grade: {column: a, codes: [{code: a, id: b, cod: c}]}}"
    with pytest.raises(
        DefinitionError, match=r"columns\.grade\.codes\.0\.cod: unknown key; nearest is 'code'"
    ):
        load_definition(write(text), Wave)


def test_equal_keys_are_refused_with_their_line(write: Callable[[str], Path]) -> None:
    with pytest.raises(DefinitionError, match="line 3: key 'overrides' is given twice"):
        load_definition(write(POLICY + "overrides: []\n"), Policy)


def test_equal_keys_are_refused_at_any_depth(write: Callable[[str], Path]) -> None:
    text = INSTRUMENT.replace("text: {sv: a, en: a}", "text: {sv: a, en: a, sv: c}")
    with pytest.raises(DefinitionError, match="line 11: key 'sv' is given twice"):
        load_definition(write(text), Instrument)


def test_all_misfits_of_a_file_are_listed_at_once(write: Callable[[str], Path]) -> None:
    with pytest.raises(DefinitionError, match="does not fit Policy") as error:
        load_definition(write("overrides: 9\nsorce: x\n"), Policy)
    lines = str(error.value).splitlines()
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["overrides", "source", "sorce"]


def test_thousands_of_misfits_are_counted(write: Callable[[str], Path]) -> None:
    text = "".join(f"key_{number}: 1\n" for number in range(1_000))
    with pytest.raises(DefinitionError, match="and 951 more") as error:
        load_definition(write(text), Policy)
    assert len(str(error.value).splitlines()) == MAX_SHOWN + 2


def test_an_id_is_the_name_of_its_file(write: Callable[[str], Path]) -> None:
    assert load_definition(write(INSTRUMENT), Instrument).id == "short"
    with pytest.raises(DefinitionError, match=r"short\.yml: id: is 'other', expected 'short'"):
        load_definition(write(INSTRUMENT.replace("id: short", "id: other")), Instrument)


def test_a_site_is_named_as_its_folder_likes(tmp_path: Path) -> None:
    path = tmp_path / "site.yml"
    path.write_text(
        "id: elsewhere\nlabel: {sv: a, en: a}\nsynthetic: true\nroot_area: all\n"
        "grades: [{id: g8, label: {sv: a, en: a}}]\noutcomes: [anything]\n"
        "design: {stance: sample, degrees_of_freedom: full, lonely_psu: fail, interval: logit,"
        " source: a}\n"
    )
    assert load_definition(path, Site).id == "elsewhere"


def test_an_id_is_defined_in_one_folder_only(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        (folder / "short.yml").write_text(INSTRUMENT, "utf-8")
    assert list(load_folder(folders[:1], Instrument)) == ["short"]
    with pytest.raises(DefinitionError, match=r"two/short\.yml: id: 'short' is defined twice"):
        load_folder(folders, Instrument)


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{earlier}'] * 9)}]\n"
    for earlier, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(LAUGHS.encode(), "line 2: aliases", id="billion laughs"),
        pytest.param(b"a: &a [*a]", "line 1: aliases", id="a list within itself"),
        pytest.param(b"[" * 300_000, "is nested too deeply", id="deep lists"),
        pytest.param(b"- " * 300_000 + b"a", "is nested too deeply", id="deep blocks"),
        pytest.param(b"a" * (MAX_BYTES + 1), "is larger than 1000000 bytes", id="too large"),
        pytest.param(b"a" * 6_000_000, "is larger than 1000000 bytes", id="far too large"),
        pytest.param("source: åäö".encode("cp1252"), "is not UTF-8 text", id="cp1252"),
        pytest.param("source: å".encode("utf-16"), "is not UTF-8 text", id="utf-16"),
        pytest.param(b"", "the file: Input should be a valid dict", id="empty"),
        pytest.param(b"# only a comment\n", "the file: Input should be", id="comment"),
        pytest.param(b"[min_base]", "the file: Input should be a valid dict", id="list"),
        pytest.param(b"a: [1\n", "is not valid YAML: line 2: did not find", id="unclosed"),
        pytest.param(b"a: 1\n\tb: 2", "is not valid YAML: line 2: ", id="tab"),
        pytest.param(b"a: \0", "is not valid YAML: ", id="zero byte"),
        pytest.param(b"a: 1\n---\nb: 2", "line 2: but found another document", id="documents"),
        pytest.param(b"? [a]\n: b", "line 1: a key is not a word", id="list as a key"),
        pytest.param(b"\nsource: 2021-13-45", "line 2: '2021-13-45' cannot be", id="no such day"),
        pytest.param(b"a: !!int x", "line 1: 'x' cannot be read as int", id="no number"),
        pytest.param(b"a: " + b"9" * 5_000, "9' cannot be read as int", id="endless number"),
        pytest.param(
            b"a: !!python/object/apply:os.system [id]", "constructor for the tag", id="code"
        ),
    ],
)
def test_hostile_files_are_refused_at_once(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.yml"
    path.write_bytes(content)
    begin = time.monotonic()
    with pytest.raises(DefinitionError, match=message):
        load_definition(path, Policy)
    assert time.monotonic() - begin < 2


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"policy\.yml: cannot be read: No such file"):
        load_definition(tmp_path / "policy.yml", Policy)
    with pytest.raises(DefinitionError, match="is not a file"):
        load_definition(tmp_path, Policy)
    with pytest.raises(DefinitionError, match="is not a file"):
        load_definition(Path("/dev/zero"), Policy)


@pytest.mark.parametrize(
    ("name", "known", "sentence"),
    [
        ("Q1", ["q1", "q2"], "; nearest is 'q1'"),
        ("c_rew_", ["c_opp", "c_rew"], "; nearest is 'c_rew'"),
        ("zzz", ["c_opp", "c_rew"], ""),
        ("a", [], ""),
    ],
)
def test_nearest(name: str, known: list[str], sentence: str) -> None:
    assert nearest(name, known) == sentence


AREAS = """\
source: {source}
levels: [{{id: place, label: {{sv: Plats, en: Place}}}}]
areas:
  - {{id: mill, label: Mill, level: place}}
  - {{id: yard, label: {label}, level: place}}
"""


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("y" * (MAX_NAME + 1), "String should have at most 120 characters"),
        (r'"The\nyard"', "holds a line break; expected one line"),
        (r'"The\u2028yard"', "holds a line break; expected one line"),
        *(
            (f'"The{escaped}yard"', f"holds the control character {code}; expected text that can")
            for escaped, code in {
                r"\u0007": r"U\+0007",
                r"\t": r"U\+0009",
                r"\u202e": r"U\+202E",
                r"\u2067": r"U\+2067",
                r"\ufeff": r"U\+FEFF",
                r"\uffff": r"U\+FFFF",
                r"\ue000": r"U\+E000",
            }.items()
        ),
    ],
)
def test_a_name_that_no_document_can_bear_is_refused(
    write: Callable[[str], Path], label: str, why: str
) -> None:
    path = write(AREAS.format(source="made up", label=label))
    with pytest.raises(DefinitionError, match=rf"short\.yml does not fit Areas:\n.*{why}") as error:
        load_definition(path, Areas)
    assert str(error.value).splitlines()[1].startswith("  areas.1.label: ")
    assert error.value.exit_code == 3


def test_a_name_may_be_long_and_in_any_script(write: Callable[[str], Path]) -> None:
    for label in ("y" * MAX_NAME, "S:t Olof's Åker & Äng – 10\u00a0%", "\u200fשדה"):
        path = write(AREAS.format(source="made up", label=f'"{label}"'))
        assert load_definition(path, Areas).areas[1].label == label


def test_prose_may_have_paragraphs_but_nothing_hidden(write: Callable[[str], Path]) -> None:
    prose = "long " * 100
    path = write(AREAS.format(source=f'"{prose}\\nend"', label="Yard"))
    assert load_definition(path, Areas).source == f"{prose}\nend"
    path = write(AREAS.format(source=r'"a\u202eb"', label="Yard"))
    with pytest.raises(DefinitionError, match=r"  source: holds the control character U\+202E"):
        load_definition(path, Areas)
