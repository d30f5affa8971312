"""How the process starts and refuses to: exit codes and plain sentences on standard error, never a traceback."""

from __future__ import annotations

import asyncio
import re
import socket
import sqlite3
import sys
from typing import TYPE_CHECKING

import pytest

from sandbox.discord import DiscordSandbox
from sandbox.process.bot import ROOT
from tests.crash.surroundings import TRUSTS_NOBODY
from tests.process.studio import open_studio

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.timeout(60)

SECRETS = {"DISCORD_TOKEN": "MTA5.not-a-token.just-a-test", "COMETAPI_KEY": "sk-not-a-key-just-a-test"}


async def run(folder: Path, settings: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Run the bot until it ends, and return its exit code and all that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), **TRUSTS_NOBODY, **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode is not None
    said_text = said.decode()
    assert "Traceback" not in said_text
    for secret in SECRETS.values():
        assert secret not in said_text
    return process.returncode, said_text


async def test_a_second_instance_on_the_same_database_leaves_and_names_the_first(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        code, said = await run(tmp_path, studio.scenario.settings())
        assert code == 75
        assert f"pid {studio.scenario.bot.pid}, since 20" in said
        assert "easel.db is in use by another instance" in said
        assert "DATABASE_URL" in said
        for secret in (studio.discord.token, studio.comet.key):
            assert secret not in said
        await studio.made("a fox")  # the first goes on undisturbed


async def test_missing_and_malformed_settings_are_all_named_at_once_with_what_to_do(tmp_path: Path) -> None:
    wrong = {
        "COMETAPI_KEY": SECRETS["COMETAPI_KEY"],
        "POLL_INTERVAL_SECONDS": "often",
        "SUBMIT_CONCURRENCY": "0",
        "DEFAULT_SPEED": "warp",
        "LOG_LEVEL": "LOUD",
        "DATABASE_URL": "postgres://somewhere/else",
    }
    code, said = await run(tmp_path, wrong)
    assert code == 78
    lines = said.splitlines()
    named = {line.split()[0] for line in lines[1:]}
    assert named == {"DISCORD_TOKEN", *wrong} - {"COMETAPI_KEY"}
    assert "(6 to mend)" in lines[0]
    assert len(lines) == 7
    assert "DISCORD_TOKEN is missing. Create a bot token" in said


async def test_a_key_in_the_place_of_the_token_is_noticed_and_not_repeated(tmp_path: Path) -> None:
    swapped = {"DISCORD_TOKEN": SECRETS["COMETAPI_KEY"], "COMETAPI_KEY": "two words"}
    code, said = await run(tmp_path, swapped)
    assert code == 78
    assert "DISCORD_TOKEN holds what looks like an API key" in said
    assert re.search(r"COMETAPI_KEY contains blanks", said)
    assert "two words" not in said


async def test_a_token_that_discord_refuses_ends_in_a_plain_sentence(tmp_path: Path) -> None:
    async with DiscordSandbox() as discord:
        settings = {**SECRETS, "DISCORD_API_URL": discord.api_url, "DATABASE_URL": f"sqlite:///{tmp_path}/easel.db"}
        code, said = await run(tmp_path, settings)
    assert code == 78
    assert "DISCORD_TOKEN was refused by Discord" in said
    assert "Developer Portal" in said


async def test_a_port_that_is_taken_ends_in_a_plain_sentence(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = f"127.0.0.1:{holder.getsockname()[1]}"
        settings = {**SECRETS, "HTTP_LISTEN": taken, "DATABASE_URL": f"sqlite:///{tmp_path}/easel.db"}
        code, said = await run(tmp_path, settings)
    assert code == 78
    assert "Easel cannot listen at HTTP_LISTEN: another program listens there." in said


async def test_a_command_that_does_not_exist_shows_how_to_use_it(tmp_path: Path) -> None:
    ends = await asyncio.gather(*(run(tmp_path, SECRETS, *words) for words in (["dance"], ["run", "fast"])))
    assert [(code, said.split(":")[0]) for code, said in ends] == [(64, "usage")] * 2


async def test_a_database_of_a_newer_program_is_not_touched_and_the_way_out_is_named(tmp_path: Path) -> None:
    path = tmp_path / "easel.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id = 0x4541534C")
    connection.execute("PRAGMA user_version = 99")
    connection.execute("CREATE TABLE from_the_future (id INTEGER)")
    connection.close()
    before = path.read_bytes()
    code, said = await run(tmp_path, {**SECRETS, "DATABASE_URL": f"sqlite:///{path}"})
    assert code == 78
    assert "The database is version 99" in said
    assert "Install the newer Easel again, or restore a backup" in said
    assert path.read_bytes() == before


async def test_a_file_that_is_no_database_ends_in_an_explanation(tmp_path: Path) -> None:
    (tmp_path / "easel.db").write_text("Dear diary, this is no database. " * 200)
    code, said = await run(tmp_path, {**SECRETS, "DATABASE_URL": f"sqlite:///{tmp_path}/easel.db"})
    assert code == 74
    assert "file is not a database" in said
    assert "restore a backup" in said
