"""The whole attack on a release folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.attack.agreement import agreed, disagreements, leaks, raw_figures
from pipeline.attack.candidates import candidates
from pipeline.attack.figures import Finding
from pipeline.attack.file_names import name_findings
from pipeline.attack.reference import hidden_cells, statuses
from pipeline.attack.release import files_of, open_release, read_release
from pipeline.attack.wave import Recovered, attack_wave


@dataclass(frozen=True)
class Report:
    """What a stranger found out. Never holds a count, only where one can be had."""

    n_files: dict[str, int]
    """Files by form."""

    n_figures: dict[str, int]
    """Figures read by form."""

    n_cells: int
    """Different numbers that they print."""

    n_hidden: int
    """Counts that the release hides."""

    n_exact: int
    n_narrow: int
    """Not exact, but narrower than the policy."""

    smallest_interval: int | None
    """Of the counts that are exact or narrow; None where there are none."""

    least_candidates: int | None
    median_candidates: float | None
    findings: tuple[Finding, ...]


def attack_release(folder: Path) -> Report:
    """Find out what can be found out from a folder that is to be published.

    Raises:
        NotADirectoryError: there is no such folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(20, "no folder of a release", str(folder))
    release = open_release(folder)
    readings = read_release(release)
    unread: tuple[Finding, ...] = ()
    if "estimate" not in release.tables:
        unread = (Finding("undeclared", "no table of estimates: nothing is judged", folder.name),)
    figures = pl.concat([each.figures for each in readings.values()])
    status = statuses(release.tables)
    cells = agreed(figures)
    tried = candidates(cells, release.policy)
    recovered = [attack_wave(release, wave, cells, status) for wave in release.names.waves]
    findings = [
        *unread,
        *(finding for each in readings.values() for finding in each.findings),
        *name_findings(files_of(folder), folder, release.names),
        *leaks(figures, hidden_cells(status)),
        *raw_figures(figures, release.policy),
        *disagreements(figures),
        *tried.findings,
        *(finding for each in recovered for finding in each.findings),
    ]
    return Report(
        n_files={name: each.n_files for name, each in readings.items()},
        n_figures={name: each.figures.height for name, each in readings.items()},
        n_cells=cells.height,
        n_hidden=sum(each.n_hidden for each in recovered),
        n_exact=_count(findings, "exact"),
        n_narrow=_count(findings, "narrow"),
        smallest_interval=_smallest(recovered),
        least_candidates=tried.least,
        median_candidates=tried.median,
        findings=tuple(dict.fromkeys(findings)),
    )


def _count(findings: Iterable[Finding], kind: str) -> int:
    return sum(finding.kind == kind for finding in findings)


def _smallest(recovered: list[Recovered]) -> int | None:
    widths = [width for each in recovered for width in each.widths]
    return int(np.min(widths)) if widths else None
