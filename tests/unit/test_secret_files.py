"""The token and the key may lie in files of their own, as systemd's credentials and Docker's secrets do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.config import Settings
from bot.errors import ConfigurationInvalid

if TYPE_CHECKING:
    from pathlib import Path


def files(folder: Path, token: bytes = b"a.b.c\n", key: bytes = b"sk-1") -> dict[str, str]:
    (folder / "token").write_bytes(token)
    (folder / "key").write_bytes(key)
    return {"DISCORD_TOKEN_FILE": f"{folder}/token", "COMETAPI_KEY_FILE": f"{folder}/key"}


def test_both_may_come_from_files(tmp_path: Path) -> None:
    settings = Settings.load(None, files(tmp_path))
    assert settings.discord_token.get_secret_value() == "a.b.c"
    assert settings.cometapi_key.get_secret_value() == "sk-1"


def test_a_file_counts_for_more_than_what_env_says(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("DISCORD_TOKEN=an.old.one\n")
    env.chmod(0o600)
    assert Settings.load(env, files(tmp_path)).discord_token.get_secret_value() == "a.b.c"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 5000])
def test_a_file_that_holds_no_secret_is_named_and_its_content_is_not(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ConfigurationInvalid, match="DISCORD_TOKEN_FILE names a file that") as refused:
        Settings.load(None, files(tmp_path, token=content))
    assert "xxxx" not in str(refused.value)


def test_a_file_that_is_not_there_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationInvalid, match="No such file"):
        Settings.load(None, {**files(tmp_path), "COMETAPI_KEY_FILE": f"{tmp_path}/nowhere"})


def test_a_secret_in_two_places_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationInvalid, match="DISCORD_TOKEN is set, and DISCORD_TOKEN_FILE too"):
        Settings.load(None, {**files(tmp_path), "DISCORD_TOKEN": "a.b.d"})
