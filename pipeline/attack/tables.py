"""Tables, from whatever file, as figures; and what their hidden rows give away."""

import polars as pl

from pipeline.attack.columns import COUNT, MARK, SHARE, STATUS, SYSTEM, declared
from pipeline.attack.figures import FIGURE, Finding, Reading, empty_figures
from pipeline.attack.names import Names
from pipeline.attack.orders import order_findings
from pipeline.attack.policy import Policy
from pipeline.attack.printed import SUPPRESSED

IS_HIDDEN = "suppressed"
HAS_NONE = "no_answers"


def read_table(
    table: str, rows: pl.DataFrame, names: Names, policy: Policy, *, form: str, where: str
) -> Reading:
    """The figures of one table and what is wrong with it.

    Args:
        table: its name in ``columns.TABLES``, or a view's that begins with ``v_``.
        rows: every column as printed text, null where there is nothing.
        names: of the release.
        policy: of the release.
        form: of file.
        where: file, and table within it.
    """
    roles = {name: declared(table, name, names.measure_ids) for name in rows.columns}
    findings = [
        Finding("undeclared", f"column {name}: no reader knows what it holds", where)
        for name, role in roles.items()
        if role is None
    ]
    findings += _raw_counts(rows, roles, policy, where)
    findings += _carried(rows, roles, policy, where)
    findings += order_findings(rows, roles, names, where)
    return Reading(_figures(rows, roles, form, where), tuple(findings))


def _figures(
    rows: pl.DataFrame, roles: dict[str, str | None], form: str, where: str
) -> pl.DataFrame:
    frames = [empty_figures()]
    # Only the rest is a group of the system; other sides are figures of their own row.
    is_rest = pl.col("kind") == "rest" if "kind" in roles else pl.lit(value=True)
    for name, role in roles.items():
        what, _, measure = (role or "").partition(" of ")
        if what in {"rest", "difference"}:
            frames.append(
                _column_figures(
                    rows.filter(is_rest), name, what, measure="", form=form, where=where
                )
            )
            frames.append(
                _column_figures(
                    rows.filter(~is_rest), name, "other", measure="", form=form, where=where
                )
            )
        elif what in SYSTEM:
            frames.append(
                _column_figures(rows, name, what, measure=measure, form=form, where=where)
            )
    return pl.concat(frames)


def _column_figures(
    rows: pl.DataFrame, name: str, what: str, *, measure: str, form: str, where: str
) -> pl.DataFrame:
    def key(column: str, otherwise: str = "all") -> pl.Expr:
        return pl.col(column) if column in rows.columns else pl.lit(otherwise)

    printed = pl.col(name).str.replace(",", ".", literal=True)
    decimals = printed.str.extract(r"\.(\d+)$").str.strip_chars_end("0").str.len_chars()
    step = pl.lit(10.0).pow(-pl.col("decimals").cast(pl.Float64)) / 2
    return (
        rows.select(
            key("wave", "0").cast(pl.Int64).alias("wave"),
            key("area_id").alias("area"),
            key("grade").alias("grade"),
            key("gender").alias("gender"),
            (pl.lit(measure) if measure else key("measure_id")).alias("measure"),
            pl.lit(what).alias("what"),
            printed.cast(pl.Float64, strict=False).alias("value"),
            decimals.fill_null(0).cast(pl.Int64).alias("decimals"),
        )
        .drop_nulls("value")
        .with_columns(
            (pl.col("value") - step).alias("low"),
            (pl.col("value") + step).alias("high"),
            pl.lit(form).alias("form"),
            pl.lit(where).alias("where"),
        )
        .select(*FIGURE)
    )


def _raw_counts(
    rows: pl.DataFrame, roles: dict[str, str | None], policy: Policy, where: str
) -> list[Finding]:
    """Counts and shares of whole waves that are more precise than the rules allow."""
    findings = []
    for name, role in roles.items():
        number = pl.col(name).cast(pl.Float64, strict=False)
        if role == COUNT:
            n_raw = rows.filter((number % policy.round_counts) != 0).height
            says = f"column {name}: {n_raw} counts are no multiple of {policy.round_counts}"
        elif role == SHARE:
            n_raw = rows.filter(pl.col(name).str.contains(r"\.\d{4}")).height
            says = f"column {name}: {n_raw} numbers have more than three decimals"
        else:
            continue
        if n_raw:
            findings.append(Finding("raw figure", says, where))
    return findings


def _carried(
    rows: pl.DataFrame, roles: dict[str, str | None], policy: Policy, where: str
) -> list[Finding]:
    """What rows without a figure say all the same."""
    if STATUS not in roles.values():
        return []
    hidden, without, coded = (rows.filter(each) for each in _states(rows))
    findings = []
    for name, role in roles.items():
        what = (role or "").partition(" of ")[0]
        if role == MARK and hidden[name].n_unique() > 1:
            says = f"column {name} differs among hidden rows and so tells them apart"
            findings.append(Finding("hidden row carries", says, where))
        # A hidden share may stand beside a base that may be shown.
        if what not in SYSTEM or what == "n":
            continue
        findings += _filled(hidden, name, "hidden", where)
        if what in {"k", "percent"}:
            findings += _filled(coded, name, "coded", where)
    for name, role in roles.items():
        if role in SYSTEM:
            findings += _not_missing(without, name, where)
    return findings + _coded_on_few(coded, policy, where)


def _states(rows: pl.DataFrame) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Whether a row is hidden, has no answers, or is a code; hidden if any column says so."""
    status = pl.col("status") if "status" in rows.columns else pl.lit("")
    flag = pl.col("is_suppressed") if "is_suppressed" in rows.columns else pl.lit("")
    is_hidden = (status == IS_HIDDEN) | flag.str.to_lowercase().is_in(["true", "1"])
    return is_hidden, status == HAS_NONE, status.str.starts_with("coded")


def _filled(rows: pl.DataFrame, name: str, state: str, where: str) -> list[Finding]:
    filled = rows.filter(pl.col(name).is_not_null() & ~pl.col(name).is_in(["", SUPPRESSED]))
    if filled.is_empty():
        return []
    zeros = filled.filter(pl.col(name).cast(pl.Float64, strict=False) == 0).height
    findings = []
    if zeros:
        says = f"column {name}: {zeros} {state} rows say 0 instead of {SUPPRESSED}"
        findings.append(Finding("confused", says, where))
    if filled.height > zeros:
        says = f"column {name}: {filled.height - zeros} {state} rows hold a value"
        findings.append(Finding("hidden row carries", says, where))
    return findings


def _not_missing(rows: pl.DataFrame, name: str, where: str) -> list[Finding]:
    """Rows without answers that look hidden, or as if a share of 0 had been measured."""
    allowed = ["", "0"] if name.startswith("n") else [""]
    wrong = rows.filter(pl.col(name).is_not_null() & ~pl.col(name).is_in(allowed)).height
    if not wrong:
        return []
    says = f"column {name}: {wrong} rows without answers say something"
    return [Finding("confused", says, where)]


def _coded_on_few(coded: pl.DataFrame, policy: Policy, where: str) -> list[Finding]:
    if "n" not in coded.columns:
        return []
    few = coded.filter(pl.col("n").cast(pl.Float64, strict=False) < policy.min_base).height
    if not few:
        return []
    says = f"{few} coded shares rest on fewer than {policy.min_base} respondents"
    return [Finding("hidden row carries", says, where)]
