"""svy on scored respondents: ``python svy_prop.py scored.parquet n_factors finest out.csv``.

Only the estimation is timed, as in ``svyby.R``, and the same is printed.
"""

import sys
import warnings

import polars as pl
import svy
from peer import FINEST, flags_of, read_scored, say, stopwatch


def main() -> None:
    """Estimate, write what was found, say what it took."""
    table, n_factors, _, out = sys.argv[1:]
    warnings.simplefilter("ignore")
    flags = flags_of(table, int(n_factors))
    scored = read_scored(table, flags)
    declared = svy.Sample(scored, svy.Design(stratum="stratum", psu="psu", wgt="weight"))
    with stopwatch() as seconds:
        found = declared.estimation.prop(flags, by=list(FINEST), drop_nulls=True)
    rows = [
        of_flag.to_polars()
        .filter(pl.col(flag) == 1)
        .select(
            *FINEST,
            pl.lit(flag.removeprefix("is_flagged_")).alias("measure_id"),
            pl.col("est").alias("estimate"),
            "se",
        )
        for flag, of_flag in zip(flags, found, strict=True)
    ]
    pl.concat(rows).write_csv(out)
    say(seconds)


main()
