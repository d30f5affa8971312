"""The folder of a kept sandbox: who may use it, what happens when something in it is gone, damaged or too new."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
from typing import TYPE_CHECKING

import pytest

from sandbox.comet import CometSandbox
from sandbox.discord import DiscordSandbox
from sandbox.keeping import Keeping, KeptFolder
from sandbox.keptfile import KeepingFailed, Snapshot, write_whole
from sandbox.scenario import Scenario, ScenarioOptions
from tests.sandbox.kept_ground import api_file, content, discord_file, kept

if TYPE_CHECKING:
    from pathlib import Path


async def refused(folder: Path) -> str:
    """Try to start on a folder, and return why it does not."""
    with pytest.raises(KeepingFailed) as caught:
        async with kept(folder):
            pass
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


async def used(folder: Path) -> None:
    """Leave a folder as a sandbox leaves it, with one message that has a file, and one task."""
    async with kept(folder) as ground:
        await ground.rest.send({"content": "hello"}, {"a.txt": b"a file"})
        await ground.api.done("a fox")


async def saved(folder: Path, text: str) -> None:
    """Wait until a text is in Discord's file; another process, or the saving task, writes it."""
    async with asyncio.timeout(5):
        while text not in discord_file(folder).read_text():  # noqa: ASYNC110 - a file has no event to wait for
            await asyncio.sleep(0.05)


