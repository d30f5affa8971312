"""The machine: Python, SQLite, the data folder and its disk. Imports the storage."""

from __future__ import annotations

import os
import platform
import stat
from typing import TYPE_CHECKING, Final

from bot.owner.doctor.notes import ill, note, well
from storage.backups.writing import megabytes
from storage.condition import look_at_disk, sqlite_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.config import Settings
    from bot.owner.doctor.notes import Note

_ABOUT: Final = "Data folder"
_OTHERS: Final = 0o077
_SLOW_MS: Final = 50.0


def examine_programs() -> Iterator[Note]:
    """Look at what Easel runs on."""
    version, has_bug = sqlite_in_words()
    yield well("Python", f"{platform.python_version()} with SQLite {version}")
    if has_bug:
        yield note(
            "SQLite",
            "it has the WAL-reset bug, so one connection does everything; that is safe",
            "A newer Python may bring a newer one.",
        )


def examine_folder(settings: Settings) -> Iterator[Note]:
    """Look at the data folder and its disk."""
    folder = settings.data_folder.resolve()
    if not folder.is_dir():
        yield note(_ABOUT, f"{folder} is not there yet; Easel makes it at its first start")
        return
    yield from _permissions(folder, settings.database_path.name)
    if os.access(folder, os.W_OK | os.X_OK):
        yield from _disk(settings, folder)


def _permissions(folder: Path, database: str) -> Iterator[Note]:
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield ill(_ABOUT, f"{folder} cannot be used by this user", f"Run: chown -R $(id -un) {folder}")
        return
    ours = [folder, *(path for path in folder.iterdir() if path.name.startswith(database) or path.suffix == ".key")]
    found = {path: path.stat() for path in ours if path.exists()}
    open_to_others = [path for path, status in found.items() if stat.S_IMODE(status.st_mode) & _OTHERS]
    strangers = [path for path, status in found.items() if status.st_uid != os.geteuid()]
    if strangers and os.geteuid() != 0:
        yield ill(
            _ABOUT,
            f"{strangers[0]} belongs to another user",
            f"Run as the user that Easel runs as, or: chown -R $(id -un) {folder}",
        )
    elif folder in open_to_others:
        yield ill(_ABOUT, f"others can read {folder}, with what people wrote and made", f"Run: chmod 700 {folder}")
    elif open_to_others:
        yield ill(_ABOUT, f"others can read {open_to_others[0]}", f"Run: chmod 600 {open_to_others[0]}")
    else:
        yield well(_ABOUT, f"{folder}, for this user alone")


def _disk(settings: Settings, folder: Path) -> Iterator[Note]:
    try:
        disk = look_at_disk(folder)
    except OSError as error:
        yield ill("Disk", f"nothing can be written to {folder} ({error.strerror or error})", "Check the disk.")
        return
    if disk.is_remote:
        yield ill(
            "Disk", f"{folder} is on {disk.kind}", "SQLite needs a local disk: name a path on one in DATABASE_URL."
        )
    if disk.free < disk.wanted:
        yield ill(
            "Disk",
            f"{megabytes(disk.free)} are free; with less than {megabytes(disk.wanted)} no new jobs are taken",
            "Free some space.",
        )
    elif settings.pictures_limit is not None and disk.free < settings.pictures_limit:
        yield note(
            "Disk",
            f"{megabytes(disk.free)} are free, less than PICTURES_LIMIT_GB lets pictures take",
            "Lower it if the disk fills up.",
        )
    else:
        yield well("Disk", f"{megabytes(disk.free)} are free")
    text = f"a page is kept in {disk.sync_ms:.1f} ms"
    if disk.sync_ms > _SLOW_MS:
        yield note("Disk", f"{text}, which is slow: answers may come late", "Use an SSD, or a faster volume.")
    else:
        yield well("Disk", text)
