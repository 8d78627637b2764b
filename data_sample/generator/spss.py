"""A frame as an SPSS file, the same to the byte each time."""

from pathlib import Path

import polars as pl
import pyreadstat

from pipeline.definitions.areas import Areas
from pipeline.definitions.instrument import Instrument, ResponseFormat
from pipeline.definitions.site import Site
from pipeline.definitions.wave import Wave

ValueLabels = dict[int | float, str]

PRODUCT = (4, b"@(#) SPSS DATA FILE Sample data")
CREATED = (92, b"01 Jan 2612:00:00")
"""Byte of the header and what is written there: the product's name (60 bytes), and the date
and time of creation (9 + 8), which would differ from run to run.

Source: PSPP developer's guide, "File Header Record" (remembered).
"""


def write_sav(
    rows: pl.DataFrame,
    path: Path,
    instrument: Instrument,
    design_labels: dict[str, ValueLabels],
    file_label: str,
) -> None:
    """Write ``rows`` with labels; codes that mean no answer are declared user-missing.

    Args:
        rows: text and integer columns; SPSS keeps every number as a float.
        path: the file.
        instrument: says what the columns of questions mean.
        design_labels: value labels of the other columns.
        file_label: the file's own.
    """
    numbers = [name for name, dtype in rows.schema.items() if dtype.is_integer()]
    formats = {item.column: instrument.format_of(item) for item in instrument.items}
    labels = {column: _value_labels(each) for column, each in formats.items()}
    pyreadstat.write_sav(
        rows.with_columns(pl.col(numbers).cast(pl.Float64)),
        str(path),
        file_label=file_label,
        column_labels={item.column: item.text.sv for item in instrument.items},
        row_compress=True,
        variable_value_labels=design_labels | labels,
        missing_ranges={
            column: [missing.code for missing in each.missing]
            for column, each in formats.items()
            if each.missing
        },
        variable_measure={
            name: "ordinal" if name in formats else "nominal" for name in rows.columns
        },
        variable_format=dict.fromkeys(numbers, "F3.0"),
    )
    _fix_header(path)


def load_design_labels(wave: Wave, site: Site, areas: Areas) -> dict[str, ValueLabels]:
    """Value labels of area, grade and gender, by column."""
    columns = wave.columns
    labels: dict[str, ValueLabels] = {}
    for coded, classes in ((columns.grade, site.grades), (columns.gender, site.genders)):
        if coded is not None:
            names = {each.id: each.label.sv for each in classes}
            labels[coded.column] = {
                **{int(meaning.code): names[meaning.id] for meaning in coded.codes},
                **{int(code): "Vill inte svara" for code in coded.missing},
            }
    if columns.area is not None:
        labels[columns.area] = {
            int(code.code): area.label
            for area in areas.areas
            for code in area.codes
            if code.holds_on(wave.fieldwork_from)
        }
    return labels


def _value_labels(response_format: ResponseFormat) -> ValueLabels:
    labels: ValueLabels = {option.code: option.label.sv for option in response_format.codes}
    return labels | {each.code: each.label.sv for each in response_format.missing}


def _fix_header(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for (start, text), length in ((PRODUCT, 60), (CREATED, 17)):
        content[start : start + length] = text.ljust(length)
    path.write_bytes(content)
