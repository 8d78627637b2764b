"""A profile's figures for programs: one number a row, as CSV or JSON."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from pipeline.disclosure.figure import Published, whole_percent
from pipeline.documents.forms.plain_text import inert, printable
from pipeline.documents.participation_view import Group
from pipeline.documents.view import Measure, Profile, Step

_BYTE_ORDER_MARK = "\ufeff"

ALL = "all"
"""In place of a grade or a gender where a figure is of everyone."""


class Figure(NamedTuple):
    """One number of a profile, or that it is not shown."""

    area_id: str
    """Empty for the whole municipality in the profile of a part of it."""

    area: str
    wave: int
    grade: str
    """The site's id of a grade, or ``all``: of participation and coverage always."""

    gender: str
    """Likewise."""

    edition: str
    measure_id: str
    measure: str
    kind: str
    """``risk``, ``protective``, ``outcome``, ``flag_count``, ``participation`` or ``coverage``."""

    statistic: str
    """``share``, ``lower``, ``upper``, ``n``, ``share_rest``, ``share_norm`` ..."""

    unit: str
    """``percent``: whole per cent; ``count``."""

    value: int | None
    """Null unless ``status`` is ``shown``."""

    status: str
    """``shown``, ``below`` or ``above`` the limit, or why it is not shown."""

    limit: int | None = None
    """Whole per cent; null unless ``status`` is ``below`` or ``above``."""

    is_unreliable: bool = False
    """Marked as too uncertain to stand alone."""

    is_pooled: bool = False
    """The interval rests on the whole survey."""

    break_reason: str | None = None
    """Why the wave cannot be compared with the document's; null if it can."""


def figures_csv(profile: Profile) -> bytes:
    """The figures as CSV: commas, decimal digits alone, lines that end as RFC 4180 has them.

    Texts that a spreadsheet would run have an apostrophe before them. The file begins with a byte
    order mark, without which Excel reads å, ä and ö as other letters; programs skip it.
    """
    written = StringIO()
    rows = [each._asdict() for each in _figures(profile)]
    writer = csv.DictWriter(written, Figure._fields)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return (_BYTE_ORDER_MARK + written.getvalue()).encode()


def figures_json(profile: Profile) -> bytes:
    """The figures as JSON, with what they are of."""
    about = {
        "lang": profile.lang,
        "site": printable(profile.site_label),
        "synthetic": profile.synthetic,
        "area_id": profile.area_id,
        "area": printable(profile.area_label),
        "wave": profile.wave,
        "wave_label": printable(profile.wave_label),
        "edition": profile.edition,
        "min_base": profile.min_base,
        "round_counts": profile.round_counts,
        "confidence": profile.confidence,
        "build_id": profile.build_id,
    }
    rows = [
        {name: printable(value) if isinstance(value, str) else value for name, value in row.items()}
        for row in map(Figure._asdict, _figures(profile))
    ]
    return (json.dumps({**about, "figures": rows}, ensure_ascii=False, indent=1) + "\n").encode()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return inert(value) if isinstance(value, str) else value


def _figures(profile: Profile) -> Iterator[Figure]:
    of, shown = _Of(profile), profile.participation
    yield of.respondents()
    for measure in profile.measures:
        yield from of.measure(measure)
    groups = [("all", shown.everyone)]
    groups += [(f"grade_{place}", each) for place, each in enumerate(shown.grades, 1)]
    groups += [(f"gender_{place}", each) for place, each in enumerate(shown.genders, 1)]
    for group_id, group in groups:
        yield from of.group(group_id, group)
    yield from map(of.step, profile.ladder)


class _Of:
    """Makes figures of one profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._hidden = "suppressed" if profile.edition == "public" else "too_few"

    def measure(self, measure: Measure) -> Iterator[Figure]:
        """All that is printed of a measure."""
        for wave in measure.waves[:-1]:
            for each in self._shares(measure, wave.figure):
                yield each._replace(wave=wave.wave, break_reason=wave.break_reason)
        yield from self._shares(measure, measure.area)
        figure = self._figure((measure.id, measure.label, measure.kind))
        yield _answers(figure, measure.area)
        rest = None if measure.rest is None else measure.rest.share
        for statistic, share in (("share_rest", rest), ("share_norm", measure.norm_share)):
            if share is not None:
                yield figure._replace(statistic=statistic, value=whole_percent(share))
        for split in measure.splits:
            for group in split.groups:
                for each in (*self._shares(measure, group.figure), _answers(figure, group.figure)):
                    yield (
                        each._replace(gender=group.id)
                        if split.by == "gender"
                        else each._replace(grade=group.id)
                    )

    def group(self, group_id: str, group: Group) -> Iterator[Figure]:
        """Participation of a grade, a gender or all."""
        figure = self._of_whole((group_id, group.label, "participation"))
        status = self._hidden if group.is_hidden else "unknown"
        yield _counted(figure._replace(statistic="n_enrolled"), group.n_enrolled, status)
        yield _counted(figure._replace(statistic="n_answered"), group.n_answered, status)
        if group.share is None:
            yield figure._replace(status=status)
        else:
            yield figure._replace(value=whole_percent(group.share))

    def respondents(self) -> Figure:
        """How many there are of the area."""
        figure = self._figure(("respondents", self._profile.area_label, "coverage"))
        return _counted(figure._replace(statistic="n"), self._profile.n_area, self._hidden)

    def step(self, step: Step) -> Figure:
        """How many are left after a step."""
        figure = self._of_whole((step.id, step.id, "coverage"))
        return _counted(figure._replace(statistic="n"), step.n, "unknown")

    def _shares(self, measure: Measure, figure: Published) -> Iterator[Figure]:
        """A share and its interval."""
        blank = self._figure((measure.id, measure.label, measure.kind))
        for statistic in ("share", "lower", "upper"):
            each = blank._replace(statistic=statistic)
            share: float | None = getattr(figure, statistic)
            if figure.state == "shown" and share is not None:
                yield each._replace(
                    value=whole_percent(share),
                    is_unreliable=figure.is_unreliable and statistic == "share",
                    is_pooled=figure.is_pooled and statistic != "share",
                )
            elif figure.state == "shown":
                yield each._replace(status="unknown")
            elif figure.state != "coded":
                yield each._replace(status=figure.state)
            elif statistic == "share" and figure.limit is not None and figure.code is not None:
                yield each._replace(status=figure.code, limit=whole_percent(figure.limit))
            else:
                yield each._replace(status="suppressed")

    def _figure(self, name: tuple[str, str, str]) -> Figure:
        """A shown share without its number.

        Args:
            name: id, label and kind of what it is of.
        """
        profile = self._profile
        return Figure(
            profile.area_id,
            profile.area_label,
            profile.wave,
            ALL,
            ALL,
            profile.edition,
            *name,
            statistic="share",
            unit="percent",
            value=None,
            status="shown",
        )

    def _of_whole(self, name: tuple[str, str, str]) -> Figure:
        """The same of the whole municipality, whose id only its own profile knows."""
        area_id = self._profile.area_id if self._profile.is_municipality else ""
        figure = self._figure(name)
        return figure._replace(area_id=area_id, area=self._profile.municipality_label)


def _answers(figure: Figure, of: Published) -> Figure:
    """How many answers a share rests on."""
    n = None if of.state == "too_few" else of.n
    return _counted(
        figure._replace(statistic="n"), n, "suppressed" if of.state == "coded" else of.state
    )


def _counted(figure: Figure, n: int | None, otherwise: str) -> Figure:
    status = otherwise if n is None else "shown"
    return figure._replace(unit="count", value=n, status=status)
