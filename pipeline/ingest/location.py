"""Where delivered files lie: inside the site's folder, or inside the folder of real data."""

import os
from pathlib import Path

from pipeline.definitions.reading import path_inside
from pipeline.definitions.wave import Export
from pipeline.errors import ExportError


def export_path(folder: Path, export: Export) -> Path:
    """Where a delivered file lies.

    Raises:
        ExportError: the folder of real data is not named.
        DefinitionError: the path leads out of its folder.
    """
    if export.folder == "site":
        root = folder.resolve()
    elif "REAL_DATA" in os.environ:
        root = Path(os.environ["REAL_DATA"]).resolve()
    else:
        raise ExportError(
            f"{export.file}: its folder is named by the environment variable REAL_DATA, "
            "which is not set."
        )
    return path_inside(root, export.file)
