"""A sandbox Discord that is started again on its folder: all that the real one would still know is there."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.discord import Answer, Call, DiscordOptions, DiscordSandbox, Message, Modal, Upload
from sandbox.discord.cdn import Attachment
from sandbox.discord.commands import CommandPlace
from sandbox.discord.keeping import LOST_IDS
from sandbox.discord.kept import KeptAnswer, KeptCall, KeptCommands, KeptFile, KeptMessage, KeptModal
from sandbox.discord.options import MIB
from sandbox.keptfile import write
from tests.sandbox.discord_ground import button, row
from tests.sandbox.kept_ground import content, discord_file, kept

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.discord.keeping import DiscordKeeper
    from tests.sandbox.kept_ground import Ground

Json = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n one"
EPHEMERAL = 64


async def answered(ground: Ground, **data: object) -> Call:
    """Let Mateo run a command, and answer it."""
    call = await ground.rest.slash()
    assert (await ground.rest.respond(call, {"type": 4, "data": data})).status == 200
    return call


def found(ground: Ground, message: Message) -> Message:
    """Return the message with this id as this sandbox knows it."""
    known = ground.discord.message(message.id)
    assert known is not None
    assert known is not message
    return known


async def test_nothing_that_is_kept_changes_by_a_restart(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        discord, world = ground.discord, ground.discord.world
        await answered(ground, content="for you", flags=EPHEMERAL)
        posted = await ground.rest.send({"content": f"hello {world.member.mention}", "nonce": 7, "enforce_nonce": True})
        await ground.rest.send({"embeds": [{"title": "a fox"}], "components": [row(button())]}, {"a.txt": b"file"})
        message = discord.message(int(posted.body["id"]))
        assert message is not None
        await ground.rest.patch(f"/channels/{world.general.id}/messages/{message.id}", {"content": "changed"})
        await ground.rest.call("PUT", f"/channels/{world.general.id}/messages/{message.id}/reactions/%F0%9F%A6%8A/@me")
        await discord.person(world.owner).say(world.general, "a reply", reply_to=message)
        discord.delete_message(await discord.person(world.member).say(world.general, "gone"))
        await ground.rest.post("/users/@me/channels", {"recipient_id": str(world.guest.id)})
    before = content(discord_file(tmp_path))
    assert len(before["messages"]) == 5
    async with kept(tmp_path) as ground:
        shown = [ground.discord.message_json(m) for m in ground.discord.messages(ground.discord.world.general)]
        assert [entry["content"] for entry in shown] == ["for you", "changed", "", "a reply"]
        assert shown[3]["referenced_message"]["content"] == "changed"
        assert shown[1]["reactions"][0]["emoji"]["name"] == "🦊"
    assert content(discord_file(tmp_path)) == before


async def test_deleted_messages_still_count_and_their_files_stay_gone(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        general = ground.discord.world.general
        message = await ground.discord.person("Hanna Lind").say(general, "x", files=[Upload("x.txt", b"secret")])
        address = message.attachments[0].url
        ground.discord.delete_message(message)
    async with kept(tmp_path) as ground:
        (again,) = ground.discord.messages(ground.discord.world.general, deleted=True)
        assert (again.deleted, again.attachments[0].data) == (True, b"secret")
        assert (await ground.api.picture(address))[0] == 404


async def test_old_signed_addresses_go_on_working_on_the_same_port(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        general = ground.discord.world.general
        files = [Upload("one.png", PNG), Upload("same.png", PNG)]
        message = await ground.discord.person("Hanna Lind").say(general, files=files)
        address = message.attachments[0].url
    blobs = list((tmp_path / "discord" / "attachments").iterdir())
    assert [path.read_bytes() for path in blobs] == [PNG]
    written = blobs[0].stat().st_mtime_ns
    async with kept(tmp_path) as ground:
        assert await ground.api.picture(address) == (200, "image/png", PNG)
        assert [item.filename for item in found(ground, message).attachments] == ["one.png", "same.png"]
    assert blobs[0].stat().st_mtime_ns == written


async def test_the_bot_can_still_edit_its_answer_by_token_until_the_token_expires(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        call = await answered(ground, content="thinking")
        followed = await ground.rest.post(ground.rest.hook(call), {"content": "more"})
    async with kept(tmp_path) as ground:
        hook = ground.rest.hook(call)
        edited = await ground.rest.patch(f"{hook}/messages/@original", {"content": "done"})
        assert (edited.status, edited.body["content"]) == (200, "done")
        assert (await ground.rest.patch(f"{hook}/messages/{followed.body['id']}", {"content": "too"})).status == 200
        third = await ground.rest.post(hook, {"content": "third"})
        assert third.body["interaction_metadata"]["name"] == "ping"
        assert (await ground.rest.respond(call, {"type": 4, "data": {"content": "again"}})).refusal == (400, 40060)
        ground.discord.advance(901)
    async with kept(tmp_path) as ground:
        late = await ground.rest.patch(f"{ground.rest.hook(call)}/messages/@original", {"content": "late"})
        assert late.refusal == (401, 50027)
        assert ground.discord.calls == []


async def test_an_interaction_without_its_first_answer_is_gone(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        call = await ground.rest.slash()
    async with kept(tmp_path) as ground:
        assert (await ground.rest.respond(call, {"type": 5})).refusal == (404, 10062)
        assert ground.discord.calls == []


async def test_a_modal_that_is_open_can_still_be_sent(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        call = await ground.rest.slash()
        line: Json = {"type": 4, "custom_id": "name", "label": "Name", "style": 1}
        data: Json = {"title": "A form", "custom_id": "form", "components": [row(line)]}
        assert (await ground.rest.respond(call, {"type": 9, "data": data})).status == 200
    async with kept(tmp_path) as ground:
        (again,) = ground.discord.calls
        assert again.first is not None
        assert again.first.modal is not None
        sent = await ground.discord.person("Mateo").submit_modal(again.first.modal, {"name": "Ada"})
        assert sent.payload["data"]["components"][0]["components"][0]["value"] == "Ada"


async def test_people_guilds_and_channels_stay_as_they_were_changed(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        discord, world = ground.discord, ground.discord.world
        discord.deny(world.general, "ATTACH_FILES")
        discord.archive(world.thread, locked=True)
        discord.delete_channel(world.nsfw)
        discord.close_dms(world.guest)
        discord.remove_bot(world.other_guild)
        discord.add_bot(world.far_guild)
        discord.install_for(world.guest)
        discord.speak("ja")
        await discord.person(world.member).say(world.private, "between us")
        await ground.rest.register({"name": "ping"}, {"name": "pong"})
        commands = discord.commands
    async with kept(tmp_path) as ground:
        discord, world = ground.discord, ground.discord.world
        assert (await ground.rest.send({"content": "x"}, {"x.txt": b"x"})).refusal == (403, 50013)
        thread = f"/channels/{world.thread.id}/messages"
        assert (await ground.rest.post(thread, {"content": "x"})).refusal == (400, 50083)
        assert (await ground.rest.get(f"/channels/{world.nsfw.id}")).refusal == (404, 10003)
        dm = await ground.rest.post("/users/@me/channels", {"recipient_id": str(world.guest.id)})
        refused = await ground.rest.post(f"/channels/{dm.body['id']}/messages", {"content": "x"})
        assert refused.refusal == (403, 50007)
        assert not world.bot_in(world.other_guild)
        assert (await ground.rest.get(f"/channels/{world.far_channel.id}")).status == 200
        assert (world.guest.has_app, world.guest.locale, world.far_guild.locale) == (True, "ja", "ja")
        assert [message.content for message in discord.messages(world.private)] == ["between us"]
        assert discord.commands == commands
        discord.add_bot(world.other_guild)
    async with kept(tmp_path) as ground:
        assert ground.discord.world.bot_in(ground.discord.world.other_guild)


async def test_a_repeated_nonce_is_known_after_a_restart(tmp_path: Path) -> None:
    payload = {"content": "once", "nonce": "n1", "enforce_nonce": True}
    async with kept(tmp_path) as ground:
        first = await ground.rest.send(payload)
    async with kept(tmp_path) as ground:
        assert (await ground.rest.send(payload)).body["id"] == first.body["id"]


@pytest.mark.parametrize("backwards", [0.0, 3600.0])
async def test_no_id_is_given_twice_even_if_the_clock_went_back(tmp_path: Path, backwards: float) -> None:
    now = 1_800_000_000.0
    async with kept(tmp_path, discord=DiscordOptions(clock=lambda: now)) as ground:
        old = [int((await ground.rest.send({"content": "x"})).body["id"]) for _ in range(3)]
    async with kept(tmp_path, discord=DiscordOptions(clock=lambda: now - backwards)) as ground:
        assert int((await ground.rest.send({"content": "x"})).body["id"]) > max(old)


async def test_after_a_kill_ids_that_were_given_unsaved_are_not_given_again(tmp_path: Path) -> None:
    now = 1_800_000_000.0
    async with kept(tmp_path, discord=DiscordOptions(clock=lambda: now)) as ground:
        last = int((await ground.rest.send({"content": "x"})).body["id"])
    path = discord_file(tmp_path)
    path.write_text(path.read_text().replace('"ended": true', '"ended": false'))
    async with kept(tmp_path, discord=DiscordOptions(clock=lambda: now)) as ground:
        assert int((await ground.rest.send({"content": "x"})).body["id"]) > last + LOST_IDS


async def test_time_that_was_moved_ahead_stays_ahead(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        ground.discord.advance(7200)
        message = await ground.discord.person("Mateo").say(ground.discord.world.general, "later")
    async with kept(tmp_path) as ground:
        after = await ground.discord.person("Mateo").say(ground.discord.world.general, "after")
        assert after.created_at > message.created_at


async def test_half_a_character_does_not_stop_the_saving(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        await ground.discord.person("Mateo").say(ground.discord.world.general, "half \ud83e of a fox")
    async with kept(tmp_path) as ground:
        (message,) = ground.discord.messages(ground.discord.world.general)
        assert message.content == "half ? of a fox"


@pytest.mark.parametrize(
    ("living", "record", "otherwise"),
    [
        (Message, KeptMessage, {"channel": "channel_id", "author": "author_id"}),
        (Attachment, KeptFile, {"data": "sha256", "cdn": None}),
        (Modal, KeptModal, {"call": None}),
        (Answer, KeptAnswer, {"message": "message_id", "choices": None}),
        (
            Call,
            KeptCall,
            {"user": "user_id", "channel": "channel_id", "source": "source_id", "original": "original_id"}
            | {"followups": "followup_ids", "changes": None, "failed": None, "timer": None},
        ),
        (CommandPlace, KeptCommands, {}),
    ],
)
def test_every_field_is_kept_or_known_to_be_something_else(
    living: type, record: type, otherwise: dict[str, str | None]
) -> None:
    expected = {otherwise.get(field.name, field.name) for field in fields(living)} - {None}
    assert {field.name for field in fields(record)} == expected


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.text(min_size=1, max_size=40), st.binary(max_size=20)),
        st.tuples(st.just("edit"), st.text(min_size=1, max_size=40), st.integers(0, 9)),
        st.tuples(st.just("delete"), st.just(""), st.integers(0, 9)),
        st.tuples(st.just("react"), st.just(""), st.integers(0, 9)),
        st.tuples(st.just("save"), st.just(""), st.just(0)),
    ),
    max_size=14,
)


async def act(discord: DiscordSandbox, kind: str, text: str, what: bytes | int) -> None:
    """Do one of the things that people do to messages."""
    world = discord.world
    if isinstance(what, bytes):
        await discord.person(world.owner).say(world.general, text, files=[Upload("f.bin", what)] if what else [])
        return
    there = discord.messages(world.general)
    if not there:
        return
    message = there[what % len(there)]
    if kind == "edit":
        message.content, message.edited_count = text, message.edited_count + 1
    elif kind == "delete":
        discord.delete_message(message)
    elif kind == "react":
        message.reactions.setdefault("🦊", set()).symmetric_difference_update({world.bot.id})


@given(actions=ACTIONS)
@settings(max_examples=25)
async def test_whatever_happens_what_is_saved_step_by_step_is_what_there_is(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, str, bytes | int]]
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    discord = DiscordSandbox(DiscordOptions(attachment_size_limit=MIB))
    keeper = discord.keeper(folder)
    await keeper.prepare()
    for kind, text, what in actions:
        await act(discord, kind, text, what)
        if kind == "save":
            await keeper.prepare()
            keeper.snapshot()
    await keeper.prepare()
    snapshot = keeper.snapshot()
    assert snapshot == keeper.snapshot(anew=True)
    write(keeper.path, keeper.version, snapshot, ended=True)
    again = DiscordSandbox(DiscordOptions(attachment_size_limit=MIB))
    loaded: DiscordKeeper = again.keeper(folder)
    loaded.load()
    assert loaded.snapshot() == snapshot
