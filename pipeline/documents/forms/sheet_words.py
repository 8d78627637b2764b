"""Figures and verdicts as values of a workbook: numbers, or shorthand that its notes explain."""

from functools import partial

from pipeline.disclosure.figure import Published
from pipeline.documents.comparison_view import Comparison, Trend
from pipeline.documents.forms.sheet import Value, percent_of
from pipeline.documents.view import Lang, Profile
from pipeline.documents.wording import integer, load_texts, percent, say, say_number

HIDDEN, TOO_FEW, UNKNOWN, NOT_APPLICABLE = "..", "[c]", "[x]", "[z]"
"""Shorthand: ``..`` is the documents' own; the rest is what official statistics use."""

_UNSHOWN = {
    "suppressed": HIDDEN,
    "too_few": TOO_FEW,
    "no_answers": UNKNOWN,
    "no_norm": UNKNOWN,
    "not_asked": NOT_APPLICABLE,
    "untestable": UNKNOWN,
    "not_compared": UNKNOWN,
}


class Words:
    """Words and shorthand of one profile."""

    def __init__(self, profile: Profile) -> None:
        """Keep the language and the minimum base."""
        self.lang: Lang = profile.lang
        self._min_base = profile.min_base
        texts = load_texts(profile.lang)
        self._say = partial(say, texts)
        self._say_number = partial(say_number, texts)

    def say(self, key: str, **values: object) -> str:
        """A fixed text, as plain text."""
        return str(self._say(key, **values).unescape())

    def yes(self, answer: object) -> str:
        """Yes or no."""
        return self.say("sheet.yes" if answer else "sheet.no")

    def share(self, figure: Published) -> Value:
        """The share, on which side of a limit it lies, or why there is none."""
        if figure.state == "shown" and figure.share is not None:
            return percent_of(figure.share)
        if figure.state == "coded" and figure.limit is not None:
            return ("<" if figure.code == "below" else ">") + percent(figure.limit, self.lang)
        return _UNSHOWN[figure.state]

    def limits(self, figure: Published) -> tuple[Value, Value]:
        """Both ends of the interval."""
        if figure.state == "coded":
            return HIDDEN, HIDDEN
        if figure.state != "shown":
            return _UNSHOWN[figure.state], _UNSHOWN[figure.state]
        if figure.lower is None or figure.upper is None:
            return UNKNOWN, UNKNOWN
        return percent_of(figure.lower), percent_of(figure.upper)

    def n(self, figure: Published) -> Value:
        """Respondents behind the share."""
        if figure.n is not None and figure.state in ("shown", "coded", "suppressed"):
            return figure.n
        return HIDDEN if figure.state == "coded" else _UNSHOWN[figure.state]

    def status(self, figure: Published) -> str:
        """Whether it is shown, and why not."""
        match figure.state:
            case "shown" | "coded" | "suppressed":
                return self.say(f"sheet.{figure.state}")
            case "too_few":
                return self.say("reason.too_few", min_base=integer(self._min_base))
            case state:
                return self.say(f"reason.{state}")

    def marks(self, figure: Published) -> str:
        """The signs that stand beside it on the page."""
        signs = [
            sign
            for sign, holds in (("†", figure.is_unreliable), ("*", figure.is_pooled))
            if holds and figure.state == "shown"
        ]
        return " ".join(signs) or NOT_APPLICABLE

    def verdict(self, comparison: Comparison, words: str) -> str:
        """Whether there is a difference.

        Args:
            comparison: of two shares.
            words: ``standing``, ``changed`` or ``trend``: which words it is said in.
        """
        if comparison.verdict == "suppressed":
            return HIDDEN
        found = comparison.verdict in ("higher", "lower", "no_detectable_difference")
        return self.say(f"{words if found else 'standing'}.{comparison.verdict}")

    def trend(self, trend: Trend) -> str:
        """Whether a line rises or falls."""
        return self.verdict(Comparison(trend.verdict), "trend")

    def remark(self, comparison: Comparison) -> str:
        """What is said beside a verdict."""
        said = "*" if comparison.is_pooled else ""
        if comparison.note == "detectable" and comparison.detectable is not None:
            n = int(comparison.detectable)
            said += " " + str(self._say_number("remark.detectable", n).unescape())
        elif comparison.note is not None:
            said += " " + self.say(f"remark.{comparison.note}")
        return said.strip() or NOT_APPLICABLE

    def unshown(self, comparison: Comparison) -> str:
        """In place of a share that a comparison lacks."""
        return _UNSHOWN.get(comparison.verdict, NOT_APPLICABLE)

    def count(self, n: int | None, otherwise: str) -> Value:
        """A count, or shorthand."""
        return otherwise if n is None else n
