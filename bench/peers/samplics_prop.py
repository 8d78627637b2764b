"""samplics on scored respondents; arguments as of ``svy_prop.py``.

Only the estimation is timed, as in ``svyby.R``, and the same is printed.
"""

import sys
import warnings
from typing import Any

import polars as pl
from peer import FINEST, flags_of, read_scored, say, stopwatch

warnings.simplefilter("ignore")

from samplics.estimation import TaylorEstimator  # noqa: E402 - it warns when imported
from samplics.utils.types import PopParam  # noqa: E402


def main() -> None:
    """Estimate, write what was found, say what it took."""
    table, n_factors, _, out = sys.argv[1:]
    flags = flags_of(table, int(n_factors))
    scored = read_scored(table, flags)
    columns = {name: scored[name].to_numpy() for name in ("weight", "stratum", "psu")}
    domain = scored.select(pl.concat_str(FINEST, separator="|")).to_series().to_numpy()
    found: list[Any] = []
    with stopwatch() as seconds:
        for flag in flags:
            estimator = TaylorEstimator(PopParam.prop)
            estimator.estimate(
                y=scored[flag].cast(pl.Float64).to_numpy(),
                samp_weight=columns["weight"],
                stratum=columns["stratum"],
                psu=columns["psu"],
                domain=domain,
                remove_nan=True,
            )
            found.append(estimator)
    rows = [
        (*key.split("|"), flag.removeprefix("is_flagged_"), shares[1.0], of.stderror[key][1.0])
        for flag, of in zip(flags, found, strict=True)
        for key, shares in of.point_est.items()
        # A domain where nobody is flagged has no such share.
        if 1.0 in shares
    ]
    pl.DataFrame(rows, [*FINEST, "measure_id", "estimate", "se"], orient="row").write_csv(out)
    say(seconds)


main()
