"""Rules between a norm and the other definitions."""

from collections.abc import Iterator

from pipeline.definitions.catalogue import Catalogue, Shelf, asked_items, is_asked
from pipeline.definitions.cutoff_rule import Roc
from pipeline.definitions.factor import Factor
from pipeline.definitions.instrument import Instrument
from pipeline.definitions.norm import Norm
from pipeline.definitions.part import repeated
from pipeline.definitions.reading import nearest
from pipeline.definitions.wave import Wave


def unknown_in_norm(norm: Norm, shelf: Shelf) -> Iterator[str]:
    """What a norm names and nothing defines."""
    for what, names, known in (
        ("instrument", (norm.instrument,), list(shelf.instruments)),
        ("factor", [cut.factor for cut in norm.cutoffs], list(shelf.factors)),
        ("outcome", _outcomes(norm), list(shelf.outcomes)),
    ):
        for name in dict.fromkeys(names):
            if name not in known:
                yield f"norm {norm.id}: {what} {name!r} is not defined{nearest(name, known)}"


def norms_misfit(catalogue: Catalogue) -> Iterator[str]:
    """Norms that a site cannot use, alone or together."""
    pairs = [(cut.factor, cut.grade) for norm in catalogue.norms for cut in norm.cutoffs]
    for factor, grade in repeated(pairs):
        yield f"norms: two norms have a cut-off for {factor} in {grade}; expected one"
    for norm in catalogue.norms:
        yield from norm_misfits(norm, catalogue)


def norm_misfits(norm: Norm, catalogue: Catalogue) -> Iterator[str]:
    """Ways in which a norm does not fit a site's grades, scales and outcomes."""
    grades = [grade.id for grade in catalogue.site.grades]
    factors = {factor.id: factor for factor in catalogue.factors}
    for grade in norm.grades:
        if grade not in grades:
            yield f"norm {norm.id}: grade {grade!r} is not in site.yml{nearest(grade, grades)}"
    if isinstance(norm.method, Roc):
        # Documents say in words which behaviour the cut-offs are made for.
        yield from _outcomes_unlisted(norm, (norm.method.outcome,), catalogue)
    for cut in norm.cutoffs:
        if cut.factor in factors:
            yield from _cutoff_outside(catalogue, norm.id, factors[cut.factor], cut.cutoff)


def derivation_misfits(norm: Norm, wave: Wave, catalogue: Catalogue) -> Iterator[str]:
    """Why cut-offs of a norm cannot be derived from the site's own wave of its year."""
    if wave.instrument != norm.instrument:
        yield (
            f"norm {norm.id}: instrument: is {norm.instrument!r}, expected {wave.instrument!r} "
            f"as wave {wave.wave} has"
        )
    if wave.is_weighted != norm.weighted:
        has = "has weights" if wave.is_weighted else "has no weights"
        yield (
            f"norm {norm.id}: weighted: is {_yaml(norm.weighted)}, expected "
            f"{_yaml(wave.is_weighted)} since wave {wave.wave} {has}"
        )
    yield from _outcomes_unlisted(norm, _outcomes(norm), catalogue)
    for outcome in catalogue.outcomes:
        if outcome.id in _outcomes(norm) and not is_asked(outcome, catalogue.instrument_of(wave)):
            yield (
                f"norm {norm.id}: outcome {outcome.id!r} was not asked in wave {wave.wave} "
                f"({wave.instrument})"
            )


def score_range(factor: Factor, instrument: Instrument) -> tuple[float, float]:
    """Lowest and highest score of a factor that the instrument asks."""
    if factor.rescale == "minmax":
        return 0.0, 1.0
    first = asked_items(factor, instrument)[0]
    response_format = instrument.format_of(
        next(item for item in instrument.items if item.id == first)
    )
    return float(response_format.lowest), float(response_format.highest)


def _cutoff_outside(
    catalogue: Catalogue, norm_id: str, factor: Factor, cutoff: float
) -> Iterator[str]:
    for instrument in sorted({wave.instrument for wave in catalogue.waves}):
        if not is_asked(factor, catalogue.instruments[instrument]):
            continue
        low, high = score_range(factor, catalogue.instruments[instrument])
        if not low <= cutoff <= high:
            yield (
                f"norm {norm_id}: the cut-off {cutoff:g} of {factor.id} lies outside its scale, "
                f"{low:g} to {high:g}"
            )


def _outcomes(norm: Norm) -> tuple[str, ...]:
    named = (norm.method.outcome,) if isinstance(norm.method, Roc) else ()
    return tuple(dict.fromkeys((*named, *norm.against)))


def _outcomes_unlisted(
    norm: Norm, outcomes: tuple[str, ...], catalogue: Catalogue
) -> Iterator[str]:
    listed = [outcome.id for outcome in catalogue.outcomes]
    for outcome in outcomes:
        if outcome not in listed:
            yield (
                f"norm {norm.id}: outcome {outcome!r} is not among the outcomes of site.yml"
                f"{nearest(outcome, listed)}"
            )


def _yaml(truth: bool) -> str:
    return "true" if truth else "false"