async def test_what_happens_is_saved_without_waiting_for_the_end(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        await ground.rest.send({"content": "hello"})
        await saved(tmp_path, "hello")
        assert json.loads(discord_file(tmp_path).read_text())["ended"] is False
    assert json.loads(discord_file(tmp_path).read_text())["ended"] is True


async def test_nothing_is_written_while_nothing_happens(tmp_path: Path) -> None:
    comet, discord = CometSandbox(), DiscordSandbox()
    with KeptFolder(tmp_path) as folder:
        async with Keeping(folder, comet, discord) as keeping:
            before = [path.stat().st_mtime_ns for path in (api_file(tmp_path), discord_file(tmp_path))]
            await keeping.save()
            assert [path.stat().st_mtime_ns for path in (api_file(tmp_path), discord_file(tmp_path))] == before


async def test_only_one_sandbox_uses_a_folder_at_a_time(tmp_path: Path) -> None:
    async with kept(tmp_path):
        assert f"Another sandbox uses {tmp_path}" in await refused(tmp_path)
    async with kept(tmp_path):
        pass


async def test_the_ports_stay_the_same_unless_somebody_took_them(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        before = ground.discord.url, ground.comet.url
        port = int(before[0].rsplit(":", 1)[1])
    async with kept(tmp_path) as ground:
        assert (ground.discord.url, ground.comet.url) == before
    with socket.create_server(("127.0.0.1", port)):
        async with kept(tmp_path) as ground:
            assert ground.discord.url != before[0]
            assert ground.comet.url == before[1]


async def test_the_bots_data_lie_in_the_folder_too_and_only_the_owner_can_read_anything(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    async with Scenario(ScenarioOptions(keep=folder)) as scenario:
        assert scenario.folder == folder / "bot"
    await used(folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"sandbox.json", "discord.json", "api.json", "lock"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@pytest.mark.parametrize("name", ["sandbox.json", "discord/discord.json", "api/api.json"])
async def test_a_damaged_file_is_named_and_nothing_begins_anew(tmp_path: Path, name: str) -> None:
    await used(tmp_path)
    path = tmp_path / name
    whole = path.read_bytes()
    for damage in (whole[: len(whole) // 2], b"", b"{}", b"\xff" + whole, whole.replace(b'"head"', b'"haed"')):
        path.write_bytes(damage)
        text = await refused(tmp_path)
        assert f"{path} is damaged" in text
        assert "move the whole folder away" in text
        assert path.read_bytes() == damage
    path.write_bytes(whole)
    async with kept(tmp_path) as ground:
        assert len(ground.comet.tasks) == 1


@pytest.mark.parametrize("name", ["discord/discord.json", "api/api.json"])
async def test_a_file_that_is_gone_is_named_and_nothing_begins_anew(tmp_path: Path, name: str) -> None:
    await used(tmp_path)
    (tmp_path / name).unlink()
    assert f"{tmp_path / name} cannot be read (No such file or directory)" in await refused(tmp_path)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["sandbox.json", "discord/discord.json", "api/api.json"])
async def test_a_file_of_another_version_is_named(tmp_path: Path, name: str) -> None:
    await used(tmp_path)
    path = tmp_path / name
    version = int(content(path)["version"])
    path.write_text(path.read_text().replace(f'"version": {version}', f'"version": {version + 1}'))
    words = f"{path} was kept by another version of the sandbox (format {version + 1}, not {version})"
    assert words in await refused(tmp_path)


async def test_an_attachment_that_is_gone_or_changed_is_named(tmp_path: Path) -> None:
    await used(tmp_path)
    (blob,) = (tmp_path / "discord" / "attachments").iterdir()
    blob.write_bytes(b"something else")
    assert f"{blob} is damaged" in await refused(tmp_path)
    blob.unlink()
    assert f"{blob} is missing" in await refused(tmp_path)


async def test_a_time_that_never_began_is_damage(tmp_path: Path) -> None:
    await used(tmp_path)
    whole = json.loads(api_file(tmp_path).read_text())
    whole["head"]["course"]["turns"] = []
    api_file(tmp_path).write_text(json.dumps(whole))
    assert f"{api_file(tmp_path)} is damaged" in await refused(tmp_path)


@pytest.mark.parametrize("port", [-1, 70_000])
async def test_what_is_no_port_is_as_good_as_none(tmp_path: Path, port: int) -> None:
    await used(tmp_path)
    path = tmp_path / "sandbox.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"head": {"discord": port, "api": port}}))
    async with kept(tmp_path) as ground:
        assert len(ground.comet.tasks) == 1


async def test_a_message_in_a_channel_that_does_not_exist_is_damage(tmp_path: Path) -> None:
    await used(tmp_path)
    path = discord_file(tmp_path)
    whole = content(path)
    channel = whole["messages"][0]["channel_id"]
    path.write_text(path.read_text().replace(f'"channel_id":{channel},"author_id"', '"channel_id":5,"author_id"'))
    assert "it names 5, which does not exist" in await refused(tmp_path)


async def test_a_bots_data_without_the_servers_they_belong_to_are_refused(tmp_path: Path) -> None:
    (tmp_path / "easel.db").touch()
    assert "holds the data of a bot" in await refused(tmp_path)
    (tmp_path / "easel.db").unlink()
    await used(tmp_path)
    (tmp_path / "bot" / "easel.db").touch()
    (tmp_path / "sandbox.json").unlink()
    assert "holds the data of a bot, but not sandbox.json" in await refused(tmp_path)


async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be used" in await refused(tmp_path / "file" / "kept")


async def test_what_a_cut_off_save_left_behind_is_cleaned_up(tmp_path: Path) -> None:
    await used(tmp_path)
    attachments = tmp_path / "discord" / "attachments"
    (attachments / f"{'0' * 64}.new").write_bytes(b"half")
    (attachments / ("1" * 64)).write_bytes(b"of a message that was never saved")
    (attachments / "notes.txt").write_bytes(b"somebody's own")
    (tmp_path / "discord" / "discord.json.new").write_bytes(b'{"version": 1')
    await used(tmp_path)
    names = {path.name for path in attachments.iterdir()}
    assert "notes.txt" in names
    assert len(names) == 2
    assert not (tmp_path / "discord" / "discord.json.new").exists()


async def test_a_save_that_fails_is_said_once_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    comet, discord = CometSandbox(), DiscordSandbox()
    away = tmp_path / "away"
    with KeptFolder(tmp_path / "kept") as folder:
        async with Keeping(folder, comet, discord):
            (folder.path / "discord").rename(away)
            await discord.person("Mateo").say(discord.world.general, "while nothing can be written")
            async with asyncio.timeout(5):
                while "cannot be kept" not in caplog.text:  # noqa: ASYNC110 - the log has no event to wait for
                    await asyncio.sleep(0.05)
            away.rename(folder.path / "discord")
    assert caplog.text.count("cannot be kept") == 1
    assert content(discord_file(tmp_path / "kept"))["messages"][0]["content"] == "while nothing can be written"


async def test_a_fault_while_saving_is_said_and_does_not_end_the_saving(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    comet, discord = CometSandbox(), DiscordSandbox()
    with KeptFolder(tmp_path) as folder:
        async with Keeping(folder, comet, discord):
            message = await discord.person("Mateo").say(discord.world.general, "x")
            message.interaction = {"not JSON": object()}
            async with asyncio.timeout(5):
                while "cannot be kept" not in caplog.text:  # noqa: ASYNC110 - the log has no event to wait for
                    await asyncio.sleep(0.05)
            message.interaction = None
            await saved(tmp_path, f'"id":{message.id},')


async def test_a_last_save_that_fails_is_an_error(tmp_path: Path) -> None:
    comet, discord = CometSandbox(), DiscordSandbox()
    with KeptFolder(tmp_path) as folder, pytest.raises(KeepingFailed, match="cannot be kept"):
        async with Keeping(folder, comet, discord):
            (tmp_path / "api").rename(tmp_path / "away")


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, [b"old"])

    def parts() -> list[bytes]:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_whole(path, (part for part in parts()))
    assert path.read_bytes() == b"old"
    write_whole(path, [b"ne", b"w"])
    assert path.read_bytes() == b"new"


def test_snapshots_are_equal_when_their_records_are() -> None:
    assert Snapshot(b"{}", {"messages": [b"1"]}) == Snapshot(b"{}", {"messages": [b"1"]})
    assert Snapshot(b"{}", {"messages": [b"1"]}) != Snapshot(b"{}", {"messages": [b"2"]})
