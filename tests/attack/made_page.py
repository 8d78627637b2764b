"""Area profiles of the made municipality, in the shape of the product's own."""

from pathlib import Path

from tests.attack.made_release import MEASURES, PLACES, WAVES, Made, Row, label

BUILD = "0123456789ab"
HIDDEN = '<span class="withheld"><span aria-hidden="true">..</span></span>'


def write_pages(here: Made, folder: Path) -> None:
    for area in ("stad", *PLACES):
        path = folder / "documents" / f"stad_{area}_{WAVES[-1]}_sv_public.html"
        path.write_text(page(here, area), "utf-8")


def page(here: Made, area: str) -> str:
    parts = "".join(chart(here, area, each) + table(here, area, each) for each in MEASURES)
    parts += "".join(lanes(here, area, each) + groups(here, area, each) for each in MEASURES)
    changes = "".join(change(here, area, each) for each in MEASURES)
    waves = "".join(f'<th scope="col">{wave}</th>' for wave in WAVES)
    return (
        f'<!DOCTYPE html>\n<html lang="sv"><head><meta charset="utf-8">'
        f"<title>Områdesprofil {label(area)} {WAVES[-1]}, offentlig utgåva</title></head>"
        f"<body><h1>{label(area)}</h1>{parts}"
        f'<table class="change"><thead><tr><th scope="col">Andel</th>{waves}</tr></thead>'
        f"<tbody>{changes}</tbody></table>{behind(here, area)}</body></html>\n"
    )


def behind(here: Made, area: str) -> str:
    """What can be opened below the tables: the same shape as the product's own."""
    parts = "".join(made_of(here, area, each) for each in MEASURES)
    measures = ", ".join(f"'{each}'" for each in MEASURES)
    return (
        '<table class="ladder"><tbody><tr><th scope="row">Öppnade</th><td class="num">620</td></tr>'
        '</tbody></table><details class="behind"><summary>Så räknas det</summary>'
        "<dl><dd><ul><li>Öppnade: 620</li></ul></dd>"
        '<dd><a href="#norms">Norm 41</a></dd>'
        f'<dd>bygge <code class="build">{BUILD}</code></dd>'
        f'<dd><code class="command">uppvaxt explain {area}/{WAVES[-1]}/bullying</code></dd>'
        f'<dd><pre><code class="query">select percent, n\nfrom estimate\n'
        f"where wave in ({WAVES[-1]}) and area_id in ('{area}')\n"
        f"    and measure_id in ({measures})</code></pre></dd>"
        f"<dd><ul>{parts}</ul></dd></dl></details><footer><code>{BUILD}</code></footer>"
        '<section class="norm-source"><h3>Norm 41</h3></section>'
    )


def made_of(here: Made, area: str, measure: str) -> str:
    row, _ = rows_of(here, area, measure, WAVES[-1])
    n = row["n"] if row["status"] == "shown" else HIDDEN
    return (
        f'<li class="made" data-measure="{measure}"><p><code class="figure-id">'
        f"{area}/{WAVES[-1]}/{measure}</code></p><p>Minst 3 av 4 frågor. Gränsvärde: 2,57</p>"
        f'<p>Antal svar: <span class="n">{n}</span></p></li>'
    )


def rows_of(here: Made, area: str, measure: str, wave: int) -> tuple[Row, int | None]:
    key = {"wave": wave, "area_id": area, "measure_id": measure}
    found = here.estimate(**key, grade="all", gender="all")
    rest = [
        row["second_percent"]
        for row in here.tables["comparison"]
        if all(row[name] == wanted for name, wanted in key.items())
    ]
    return found, rest[0] if rest else None


def chart(here: Made, area: str, measure: str) -> str:
    row, rest = rows_of(here, area, measure, WAVES[-1])
    drawn, said, number = "", "visas inte", HIDDEN
    if row["status"] == "shown":
        share, low, high = row["percent"], row["percent_lower"], row["percent_upper"]
        drawn = (
            f'<rect class="bar" x="0" y="7" width="{share}%" height="14"/>'
            f'<line class="whisker" x1="{low}%" x2="{high}%" y1="14" y2="14"/>'
            f'<circle class="dot" cx="{share}%" cy="14" r="6"/>'
        )
        said = f"{share}\u00a0% (osäkerhet {low}–{high}\u00a0%)"
        number = f"<b>{share}\u00a0%</b>"
    if rest is not None:
        drawn += f'<svg class="mark" x="{rest}%" y="31"></svg>'
        said += f" Resten av kommunen: {rest}\u00a0%."
    title = f"{label(area)}: {MEASURES[measure][0]}"
    return (
        f'<div class="row" data-measure="{measure}"><div class="drawing">'
        f'<svg class="strip risk" role="img"><title>{title}</title><desc>{said}</desc>'
        f'<line class="grid" x1="25%" x2="25%" y1="0" y2="40"/>{drawn}</svg></div>'
        f'<div class="number">{number}</div></div>'
    )


