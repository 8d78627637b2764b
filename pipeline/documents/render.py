"""Profile in, HTML out. Templates come from the repository's ``reports`` folder alone."""

from functools import lru_cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.documents import arrangement, chart, wording
from pipeline.documents.view import Lang, Profile

TEMPLATES = Path(__file__).resolve().parents[2] / "reports"


def render_profile(profile: Profile) -> str:
    """The area profile as one HTML file that needs nothing else.

    Args:
        profile: Publishable figures only: everything in it may be read in the HTML.

    Raises:
        DefinitionError: ``reports/locale`` lacks a text, or its placeholders do not fit.
    """
    template = environment(profile.lang).get_template("profile.html.j2")
    return template.render(profile=profile)


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
        "day": partial(wording.day, texts=texts),
        "listing": partial(wording.listing, texts=texts),
        "position": chart.position,
    }
    environment.globals |= {
        "t": partial(wording.say, texts),
        "tn": partial(wording.say_number, texts),
        "percent_range": partial(wording.percent_range, lang=lang),
        "period": partial(wording.period, texts=texts),
        "series": chart.series,
        "funnel": chart.funnel,
        "ladder": arrangement.ladder,
        "is_any_compared": arrangement.is_any_compared,
        "areas_shown": arrangement.areas_shown,
        "is_any_pooled": arrangement.is_any_pooled,
        "is_any_unreliable": arrangement.is_any_unreliable,
        "break_notes": arrangement.break_notes,
        "named_shares": partial(wording.named_shares, lang=lang),
        "problem_columns": arrangement.problem_columns,
        "name_status": arrangement.name_status,
    }
    return environment
