"""Rules between a count of flags and the site's factors, norms and grades."""

from collections.abc import Iterator

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.flag_count import FlagCount


def flag_count_misfits(catalogue: Catalogue) -> Iterator[str]:
    """Counts that nobody could ever reach, or be said not to."""
    for count in catalogue.flag_counts:
        who, n, wanted = f"flag count {count.id}", len(count.factors), count.rule.min_flags_known
        if not n:
            yield (
                f"{who}: the site has no {count.direction} factor with a cut-off; expected "
                f"{wanted} or more, listed in site.yml under factors, with a norm under norms"
            )
        elif n < wanted:
            yield (
                f"{who}: min_flags_known is {wanted} (at_least {count.rule.at_least}), but the "
                f"site has {n} {count.direction} factors with a cut-off; expected {n} or fewer"
            )
        elif (most := _most_in_a_grade(count, catalogue)) < wanted:
            yield (
                f"{who}: min_flags_known is {wanted}, but no grade has cut-offs for more than "
                f"{most} {count.direction} factors; expected {most} or fewer"
            )


def _most_in_a_grade(count: FlagCount, catalogue: Catalogue) -> int:
    """Factors with a cut-off in the grade that has most of them."""
    factors = {factor.id for factor in count.factors}
    cuts = {
        (cut.grade, cut.factor)
        for norm in catalogue.norms
        for cut in norm.cutoffs
        if cut.factor in factors
    }
    grades = [grade for grade, _ in cuts]
    return max((grades.count(grade.id) for grade in catalogue.site.grades), default=0)
