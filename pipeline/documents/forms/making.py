"""Many documents, on all cores; those that are as they would be made again are left alone."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline.documents.beside import Beside
from pipeline.documents.forms.writing import DocumentId, Form, write_forms
from pipeline.documents.render import TEMPLATES, Kind, render_beside, render_profile
from pipeline.documents.view import Profile
from pipeline.files import write_whole
from pipeline.processes import in_processes, n_cores

WORTH_PROCESSES = 6
"""Documents below which starting processes takes longer than it saves."""

STAMP_SUFFIX = ".stamp"


class Wanted(NamedTuple):
    """One document in some forms."""

    site_id: str
    profile: Profile
    content: Kind | Beside
    """The kind of document of one area, or the areas that stand beside each other."""

    forms: tuple[Form, ...]

    def names(self) -> list[str]:
        """Names of its files, a form each."""
        kind = self.content.kind if isinstance(self.content, Beside) else self.content
        shown = self.profile
        document = DocumentId(
            self.site_id, shown.area_id, shown.wave, shown.lang, shown.edition, kind
        )
        return [document.name(form) for form in self.forms]


Write = Callable[[Path, bytes], None]
"""Writes one file; can be pickled."""


def make_documents(
    wanted: Sequence[Wanted], folder: Path, *, write: Write = write_whole
) -> list[Path]:
    """Write documents, each in its forms.

    Args:
        wanted: which.
        folder: where to; it is there.
        write: how.

    Returns:
        The files, document by document.
    """
    n_processes = n_cores() if len(wanted) >= WORTH_PROCESSES else 1
    made = in_processes(partial(_make, folder=folder, write=write), wanted, n_processes)
    return [path for paths in made for path in paths]


def make_stale_documents(wanted: Sequence[Wanted], folder: Path) -> list[Path]:
    """As ``make_documents``, but leave those alone that would come out the same.

    Beside the documents stands a folder ``.stamps`` with what each was made from, as a hash.
    """
    stamps = folder / ".stamps"
    stamps.mkdir(exist_ok=True)
    templates = _templates()
    stale = []
    for each in wanted:
        stamp = _stamp(each, templates)
        place = stamps / f"{each.names()[0]}{STAMP_SUFFIX}"
        paths = [folder / name for name in each.names()]
        is_current = place.is_file() and place.read_text("utf-8") == stamp
        if not (is_current and all(path.is_file() for path in paths)):
            stale.append((each, place, stamp))
    make_documents([each for each, _, _ in stale], folder)
    for _, place, stamp in stale:
        write_whole(place, stamp)
    return [folder / name for each in wanted for name in each.names()]


def _make(wanted: Wanted, folder: Path, write: Write) -> list[Path]:
    profile, content = wanted.profile, wanted.content
    if isinstance(content, Beside):
        html = render_beside(profile, content)
    else:
        html = render_profile(profile, content)
    paths = [folder / name for name in wanted.names()]
    written = write_forms(html, profile, wanted.forms)
    for path, (_, content_of_form) in zip(paths, written, strict=True):
        write(path, content_of_form)
    return paths


def _stamp(wanted: Wanted, templates: str) -> str:
    """Hash of all that a document is made of; the build's own is in the profile."""
    return hashlib.sha256(f"{templates} {wanted!r}".encode()).hexdigest()


def _templates() -> str:
    """Hash of all templates, styles and texts."""
    digest = hashlib.sha256()
    for path in sorted(TEMPLATES.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(TEMPLATES)}".encode() + path.read_bytes())
    return digest.hexdigest()
