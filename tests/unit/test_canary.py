"""The look for secrets in what the tests wrote finds them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.canary import leaks, secrets

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("number", [0, 1])
def test_a_secret_anywhere_in_any_file_is_found(tmp_path: Path, number: int) -> None:
    # Removed again: it must not be found at the end of the run too.
    folder = tmp_path / "deep" / "down"
    folder.mkdir(parents=True)
    (folder / "picture.png").write_bytes(os.urandom(100_000) + secrets()[number] + b"\0")
    (folder / "bot.log").write_text("nothing to see")
    (folder / "empty").touch()
    try:
        assert list(leaks(tmp_path, secrets())) == [folder / "picture.png"]
    finally:
        (folder / "picture.png").unlink()


def test_where_an_owner_writes_them_they_belong(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(secrets()[0])
    assert list(leaks(tmp_path, secrets())) == []
