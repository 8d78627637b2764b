"""A run that nobody watches: nothing redone if nothing changed, else build, publish or hold."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, Protocol

from pipeline.definitions.catalogue import Catalogue
from pipeline.definitions.fit import load_catalogue
from pipeline.errors import ExportError
from pipeline.operations.failure import describe, private_names
from pipeline.operations.replacement import finish_erasure
from pipeline.operations.run_record import DECIDED, Run, begin_run, end_run, last_run, read_runs
from pipeline.operations.space import check_space
from pipeline.operations.standing import current_release
from pipeline.operations.status_page import write_status_page
from pipeline.operations.writing import writing
from pipeline.sources import digest_files, library_versions, rendering_versions, sources

Progress = Callable[[str], None]


class Published(Protocol):
    """What became of a release."""

    @property
    def release_id(self) -> str:
        """First 16 hexadecimal digits of the hash of all it was made from."""

    @property
    def state(self) -> Literal["promoted", "held", "unchanged"]:
        """Shown to readers, kept back for a decision, or the same as the current one."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it was held."""


Publish = Callable[[Catalogue, Path, Path, Progress], Published]
"""Makes the release of a working file in a folder, audits it, promotes or holds it."""


def run_nightly(site: Path, folder: Path, publish: Publish, progress: Progress) -> Run:
    """Bring the published release up to date with what a site states.

    Args:
        site: the site's folder.
        folder: where the working file, releases, run records and the status page stand.
        publish: makes the release; may raise whatever it likes, with nothing promoted.
        progress: told in one sentence what begins.

    Returns:
        The record of the run, which is on disk, whatever became of it.

    Raises:
        BusyError: another run is writing there.
        UsageError: the folder cannot be written to.
        OSError: not even the record can be written.
    """
    with writing(folder, "nightly"):
        run = begin_run(folder, "nightly")
        night = _Night(site, folder, publish, progress, run)
        try:
            night.pass_by()
        except Exception as error:  # noqa: BLE001 - recorded, and said without what it quotes
            failed = describe(error, private_names(site, night.catalogue))
            run.outcome, run.exit_code = "failed", failed.exit_code
            run.error = {"class": failed.kind, "message": failed.message}
        end_run(folder, run)
        # A page that cannot be written must not hide what became of the run.
        with suppress(OSError):
            write_status_page(folder)
    return run


class _Night:
    """The steps of one run, each measured in its record."""

    def __init__(
        self, site: Path, folder: Path, publish: Publish, progress: Progress, run: Run
    ) -> None:
        self.site = site
        self.folder = folder
        self.publish = publish
        self.progress = progress
        self.run = run
        self.catalogue: Catalogue | None = None

    def pass_by(self) -> None:
        finish_erasure(self.site)
        with self.run.step("definitions"):
            self.catalogue = catalogue = load_catalogue(self.site)
        with self.run.step("fingerprints"):
            self.run.fingerprints = fingerprints(catalogue)
            if self._is_decided():
                return
        working_file = self._build(catalogue)
        with self.run.step("publish"):
            _open_to_readers(self.folder / "releases")
            published = self.publish(catalogue, working_file, self.folder, self.progress)
        self.run.outcome, self.run.exit_code = published.state, 0
        self.run.release_id, self.run.reasons = published.release_id, list(published.reasons)

    def _is_decided(self) -> bool:
        """Whether a run has decided on just this, and readers still have what it left them."""
        runs = [run for _, run in read_runs(self.folder)]
        decided = last_run(runs, lambda run: run.outcome in DECIDED)
        if decided is None:
            return False
        now, before = self.run.fingerprints, decided.fingerprints
        self.run.changed = [part for part in now if now[part] != before.get(part)]
        was_promoted = last_run(runs, lambda run: run.outcome == "promoted") is not None
        if self.run.changed or (was_promoted and current_release(self.folder) is None):
            return False
        self.run.outcome, self.run.exit_code = "unchanged", 0
        self.run.release_id = current_release(self.folder) or decided.release_id
        return True

    def _build(self, catalogue: Catalogue) -> Path:
        """The working file; built aside first unless it is of just these sources."""
        # Imported here: a night without a change must not wait for DuckDB, Polars and SciPy.
        from pipeline.fingerprint import DATABASE, built_from, fingerprint  # noqa: PLC0415

        working_file = self.folder / "build" / DATABASE
        with self.run.step("space"):
            check_space(self.folder, working_file, sources(catalogue)["inputs"])
        with self.run.step("build"):
            if built_from(working_file) != fingerprint(catalogue):
                from pipeline.build import build_site  # noqa: PLC0415

                build_site(catalogue, working_file.parent, self.progress)
            if fingerprints(catalogue) != self.run.fingerprints:
                raise ExportError(
                    "A delivery or a definition changed while it was read, so what was built may "
                    "be half of each; the next run reads it anew."
                )
        return working_file


def fingerprints(catalogue: Catalogue) -> dict[str, str]:
    """SHA-256 of everything a release depends on, by part, so that a record says what changed."""
    parts: dict[str, str] = {
        part: digest_files(paths) for part, paths in sources(catalogue).items()
    }
    libraries = library_versions() | rendering_versions()
    return parts | {"libraries": " ".join(" ".join(each) for each in libraries.items())}


def _open_to_readers(releases: Path) -> None:
    """Make the folder of releases, which others read: new folders of a run are private."""
    releases.mkdir(exist_ok=True)
    releases.chmod(0o755)
