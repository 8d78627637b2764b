"""JSON Schemas of the models, for editors: ``python -m pipeline.definitions.json_schemas``."""

import json
import sys

from pydantic import BaseModel

from pipeline import REPOSITORY
from pipeline.definitions.areas import Areas
from pipeline.definitions.database import Database
from pipeline.definitions.factor import Factor, Outcome
from pipeline.definitions.flag_count import FlagCountRule
from pipeline.definitions.instrument import Instrument
from pipeline.definitions.norm import Norm
from pipeline.definitions.policy import Policy
from pipeline.definitions.screen import ScreenSet
from pipeline.definitions.site import Site
from pipeline.definitions.wave import Wave

FOLDER = REPOSITORY / "schemas" / "json"

MODELS: dict[str, type[BaseModel]] = {
    "areas": Areas,
    "database": Database,
    "factor": Factor,
    "flag_count_rule": FlagCountRule,
    "instrument": Instrument,
    "norm": Norm,
    "outcome": Outcome,
    "policy": Policy,
    "screen_set": ScreenSet,
    "site": Site,
    "wave": Wave,
}
"""By the name of the schema's file."""


def schema_texts() -> dict[str, str]:
    """Text of each schema file, by file name."""
    return {
        f"{name}.schema.json": json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2)
        + "\n"
        for name, model in MODELS.items()
    }


def main() -> None:
    """Write the schemas; with ``--check``, only say which are not current, and exit 1."""
    texts = schema_texts()
    if "--check" not in sys.argv[1:]:
        FOLDER.mkdir(exist_ok=True)
        for name, text in texts.items():
            (FOLDER / name).write_text(text, "utf-8")
        return
    present = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    stale = sorted(
        name for name in texts.keys() | present.keys() if texts.get(name) != present.get(name)
    )
    if stale:
        sys.exit(f"schemas/json: not current: {', '.join(stale)}; run make schemas")


if __name__ == "__main__":
    main()