def table(here: Made, area: str, measure: str) -> str:
    row, rest = rows_of(here, area, measure, WAVES[-1])
    heads: tuple[str, ...] = ("Faktor", "Andel", "Osäkerhet", "Antal svar")
    heads += ("Resten", "Mot resten") if area != "stad" else ()
    cells = [HIDDEN] * 3
    if row["status"] == "shown":
        limits = f"{row['percent_lower']}–{row['percent_upper']}\u00a0%"
        cells = [f"{row['percent']}\u00a0%", limits, str(row["n"])]
    if area != "stad":
        cells += [HIDDEN if rest is None else f"{rest}\u00a0%", "≈"]
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    body = "".join(f'<td class="num">{each}</td>' for each in cells)
    return (
        f'<table class="measures"><thead><tr>{head}</tr></thead><tbody><tr>'
        f'<th scope="row">{MEASURES[measure][0]}</th>{body}</tr></tbody></table>'
    )


LABELS = {"boy": "Pojke", "girl": "Flicka", "g7": "Årskurs 7", "g9": "Årskurs 9"}


def group_rows(here: Made, area: str, measure: str) -> list[tuple[str, str, Row]]:
    """Attribute, label and row of each group."""
    key = {"wave": WAVES[-1], "area_id": area, "measure_id": measure}
    found = []
    for group, text in LABELS.items():
        by, other = ("grade", "gender") if group.startswith("g") and group[1:].isdigit() else (
            "gender", "grade",
        )  # fmt: skip
        row = here.estimate(**key, **{by: group, other: "all"})
        found.append((f'data-{by}="{group}"', text, row))
    return found


def lanes(here: Made, area: str, measure: str) -> str:
    drawn, said, numbers = "", "", ""
    for place, (group, text, row) in enumerate(group_rows(here, area, measure)):
        mark, told, number = "", "visas inte", HIDDEN
        if row["status"] == "shown":
            share, low, high = row["percent"], row["percent_lower"], row["percent_upper"]
            mark = (
                f'<line class="whisker" x1="{low}%" x2="{high}%" y1="50%" y2="50%"/>'
                f'<svg class="at" x="{share}%" y="50%"><circle class="mark0" r="5"/></svg>'
            )
            told = f"{share}\u00a0% (osäkerhet {low}–{high}\u00a0%)"
            number = f"<b>{share}\u00a0%</b>"
        drawn += f'<svg class="lane" {group} y="{1.4 * place:.1f}em" height="1.4em">{mark}</svg>'
        said += f" {text}: {told}."
        numbers += f"<li {group}>{number}</li>"
    return (
        f'<div class="row" data-measure="{measure}"><svg class="lanes" height="5.6em">'
        f"<desc>Elever.{said}</desc>{drawn}</svg><ul>{numbers}</ul></div>"
    )


def groups(here: Made, area: str, measure: str) -> str:
    heads, cells = "", ""
    for group, text, row in group_rows(here, area, measure):
        heads += f'<th scope="col" {group}>{text}</th>'
        cells += f'<td class="num">{HIDDEN}</td>'
        if row["status"] == "shown":
            limits = f"{row['percent_lower']}–{row['percent_upper']}\u00a0%"
            cells = cells.removesuffix(f'<td class="num">{HIDDEN}</td>')
            cells += f'<td class="num">{row["percent"]}\u00a0% {limits}, {row["n"]} svar</td>'
    return (
        f'<table class="splits"><thead><tr><th scope="col">Andel</th>{heads}</tr></thead><tbody>'
        f'<tr><th scope="row">{MEASURES[measure][0]}</th>{cells}</tr></tbody></table>'
    )


def change(here: Made, area: str, measure: str) -> str:
    cells, dots = "", ""
    for place, wave in enumerate(WAVES):
        row, _ = rows_of(here, area, measure, wave)
        if row["status"] == "shown":
            limits = f"{row['percent_lower']}–{row['percent_upper']}\u00a0%"
            cells += f'<td class="num">{row["percent"]}\u00a0% <span>{limits}</span></td>'
            dots += f'<circle class="dot" cx="{100 * place}%" cy="{100 - row["percent"]}%" r="4"/>'
        else:
            cells += f'<td class="num">{HIDDEN}</td>'
    return (
        f'<tr><th scope="row">{MEASURES[measure][0]}</th>{cells}'
        f'<td class="drawn"><svg class="series">{dots}</svg></td></tr>'
    )
