"""Names that want to be more than text, in a source that is small enough to be rendered often."""

from typing import Any

import polars as pl

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.part import Label
from pipeline.web.pages import Source
from pipeline.web.released import Released

SEEDS = (
    "</script><img src=x onerror=window.hit=1>",
    "</title><script>window.hit=1</script>",
    '"><svg onload=window.hit=1>',
    "' onmouseover='window.hit=1",
    "<!--<script>",
    "]]><b>",
    "</style><b>",
    "=cmd()",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\u200b=1+1",
    "\u202e=1+1",
    "＝1+1",
    "\u2212\u0031",
    "{{7*7}}",
    "{% raw %}",
    "{n} {area} {share}",
    "${7*7}",
    "$& $1 $`",
    "\u202egnirts",
    "\u2067א\u2069",
    "\u2028line\u2029paragraph",
    "a\nb",
    'a"b;c,d',
    "a\\u003cb",
    "&lt;b&gt;&amp;",
    "javascript:window.hit=1",
    "../../x",
    "é́́́́",
    "😀" * 20,
    "\x7f\x85",
    "x" * 300,
)
SHELLS = ("{}", "a{}", "{}</td>", '"{}"', "\u2066{}", "{} {}")
PAYLOADS = tuple(dict.fromkeys(shell.replace("{}", seed) for shell in SHELLS for seed in SEEDS))[
    :200
]


def small(source: Source) -> Source:
    """Three areas, two factors, an outcome, a count of flags, one wave."""
    areas = ["sandviken", "omrade_1", "norrsatra"]
    catalogue = source.catalogue
    kept = catalogue._replace(
        factors=catalogue.factors[:2],
        outcomes=catalogue.outcomes[:1],
        flag_count_rules=catalogue.flag_count_rules[:1],
        waves=catalogue.waves[-1:],
    )
    measures = [each.id for each in kept.measures]
    released = source.released
    wave = kept.waves[0].wave
    return source._replace(
        catalogue=kept,
        released=released._replace(
            estimates=released.estimates.filter(
                pl.col("area_id").is_in(areas), pl.col("measure_id").is_in(measures), wave=wave
            ),
            areas=released.areas.filter(pl.col("area_id").is_in(areas), wave=wave),
            measures=released.measures.filter(pl.col("measure_id").is_in(measures)),
            dictionary=released.dictionary.filter(relation="area"),
        ),
    )


def named(source: Source, name: str) -> Source:
    """The same with ``name`` wherever a definition or a table gives one."""
    return source._replace(
        released=_named_tables(source.released, name),
        catalogue=_named_definitions(source.catalogue, name),
    )


def _named_tables(released: Released, name: str) -> Released:
    text = pl.lit(name)
    return released._replace(
        areas=released.areas.with_columns(label=text),
        measures=released.measures.with_columns(label_sv=text, label_en=text),
        dictionary=released.dictionary.with_columns(says=text),
    )


def _named_definitions(catalogue: Catalogue, name: str) -> Catalogue:
    label = Label.model_construct(sv=name, en=name)
    each_label: dict[str, Any] = {"label": label}
    levels = tuple(each.model_copy(update=each_label) for each in catalogue.areas.levels)
    instruments = {
        key: instrument.model_copy(
            update={
                "label": label,
                "items": tuple(
                    item.model_copy(update={"text": label, "source": name})
                    for item in instrument.items
                ),
                "formats": tuple(
                    form.model_copy(
                        update={
                            "codes": tuple(
                                code.model_copy(update=each_label) for code in form.codes
                            )
                        }
                    )
                    for form in instrument.formats
                ),
            }
        )
        for key, instrument in catalogue.instruments.items()
    }
    texts = {"label": label, "phrase": label, "source": name}
    factors = tuple(
        factor.model_copy(
            update=texts
            | {"links": tuple(link.model_copy(update={"source": name}) for link in factor.links)}
        )
        for factor in catalogue.factors
    )
    about = {"label": label, "about": label, "contact": label, "accessibility_assessment": label}
    classes = {
        kind: tuple(each.model_copy(update=each_label) for each in getattr(catalogue.site, kind))
        for kind in ("grades", "genders")
    }
    return catalogue._replace(
        site=catalogue.site.model_copy(update=about | classes),
        areas=catalogue.areas.model_copy(update={"levels": levels}),
        instruments=instruments,
        factors=factors,
        outcomes=tuple(each.model_copy(update=texts) for each in catalogue.outcomes),
        flag_count_rules=tuple(
            each.model_copy(update=texts) for each in catalogue.flag_count_rules
        ),
        norms=tuple(
            norm.model_copy(
                update=dict.fromkeys(("label", "population", "source", "method_source"), label)
            )
            for norm in catalogue.norms
        ),
    )
