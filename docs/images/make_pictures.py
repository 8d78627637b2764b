"""The pictures of the README, made by the code as it is: ``make pictures``.

Needs the sample's profile in its forms and its pages for everyone, and Chromium.
"""

import sys
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "data_sample" / "build"
PROFILE = BUILD / "profiles" / "sandviken_norrsatra_2025_sv_public"
EXPLORER = BUILD / "web" / "explorer.html"
CHOSEN = "#areas=norrsatra,storvik,bjorksatra"
GAP = 24
"""Pixels between pages that stand side by side."""


def save(picture: Image.Image, name: str) -> None:
    """Write a picture small enough for a repository."""
    flat = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    flat.save(HERE / name, optimize=True)


def of_page(page: Page, address: str, selector: str, height: int) -> Image.Image:
    """What a browser shows from an element on."""
    page.goto(address)
    box = page.locator(selector).first.bounding_box() or {"y": 0}
    clip = {"x": 0, "y": max(box["y"] - 20, 0), "width": 1120, "height": height}
    path = HERE / "unfinished.png"
    page.screenshot(path=path, clip=clip, full_page=True)  # type: ignore[arg-type]
    picture = Image.open(path).copy()
    path.unlink()
    return picture


def of_pdf(path: Path, pages: tuple[int, ...]) -> list[Image.Image]:
    """Pages of a PDF."""
    document = pypdfium2.PdfDocument(path)
    return [document[number].render(scale=1.1).to_pil() for number in pages]


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Pictures on a grey ground, with room between them."""
    width = sum(each.width + GAP for each in pictures) + GAP
    height = max(each.height for each in pictures) + 2 * GAP
    sheet = Image.new("RGB", (width, height), "#d5dbdc")
    left = GAP
    for each in pictures:
        sheet.paste(each, (left, GAP))
        left += each.width + GAP
    return sheet


def main() -> None:
    """Make them all anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=sys.argv[1])
        page = browser.new_page(viewport={"width": 1120, "height": 900})
        page_of_profile = PROFILE.with_suffix(".html").as_uri()
        save(of_page(page, page_of_profile, "#main", 980), "profile.png")
        save(of_page(page, page_of_profile, "#domain-community", 680), "factors.png")
        save(of_page(page, EXPLORER.as_uri() + CHOSEN, "#drawn", 1000), "explorer.png")
        browser.close()
    summary, young = (PROFILE.with_name(f"{PROFILE.name}_{kind}.pdf") for kind in KINDS)
    pages = (
        of_pdf(PROFILE.with_suffix(".pdf"), (3,)) + of_pdf(summary, (0, 1)) + of_pdf(young, (0,))
    )
    save(side_by_side(pages), "paper.png")


KINDS = ("summary", "young")

if __name__ == "__main__":
    main()
