"""Numbers in the names of files and folders."""

import json
import re
from pathlib import Path

from pipeline.attack.figures import Finding
from pipeline.attack.names import Names

SUM = re.compile(r"(?<![0-9a-z])[0-9a-f]{8,}(?![0-9a-z])")
"""A checksum that makes a name unique."""


ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
"""What a site may be called."""


def name_findings(paths: list[Path], folder: Path, names: Names) -> list[Finding]:
    """Findings for names with a number that is no wave, no known name's and no checksum.

    Known are the areas, measures and groups of the tables; and at the beginning of a name the
    site, as the manifest calls it.
    """
    findings = []
    site = _site_of(folder)
    for path in paths:
        inside = path.relative_to(folder)
        for part in inside.parts:
            rest = SUM.sub(" ", names.without(part.removeprefix(site)))
            if re.search(r"\d", rest):
                says = "the name holds a number that is neither a wave nor part of a known name"
                findings.append(Finding("name", says, str(inside)))
                break
    return findings


def _site_of(folder: Path) -> str:
    """What the names of a site's documents begin with; empty where nothing says it."""
    try:
        stated = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return ""
    site_id = stated.get("site_id") if isinstance(stated, dict) else None
    return f"{site_id}_" if isinstance(site_id, str) and ID.fullmatch(site_id) else ""
