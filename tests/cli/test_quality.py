"""``uppvaxt quality``: what reviewers of the method ask for."""

import json

import pytest

from tests.command_line import uppvaxt


@pytest.fixture(scope="module")
def judged() -> dict[str, list[dict[str, object]]]:
    ended = uppvaxt("quality", "--json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    content: dict[str, list[dict[str, object]]] = json.loads(ended.out)
    return content


def test_every_scale_of_every_wave_is_judged(judged: dict[str, list[dict[str, object]]]) -> None:
    pairs = {(row["wave"], row["factor_id"]) for row in judged["scales"]}
    assert len(pairs) == len(judged["scales"]) == 3 * 36


def test_honest_answers_raise_no_alarm(judged: dict[str, list[dict[str, object]]]) -> None:
    assert judged["alarms"] == []
    assert judged["dif"] == []


def test_the_table_names_waves_scales_and_reliability() -> None:
    ended = uppvaxt("quality", "--quiet")
    assert ended.code == 0
    first, second, *_ = ended.out.splitlines()
    headings = "2021 items n alpha ordinal omega floor ceiling unscored flags"
    assert first.split() == headings.split()
    assert second.split()[:2] == ["c_attach_low", "3"]
    assert ended.out.endswith("Alarms: none\n")


def test_items_are_tested_across_groups_when_asked_for() -> None:
    ended = uppvaxt("quality", "--dif", "--quiet")
    # Who is in grade 7 cannot have begun at 15: the sample is like life.
    assert "p_early_drugs p_first_cannabis by grade: large" in ended.out
