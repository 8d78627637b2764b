"""Areas beside each other: every figure of each area, in the municipality's order."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from pipeline.disclosure.figure import Count, Published, Share, State
from pipeline.documents.beside import (
    MAX_NAME,
    AreaFigure,
    Beside,
    BesideKind,
    BesideMeasure,
    beside_name,
)
from pipeline.documents.forms.making import STAMP_SUFFIX
from pipeline.documents.forms.writing import DocumentId
from pipeline.documents.outline import Heading, Outline, Table
from pipeline.documents.outlining import outline_of
from pipeline.documents.render import render_beside
from tests.documents.conftest import ENGLISH, VARIANTS
from tests.documents.sample_profile import PROFILE

DIGITS = str.maketrans("0123456789", "abcdefghij")

FIGURES = {
    "Shown": Published("shown", Share(0.41), Share(0.33), Share(0.5), Count(90)),
    "Marked": Published(
        "shown", Share(0.1), Share(0.02), Share(0.4), Count(35), is_pooled=True, is_unreliable=True
    ),
    "Alone": Published("shown", Share(0.5), None, None, Count(31)),
    "Coded": Published("coded", n=Count(60), code="below", limit=Share(0.05)),
    "Suppressed": Published("suppressed"),
    "Few": Published("too_few"),
    "Nobody": Published("no_answers"),
    "No norm": Published("no_norm"),
    "Not asked": Published("not_asked"),
}
AREAS = tuple(AreaFigure(label, figure) for label, figure in FIGURES.items())
RISK = BesideMeasure("r", "Risk", "phrase one", "risk", AREAS)
BESIDE = Beside(
    "compare",
    (("family", (RISK, replace(RISK, id="p", label="Skydd", kind="protective"))),),
    (replace(RISK, id="o", label="Utfall", kind="outcome"),),
    (replace(RISK, id="c", label="Antal", kind="flag_count"),),
)


def shown(profile_name: str = "area", beside: Beside = BESIDE) -> Outline:
    return outline_of(render_beside(VARIANTS[profile_name], beside))


def test_every_state_has_its_row() -> None:
    table = next(block for block in shown().blocks if isinstance(block, Table))
    rows = {row[0].text: [cell.text for cell in row[2:]] for row in table.rows}
    assert rows == {
        "Shown": ["41\u00a0%", "33–50\u00a0%", "90"],
        "Marked": ["10\u00a0%†", "2–40\u00a0%*", "35"],
        "Alone": ["50\u00a0%", "kan inte beräknas", "31"],
        "Coded": ["< 5\u00a0%", "..", "60"],
        "Suppressed": ["..", "..", ".."],
        "Few": ["Visas inte: färre än 30 svar"],
        "Nobody": ["Visas inte: ingen har svarat"],
        "No norm": ["Visas inte: gränsvärden saknas"],
        "Not asked": ["Visas inte: frågorna ställdes inte"],
    }
    assert {figure.state for figure in FIGURES.values()} == set(get_args(State))


def test_only_what_is_shown_is_drawn() -> None:
    table = next(block for block in shown().blocks if isinstance(block, Table))
    drawn = {row[0].text: row[1].drawing for row in table.rows}
    assert {label for label, drawing in drawn.items() if drawing} == {"Shown", "Marked", "Alone"}
    marks = drawn["Shown"].shapes if drawn["Shown"] else ()
    assert [(each.x, each.x2) for each in marks if each.kind != "grid"] == [(33, 50), (41, 41)]
    alone = drawn["Alone"].shapes if drawn["Alone"] else ()
    assert [each.kind for each in alone if each.kind != "grid"] == ["dot"]


def test_areas_are_never_sorted_by_their_share() -> None:
    tables = [block for block in shown().blocks if isinstance(block, Table)]
    assert len(tables) == 4
    for table in tables:
        assert [row[0].text for row in table.rows] == list(FIGURES)


@pytest.mark.parametrize("kind", get_args(BesideKind))
def test_it_is_in_the_language_of_the_profile(kind: BesideKind) -> None:
    html = render_beside(ENGLISH["municipality"], replace(BESIDE, kind=kind, outcomes=()))
    assert "It is not a ranking." in html
    assert "Problem behaviours" not in html


def test_headings_do_not_skip() -> None:
    levels = [block.level for block in shown("public").blocks if isinstance(block, Heading)]
    assert levels == [1, 2, 3, 3, 2, 2]


def test_names_are_text() -> None:
    area = AreaFigure("<script>alert(1)</script>", FIGURES["Shown"])
    html = render_beside(PROFILE, replace(BESIDE, outcomes=(replace(RISK, areas=(area,)),)))
    assert "<script" not in html


LONGEST = 60
"""Letters of an id, at most."""


def test_few_areas_are_all_named() -> None:
    assert beside_name(["norrsatra", "storvik"]) == "norrsatra-storvik"
    assert beside_name(["a" * 44, "b" * 45]) == f"{'a' * 44}-{'b' * 45}"


def test_many_areas_have_a_short_name_that_says_how_many_they_are() -> None:
    ids = [f"area_{number}" for number in range(26)]
    name = beside_name(ids)
    assert re.fullmatch(r"area_0-area_1-.*-26-[0-9a-f]{16}", name)
    assert name == beside_name(ids)
    assert len(name) <= MAX_NAME


@pytest.mark.parametrize("n", [2, 10, 2000])
def test_the_longest_ids_leave_room_for_the_rest_of_a_files_name(n: int) -> None:
    ids = [f"{number:04}".translate(DIGITS) + "x" * (LONGEST - 4) for number in range(n)]
    name = beside_name(ids)
    assert name.startswith(f"{ids[0]}-{n}-")
    document = DocumentId("s" * LONGEST, name, 2025, "sv", "internal", "compare")
    unfinished = f".{document.name('html')}{STAMP_SUFFIX}.4194304"
    assert len(unfinished.encode()) <= 200


def test_no_two_lists_of_areas_share_a_name() -> None:
    every = [f"area_{number}" for number in range(26)]
    lists = [
        *(every[:place] + every[place + 1 :] for place in range(26)),
        *(every[:n] for n in range(2, 27)),
        [*every[:-2], every[-1], every[-2]],
        # As long as those with a short name, and as long as may be.
        ["a" * 45, "b" * 44],
        ["a" * 45, "c" * 44],
    ]
    distinct = {tuple(each) for each in lists}
    assert len({beside_name(each) for each in distinct}) == len(distinct)
