"""Names that readers could take for figures."""

from collections.abc import Iterator

from pipeline.definitions.catalogue import Catalogue


def labels_misfit(catalogue: Catalogue) -> Iterator[str]:
    """Labels of digits without a letter: nobody could tell them from a published number."""
    for place, label in _labels(catalogue):
        if any(map(str.isdigit, label)) and not any(map(str.isalpha, label)):
            yield (
                f"{place}: label {label!r} has no letter, so that it cannot be told from a figure "
                "in a document; expected words, such as 'Årskurs 7'"
            )


def _labels(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Where each label stands, and the label."""
    for area in catalogue.areas.areas:
        yield f"areas.yml: areas: {area.id}", area.label
    named = [
        *((f"site.yml: grades: {each.id}", each.label) for each in catalogue.site.grades),
        *((f"site.yml: genders: {each.id}", each.label) for each in catalogue.site.genders),
        *((f"factor_definitions/norms/{each.id}.yml", each.label) for each in catalogue.norms),
        *((f"measure {each.id}", each.label) for each in catalogue.measures),
    ]
    for place, label in named:
        yield from ((f"{place}: {lang}", text) for lang, text in label.model_dump().items())
