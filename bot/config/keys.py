"""Secret keys: each made once, kept in a file of the data folder, readable by the bot alone.

Imports only the errors.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from bot.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_log = logging.getLogger(__name__)

#: In bytes; as much as the hash takes in that the keys are used with (SHA-256).
KEY_SIZE: Final = 32
#: Signs the links to the drawing page; nothing dies with it but those of the last half hour.
LINKS: Final = "web.key"
#: Recognizes people who have left (`bot.jobs.privacy.tombstones`); without it, nobody is recognized any more.
TOMBSTONES: Final = "tombstones.key"
#: Signs what submits are marked with (`bot.jobs.adopting.echoes`); without it, a callback about an older submit names
#: nobody.
ECHOES: Final = "echo.key"
#: Is the address that callbacks come to (`bot.web.hooks`); tasks under way would call an address that is none any more.
HOOKS: Final = "hook.key"
_OWNER_ONLY: Final = 0o600


def load_key(folder: Path, name: str) -> bytes:
    """Return the key of this name that is kept in `folder`, made now if there is none.

    The bot and its receiver may ask at the same moment: both get the same key. A file that is no key is replaced.

    Parameters
    ----------
    name
        One of those above.

    Raises
    ------
    StorageError
        The file can be neither read nor written.
    """
    path = folder / name
    try:
        with _locked(folder):
            return _read(path) or _make(path)
    except OSError as error:
        raise StorageError(
            f"The key in {name} cannot be used: {error.strerror or error}.",
            explanation=f"The file is {name} in the data folder; it can be removed, Easel then makes another.",
        ) from error


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    """Keep other processes out of here; the kernel lets them in when this one dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        os.fchmod(file.fileno(), _OWNER_ONLY)
        key = file.read(KEY_SIZE + 1)
    if len(key) != KEY_SIZE:
        _log.warning("%s was no key; making another", path.name)
        return None
    return key


def _make(path: Path) -> bytes:
    key, part = secrets.token_bytes(KEY_SIZE), path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)  # of a process that was killed here
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _OWNER_ONLY), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return key
