"""The units for systemd: systemd understands them, and the command understands what they ask."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline import REPOSITORY
from tests.command_line import uppvaxt

UNITS = sorted((REPOSITORY / "examples" / "systemd").iterdir())
PROGRAM = "/opt/uppvaxt/.venv/bin/uppvaxt"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    for unit in UNITS:
        # The program is not installed there on this machine.
        text = unit.read_text("utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    verified = subprocess.run(  # noqa: S603
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_nightly_service_calls_what_is_there(tmp_path: Path) -> None:
    text = (REPOSITORY / "examples" / "systemd" / "uppvaxt-nightly.service").read_text("utf-8")
    [called] = re.findall(rf"^ExecStart={PROGRAM} (.*)$", text, re.MULTILINE)
    changed = called.replace("/srv/uppvaxt", str(tmp_path)).replace("/var/lib", str(tmp_path / "v"))
    ended = uppvaxt(*changed.split())
    # The options are understood; the site is not there.
    assert (ended.code, ended.out) == (2, "failed\n")
    assert ended.err == f"uppvaxt: {tmp_path / 'our_site'}: is not a site: it holds no site.yml.\n"
