"""The same profile becomes the same bytes, on any day and in any time zone."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from pipeline.documents.forms.data import figures_csv, figures_json
from pipeline.documents.forms.packing import FIRST_DAY
from tests.documents.forms.conftest import PROFILES, docx_of, pptx_of, xlsx_of

MADE = {"docx": docx_of, "xlsx": xlsx_of, "pptx": pptx_of}

# Another day without a clock to set: whatever asks for the time gets this one.
ELSEWHERE = """
import hashlib, sys, time
late = 2_000_000_000.0
time.time = lambda: late
localtime, gmtime = time.localtime, time.gmtime
time.localtime = lambda seconds=None: localtime(late if seconds is None else seconds)
time.gmtime = lambda seconds=None: gmtime(late if seconds is None else seconds)
import datetime
class Late(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(late, tz)
    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(late)
datetime.datetime = Late
from pipeline.documents.forms.data import figures_csv, figures_json
from tests.documents.forms.conftest import PROFILES, docx_of, pptx_of, xlsx_of
for made in (docx_of, xlsx_of, pptx_of):
    print(hashlib.sha256(made("public")).hexdigest())
for made in (figures_csv, figures_json):
    print(hashlib.sha256(made(PROFILES["public"])).hexdigest())
"""


def _hashes(zone: str, seed: str) -> list[str]:
    made = subprocess.run(  # noqa: S603
        [sys.executable, "-c", ELSEWHERE],
        env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.split()


def test_another_day_place_and_process_make_the_same_bytes() -> None:
    here = [each("public") for each in MADE.values()]
    here += [each(PROFILES["public"]) for each in (figures_csv, figures_json)]
    wanted = [hashlib.sha256(each).hexdigest() for each in here]
    assert _hashes("Pacific/Kiritimati", "1") == wanted
    assert _hashes("America/Adak", "2") == wanted


@pytest.mark.parametrize("form", MADE)
def test_nothing_in_a_file_states_a_time_or_a_person(form: str) -> None:
    with ZipFile(BytesIO(MADE[form]("area"))) as parts:
        assert {each.date_time for each in parts.infolist()} == {FIRST_DAY}
        names = parts.namelist()
        core = parts.read("docProps/core.xml").decode()
    assert names[0] == "[Content_Types].xml"
    assert not any(each in core for each in ("created", "modified", "lastModifiedBy", "T00:"))
    assert "python" not in core


@pytest.mark.parametrize("form", MADE)
def test_files_link_to_nothing_outside(form: str) -> None:
    with ZipFile(BytesIO(MADE[form]("area"))) as parts:
        relations = [
            parts.read(each).decode() for each in parts.namelist() if each.endswith(".rels")
        ]
    assert not any('TargetMode="External"' in each for each in relations)
