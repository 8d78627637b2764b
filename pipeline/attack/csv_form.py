"""CSV files as tables of text."""

from pathlib import Path

import polars as pl

from pipeline.attack.figures import Finding


def csv_tables(path: Path) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """The file's one table, named as the file, and lines that are no part of it."""
    raw = path.read_bytes()
    findings = []
    text = raw.decode("utf-8-sig")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    if comments:
        findings.append(
            Finding("comment", f"{len(comments)} lines stand outside of the table", str(path.name))
        )
    rows = pl.read_csv(raw, infer_schema=False, comment_prefix="#")
    return {path.stem: rows}, findings
