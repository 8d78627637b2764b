"""A picture as Word's XML, with its description."""

from pipeline.documents.forms.pictures import Picture
from pipeline.documents.forms.word_text import attribute
from pipeline.documents.outline import Drawn

MAX_WIDTH_MM, MAX_HEIGHT_MM = 174.0, 230.0
"""Of an A4 page between the margins, with a line above."""

_EMU_PER_MM = 36_000
_OF_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"


def picture_xml(picture: Picture, relation: str, number: int, chart: Drawn) -> str:
    """A run that holds the picture.

    Args:
        picture: fits the page, or is made to.
        relation: id of its file within the document.
        number: no other drawing of the document has it.
        chart: what it shows.
    """
    scale = min(1.0, MAX_WIDTH_MM / picture.width_mm, MAX_HEIGHT_MM / picture.height_mm)
    wide, high = (
        round(length * scale * _EMU_PER_MM) for length in (picture.width_mm, picture.height_mm)
    )
    named = f'id="{number}" name={attribute(chart.title)}'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{high}"/>'
        f"<wp:docPr {named} descr={attribute(chart.description)}/>"
        f'<a:graphic><a:graphicData uri="{_OF_PICTURE}"><pic:pic><pic:nvPicPr>'
        f"<pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/>'
        f'</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        f"</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
