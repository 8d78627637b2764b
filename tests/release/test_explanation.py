"""What is said of one figure, in words."""

import pytest

from pipeline.disclosure.figure import Count, Published, Share
from pipeline.release.explanation import in_words


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (
            Published("shown", Share(0.36), Share(0.31), Share(0.41), Count(140)),
            "36%, uncertainty 31–41%, 140 answers",
        ),
        (Published("shown", Share(0.36), n=Count(140)), "36%, 140 answers"),
        (
            Published("shown", Share(0.36), Share(0.31), Share(0.41), is_unreliable=True),
            "36%, uncertainty 31–41% (unreliable)",
        ),
        (Published("coded", n=Count(140), code="below", limit=Share(0.05)), "less than 5%"),
        (Published("coded", n=Count(140), code="above", limit=Share(0.95)), "more than 95%"),
        (Published("suppressed", n=Count(140)), "nothing (suppressed)"),
        (Published("no_answers"), "nothing (no_answers)"),
    ],
)
def test_a_figure_is_said_as_it_is_shown(figure: Published, words: str) -> None:
    assert in_words(figure) == words
