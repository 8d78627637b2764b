"""Numbers in the names of files and folders."""

import re
from pathlib import Path

from pipeline.attack.figures import Finding
from pipeline.attack.names import Names

SUM = re.compile(r"(?<![0-9a-z])[0-9a-f]{8,}(?![0-9a-z])")
"""A checksum that makes a name unique."""


def name_findings(paths: list[Path], folder: Path, names: Names) -> list[Finding]:
    """Findings for names with a number that is no wave, no area's, no measure's and no checksum."""
    findings = []
    for path in paths:
        inside = path.relative_to(folder)
        for part in inside.parts:
            rest = SUM.sub(" ", names.without(part))
            if re.search(r"\d", rest):
                says = "the name holds a number that is neither a wave nor part of a known name"
                findings.append(Finding("name", says, str(inside)))
                break
    return findings
