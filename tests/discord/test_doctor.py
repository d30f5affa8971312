"""`python -m bot doctor`: each thing that can be wrong is told once, with what to do, and no secret is."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from bot.config import ExitCode, Settings
from bot.jobs.clock import SystemClock
from bot.owner.doctor.at_discord import about_application, about_servers
from bot.owner.doctor.command import examine, look
from bot.owner.doctor.notes import Mark
from sandbox.comet import CometOptions, CometSandbox
from sandbox.discord import DiscordFault
from storage.backups.writing import backup_folder, backup_name
from storage.database import Database
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.jobs.ports import Clock
    from sandbox.discord import DiscordSandbox

KEY: Final = "sk-sandbox-key"
APPLICATION: Final[dict[str, Any]] = {"flags": 0, "integration_types_config": {"0": {}, "1": {}}}


@pytest.fixture
async def comet() -> AsyncIterator[CometSandbox]:
    async with CometSandbox(CometOptions(key=KEY)) as sandbox:
        yield sandbox


@pytest.fixture
async def place(tmp_path: Path) -> Path:
    """A database that has been used."""
    path = tmp_path / "data" / "easel.db"
    async with await Database.open(path):
        pass
    return path


@pytest.fixture
def environment(world: DiscordSandbox, comet: CometSandbox, place: Path) -> dict[str, str]:
    """The settings of a bot that lacks nothing."""
    return {
        "DISCORD_TOKEN": world.token,
        "DISCORD_API_URL": world.api_url,
        "COMETAPI_KEY": KEY,
        "COMETAPI_BASE_URL": comet.url,
        "DATABASE_URL": f"sqlite:///{place}",
        "PICTURES_LIMIT_GB": "0",
    }


def nearly_full(_: Path) -> SimpleNamespace:
    """Stand in for `shutil.disk_usage`."""
    return SimpleNamespace(free=1_000_000)


def allow(path: Path, mode: int) -> None:
    path.chmod(mode)


def damage(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))


def remove(path: Path) -> None:
    path.unlink()


async def lines(environment: dict[str, str], mark: Mark | None = None, clock: Clock | None = None) -> list[str]:
    """Return what the doctor says; of one kind, if one is named."""
    found = [note async for note in examine(Settings.load(None, environment, anyhow=True), clock or SystemClock())]
    return [str(note) for note in found if mark in {None, note.mark}]


async def test_where_all_is_well_nothing_is_to_be_mended_and_no_secret_is_told(
    environment: dict[str, str], world: DiscordSandbox
) -> None:
    said = await lines(environment)
    assert [line for line in said if line.startswith(Mark.ILL)] == []
    for about in ("Settings", "Python", "Data folder", "Disk", "Database", "API key", "Token", "Servers", "Clock"):
        assert any(line.startswith(f"{Mark.WELL} {about}: ") for line in said), about
    assert not any(secret in line for line in said for secret in (world.token, KEY))
    servers = 2
    assert sum(world.counters.requests.values()) <= 5 + 3 * servers, "REST alone, and little of it"


async def test_the_exit_code_tells_whether_something_is_to_be_mended(
    environment: dict[str, str], world: DiscordSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.load(None, environment)
    assert await look(settings) is ExitCode.OK
    world.faults.set(DiscordFault.UNAUTHORIZED, times=None)
    assert await look(settings) is ExitCode.CONFIGURATION
    assert "1 to mend" in capsys.readouterr().out


async def test_where_settings_are_wrong_all_that_needs_none_of_them_is_looked_at(
    environment: dict[str, str], world: DiscordSandbox
) -> None:
    said = await lines({**environment, "DISCORD_TOKEN": "", "BACKUP_HOURS": "often", "COMETAPI_KEY": "two words"})
    ill = [line for line in said if line.startswith(Mark.ILL)]
    assert [line.split(" ")[2] for line in ill] == ["DISCORD_TOKEN", "COMETAPI_KEY", "BACKUP_HOURS"]
    assert {
        "· API key: not looked at, for want of COMETAPI_KEY.",
        "· Discord: not looked at, for want of DISCORD_TOKEN.",
    } < set(said)
    for about in ("Python", "Data folder", "Disk", "Database"):
        assert any(line.startswith(f"{Mark.WELL} {about}: ") for line in said), about
    assert sum(world.counters.requests.values()) == 0
    assert not any("two words" in line or "often" in line for line in said)

    said = await lines({**environment, "DATABASE_URL": "postgres://", "HTTP_LISTEN": "here"})
    assert sum("not looked at, for want of DATABASE_URL" in line for line in said) == 2
    assert any(line.startswith(f"{Mark.WELL} Token: ") for line in said)


async def test_a_refused_token_and_a_refused_key(environment: dict[str, str], comet: CometSandbox) -> None:
    said = await lines({**environment, "DISCORD_TOKEN": "a.wrong.token", "COMETAPI_KEY": "sk-wrong"}, Mark.ILL)
    assert [line.split(".")[0] for line in said] == [
        f"✗ API key: {comet.url} refuses it".split(".")[0],
        "✗ Token: Discord refuses it",
    ]
    assert "Developer Portal" in said[1]
    assert len(comet.ledger) == 0


async def test_services_that_are_not_there(environment: dict[str, str], comet: CometSandbox) -> None:
    nobody = "http://127.0.0.1:9"
    said = await lines({**environment, "DISCORD_API_URL": f"{nobody}/api/v10", "COMETAPI_BASE_URL": nobody}, Mark.ILL)
    assert [line.split(": ")[0] for line in said] == ["✗ API key", "✗ Discord"]
    [api] = await lines({**environment, "COMETAPI_BASE_URL": f"{comet.url}/nowhere"}, Mark.ILL)
    assert "web page or a redirect" in api


async def test_a_clock_that_is_wrong(environment: dict[str, str]) -> None:
    [line] = [line for line in await lines(environment, clock=FakeClock()) if "Clock" in line]
    assert line.startswith("✗ Clock: this machine is ")
    assert "NTP" in line


async def test_what_is_wrong_with_the_data_folder(
    environment: dict[str, str], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(place, 0o644)
    assert f"✗ Data folder: others can read {place}. Run: chmod 600 {place}" in await lines(environment, Mark.ILL)
    allow(place.parent, 0o755)
    [line] = await lines(environment, Mark.ILL)
    assert line.endswith(f"Run: chmod 700 {place.parent}")
    allow(place.parent, 0o700)
    allow(place, 0o600)
    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    [line] = await lines(environment, Mark.ILL)
    assert line == "✗ Disk: 1.0 MB are free; with less than 209.7 MB no new jobs are taken. Free some space."


async def test_a_database_that_is_damaged_or_in_use_or_not_there_yet(environment: dict[str, str], place: Path) -> None:
    async with await Database.open(place):
        assert any("it is running (pid" in line for line in await lines(environment, Mark.NOTE))
    damage(place)
    [line] = await lines(environment, Mark.ILL)
    assert line.startswith("✗ Database: ")
    assert "bot restore" in line
    remove(place)
    assert any("makes it at its first start" in line for line in await lines(environment, Mark.NOTE))


async def test_backups_that_have_stopped(environment: dict[str, str], place: Path) -> None:
    backup_folder(place).mkdir()
    (backup_folder(place) / backup_name(datetime.now(UTC) - timedelta(hours=9))).touch()
    assert await lines(environment, Mark.ILL) == [], "while Easel does not run, nobody makes any"
    async with await Database.open(place):
        [line] = await lines(environment, Mark.ILL)
    assert line.startswith("✗ Backups: the last is of ")


async def test_an_endpoint_that_nobody_answers_at(environment: dict[str, str], place: Path) -> None:
    with_http = {**environment, "HTTP_LISTEN": "127.0.0.1:9", "PUBLIC_URL": "http://localhost:9"}
    assert await lines(with_http, Mark.ILL) == []
    async with await Database.open(place):
        said = await lines(with_http, Mark.ILL)
    assert [line.split(": ")[0] for line in said] == ["✗ HTTP_LISTEN", "✗ PUBLIC_URL"]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"interactions_endpoint_url": "https://a.b/c"}, "go to a web address"),
        ({"bot_require_code_grant": True}, "nobody can add it"),
        ({"integration_types_config": {"1": {}}}, "cannot be added to servers"),
    ],
)
def test_what_is_wrong_with_the_application(changes: dict[str, Any], text: str) -> None:
    found = [note for note in about_application(APPLICATION | changes) if note.mark is Mark.ILL]
    assert len(found) == 1
    assert text in found[0].text
    assert found[0].fix


def test_privileged_intents_are_not_needed_and_said_to_be_on() -> None:
    assert [note.mark for note in about_application(APPLICATION)] == [Mark.WELL, Mark.WELL]
    assert Mark.NOTE in {note.mark for note in about_application(APPLICATION | {"flags": 1 << 19})}


def test_servers_in_which_something_is_not_allowed_are_named_harmlessly() -> None:
    allowed = {"id": "1", "name": "fine", "permissions": str(0x8)}
    server = {"id": "2", "name": "no\x1b[2Jfiles\n✓ Token: fake", "permissions": str(1 << 10 | 1 << 11 | 1 << 14)}
    [note] = about_servers([allowed, server])
    assert note.mark is Mark.ILL
    assert "attach files" in note.text
    assert "send messages," not in note.text
    assert str(note).isprintable()
    many = [server | {"name": str(number)} for number in range(15)]
    assert len(list(about_servers(many))) == 11
    assert [note.mark for note in about_servers([])] == [Mark.NOTE]


async def test_channels_that_their_server_closes_to_the_bot_are_named(
    environment: dict[str, str], world: DiscordSandbox
) -> None:
    world.deny(world.world.general, "VIEW_CHANNEL")
    world.deny(world.world.gallery, "ATTACH_FILES")
    said = await lines(environment)
    [line] = [line for line in said if "Channels: " in line]
    assert line.startswith(f"{Mark.NOTE} Channels: in “Northlight Studio” it may do less than elsewhere in ")
    for channel in ("#general (view channel)", "#gallery (attach files)", "#announcements (send messages)"):
        assert channel in line
    assert "lobby" not in line


async def test_channels_that_cannot_be_looked_at_are_said_to_be_so(
    environment: dict[str, str], world: DiscordSandbox
) -> None:
    world.faults.set(DiscordFault.UNAUTHORIZED, "GET /guilds/{guild_id}/channels", times=None)
    said = await lines(environment)
    assert sum("cannot be looked at" in line for line in said) == 2
    assert [line for line in said if line.startswith(Mark.ILL)] == []


async def test_missing_permissions_are_seen_in_what_discord_says(
    environment: dict[str, str], world: DiscordSandbox
) -> None:
    world.remove_bot(world.world.general.guild)  # pyright: ignore[reportArgumentType] - #general is in a server
    assert any("Servers: " in line for line in await lines(environment))
