"""Charts as pictures, for forms that cannot draw them."""

import struct
from typing import Literal, NamedTuple

from pipeline.documents.forms.typesetting import as_json, typeset_png
from pipeline.documents.outline import Drawn, Legend

WIDTH_MM = 170
"""As wide as the text of an A4 page."""

PPI = 200
"""Sharp on paper and on a screen in a meeting."""

MM_PER_INCH = 25.4


class Picture(NamedTuple):
    """A picture and the size at which its letters are as large as the text around it."""

    content: bytes
    """PNG."""

    width_mm: float
    height_mm: float


def chart_png(
    chart: Drawn, legend: Legend | None, lang: Literal["sv", "en"], *, width_mm: int = WIDTH_MM
) -> Picture:
    """A chart as a picture. Its words for those who do not see it are ``chart.description``."""
    given = {"chart": chart, "legend": legend, "lang": lang, "width": width_mm}
    content = typeset_png("picture.typ", {"chart": as_json(given)}, ppi=PPI)
    # Width and height stand right after the first chunk's name.
    width, height = struct.unpack(">II", content[16:24])
    return Picture(content, width / PPI * MM_PER_INCH, height / PPI * MM_PER_INCH)
