"""Profile in, HTML out. Templates come from the repository's ``reports`` folder alone."""

from functools import lru_cache, partial
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.documents import arrangement, chart, figure_ids, split_arrangement, wording
from pipeline.documents.beside import Beside
from pipeline.documents.map_view import path_of
from pipeline.documents.view import Lang, Profile

TEMPLATES = Path(__file__).resolve().parents[2] / "reports"


Kind = Literal["profile", "summary", "young"]
"""The whole profile, the same on two pages, or a page in easy words for young people."""


def render_profile(profile: Profile, kind: Kind = "profile") -> str:
    """A document of an area as one HTML file that needs nothing else.

    Args:
        profile: Publishable figures only: everything in it may be read in the HTML.
        kind: which document.

    Raises:
        DefinitionError: ``reports/locale`` lacks a text, or its placeholders do not fit.
    """
    return environment(profile.lang).get_template(f"{kind}.html.j2").render(profile=profile)


def render_beside(profile: Profile, beside: Beside) -> str:
    """Areas beside each other as one HTML file.

    Args:
        profile: the municipality's own, with the areas' names for its own.
        beside: publishable figures only.
    """
    template = environment(profile.lang).get_template("beside.html.j2")
    return template.render(profile=profile, beside=beside)


@lru_cache
def environment(lang: Lang) -> Environment:
    """Templates that escape everything, fail on what is undefined, and speak ``lang``."""
    texts = wording.load_texts(lang)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": partial(wording.percent, lang=lang),
        "integer": wording.integer,
        "decimal": partial(wording.decimal, lang=lang),
        "signed": partial(wording.signed, lang=lang),
        "day": partial(wording.day, lang=lang),
        "listing": partial(wording.listing, texts=texts),
        "plural": wording.plural,
        "midsentence": wording.midsentence,
        "unbroken": wording.unbroken,
        "position": chart.position,
    }
    environment.globals |= {
        "t": partial(wording.say, texts),
        "tn": partial(wording.say_number, texts),
        "percent_range": partial(wording.percent_range, lang=lang),
        "period": partial(wording.period, lang=lang),
        "series": chart.series,
        "funnel": chart.funnel,
        "path_of": path_of,
        "figure_id": figure_ids.figure_id,
        "table_query": figure_ids.table_query,
        "genders_compared": split_arrangement.genders_compared,
        "is_split_pooled": split_arrangement.is_split_pooled,
        "is_split_printed": split_arrangement.is_split_printed,
        "is_split_unreliable": split_arrangement.is_split_unreliable,
        "lane_height": split_arrangement.lane_height,
        "lanes_height": split_arrangement.lanes_height,
        "split_measures": split_arrangement.split_measures,
        "splits_shown": split_arrangement.splits_shown,
        "ladder": arrangement.ladder,
        "is_any_compared": arrangement.is_any_compared,
        "areas_shown": arrangement.areas_shown,
        "is_any_pooled": arrangement.is_any_pooled,
        "is_any_unreliable": arrangement.is_any_unreliable,
        "break_notes": arrangement.break_notes,
        "named_shares": partial(wording.named_shares, lang=lang),
        "problem_columns": arrangement.problem_columns,
        "name_status": arrangement.name_status,
        "for_young": arrangement.for_young,
        "young_min_base": arrangement.young_min_base,
        "in_tenths": partial(wording.in_tenths, texts=texts),
    }
    return environment
