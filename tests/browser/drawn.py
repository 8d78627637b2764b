"""Files as somebody drew them, page by page: what stands where, and a picture of all."""

from collections.abc import Iterator
from itertools import combinations

import pypdfium2
from PIL import Image

from tests.browser.chromium import SCREENSHOTS

PAGES_BESIDE = 4
"""Pages of a file that stand in one row of its picture."""

Box = tuple[float, float, float, float, str]


def boxes_of(page: pypdfium2.PdfTextPage) -> Iterator[Box]:
    """Pieces of text: left, bottom, right, top in points, and what they say."""
    for place in range(page.count_rects()):
        box = page.get_rect(place)
        yield (*box, page.get_text_bounded(*box))


def overlapping(page: pypdfium2.PdfPage, share: float = 0.0) -> list[tuple[str, str]]:
    """Texts of a page that stand on one another.

    Args:
        page: of a PDF file.
        share: of the lower text's height, which may lie on the other. Some programs set lines so
            close that a ring lies beside the tail of a letter above it.
    """
    pairs = combinations(boxes_of(page.get_textpage()), 2)
    return [(one[4], other[4]) for one, other in pairs if _overlap(one, other, share)]


def _overlap(one: Box, other: Box, share: float) -> bool:
    """More than a point lies on one another, both ways, and more than the share."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    lower = min(one[3] - one[1], other[3] - other[1])
    return across > 1 and along > max(1, share * lower)


def contact_sheet(document: pypdfium2.PdfDocument, name: str) -> None:
    """All pages of a file in one picture."""
    pictures = [page.render(scale=1).to_pil() for page in document]
    width = max(each.width for each in pictures)
    height = max(each.height for each in pictures)
    rows = -(-len(pictures) // PAGES_BESIDE)
    sheet = Image.new("RGB", (width * min(len(pictures), PAGES_BESIDE), height * rows), "#d5dbdc")
    for place, picture in enumerate(pictures):
        row, column = divmod(place, PAGES_BESIDE)
        sheet.paste(picture, (column * width, row * height))
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    sheet.save(SCREENSHOTS / f"{name}.png")
