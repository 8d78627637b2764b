"""A case's scales as a questionnaire, factors and norms of the product."""

from bench.oracle_cases import CaseError, Row
from pipeline.definitions.cutoff_rule import MedianMad
from pipeline.definitions.factor import Factor, FactorItem
from pipeline.definitions.instrument import AnswerCode, Instrument, Item, ResponseFormat
from pipeline.definitions.norm import CutOff, FlaggedSide, Norm
from pipeline.definitions.part import Label

YEAR = 2024
CASE = "a case with another program's answers"
LABEL = Label(sv="fall", en="case")


def instrument_of(scales: list[Row]) -> Instrument:
    """One questionnaire with every item of the scales, in the columns named as they are."""
    ranges: dict[str, tuple[int, int]] = {}
    for scale in scales:
        of_scale = int(scale["item_min"]), int(scale["item_max"])
        for item in scale["items"].split():
            if ranges.setdefault(item, of_scale) != of_scale:
                raise CaseError(f"scales.csv: {item} has different ranges in two scales")
    return Instrument(
        id="questionnaire",
        label=LABEL,
        source=CASE,
        status="project_choice",
        formats=tuple(_format(*each) for each in dict.fromkeys(ranges.values())),
        items=tuple(
            Item(
                id=item_ids(scales)[column],
                column=column,
                format=_format_id(*of_item),
                text=LABEL,
                source=CASE,
                status="project_choice",
            )
            for column, of_item in ranges.items()
        ),
    )


def item_ids(scales: list[Row]) -> dict[str, str]:
    """The product's id of each item, by its column: ids are plain, names may not be."""
    columns = dict.fromkeys(item for scale in scales for item in scale["items"].split())
    return {column: f"item_{number}" for number, column in enumerate(columns, 1)}


def factor_of(scale: Row, scale_ids: dict[str, str], items: dict[str, str]) -> Factor:
    """A scale."""
    turned = set(scale["reversed"].split())
    return Factor(
        id=scale_ids[scale["scale"]],
        label=LABEL,
        label_status="project_choice",
        phrase=LABEL,
        domain="community",
        direction="protective" if scale["direction"] == "protective" else "risk",
        items=tuple(
            FactorItem(id=items[item], reversed=item in turned) for item in scale["items"].split()
        ),
        min_answered=int(scale["min_valid"]),
        source=CASE,
        status="project_choice",
    )


def norm_of(scale: Row, scale_ids: dict[str, str], grades: dict[str, str]) -> Norm | None:
    """A scale's cut-offs; each scale has its own rule. Null if it has none."""
    factor = scale_ids[scale["scale"]]
    cutoffs = {
        grade: float(scale[f"cut_{code}"])
        for code, grade in grades.items()
        if scale.get(f"cut_{code}")
    }
    if not cutoffs:
        return None
    if scale["rule"] not in {">=", ">"}:
        raise CaseError("scales.csv: a rule is neither >= nor >")
    # The cases flag upwards whatever the direction.
    side = FlaggedSide(side="upper", inclusive=scale["rule"] == ">=")
    return Norm(
        id=f"norm_{factor}",
        label=LABEL,
        population=LABEL,
        wave=YEAR,
        instrument="questionnaire",
        source=LABEL,
        synthetic=True,
        method=MedianMad(rule="median_mad", k=0.15, mad="median"),
        risk=side,
        protective=side,
        method_source=LABEL,
        grades=tuple(cutoffs),
        cutoffs=tuple(
            CutOff(factor=factor, grade=grade, cutoff=cutoff, n=1, share_flagged=0)
            for grade, cutoff in cutoffs.items()
        ),
    )


def _format(low: int, high: int) -> ResponseFormat:
    return ResponseFormat(
        id=_format_id(low, high),
        codes=tuple(AnswerCode(code=code, label=LABEL) for code in range(low, high + 1)),
        source=CASE,
        status="project_choice",
    )


def _format_id(low: int, high: int) -> str:
    return f"from_{low}_to_{high}".replace("-", "minus_")
