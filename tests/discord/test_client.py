"""The connection itself: what is asked for, what is registered and when, what an unknown command is told."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, cast

import pytest
from discord import app_commands

from bot.client import INTENTS, PERMISSIONS
from bot.command_sync import CommandSync, canonical
from bot.language import Language
from catalogues.entries import Entry
from cogs.translating import CHOICE, MENU, NAME
from sandbox.discord import DiscordFault
from tests.discord.conftest import Bot
from tests.wording import translated

if TYPE_CHECKING:
    from pathlib import Path

    import discord

    from sandbox.discord import DiscordSandbox

BULK = "PUT /applications/{application_id}/commands"


def bulk_writes(world: DiscordSandbox) -> int:
    return sum(count for route, count in world.counters.requests.items() if route.startswith("PUT /applications"))


async def synced(bot: Bot) -> None:
    """Wait until the background task has finished."""
    assert bot.client.command_sync is not None
    await bot.client.command_sync


def names(bot: Bot) -> set[str]:
    """Return the names of all commands that this bot has; more than a few, and each once."""
    names = [command.name for command in bot.client.tree.get_commands()]
    assert {"imagine", "history", "show", "settings"} <= set(names)
    assert len(set(names)) == len(names)
    return set(names)


def test_only_what_is_needed_is_asked_for() -> None:
    assert [name for name, wanted in INTENTS if wanted] == ["guilds", "guild_reactions", "dm_reactions"]
    assert sorted(name for name, wanted in PERMISSIONS if wanted) == [
        "attach_files",
        "embed_links",
        "read_message_history",
        "read_messages",  # discord.py's name for View Channel
        "send_messages",
        "send_messages_in_threads",
    ]


async def test_commands_are_registered_once_and_not_again_after_a_restart(bot: Bot, world: DiscordSandbox) -> None:
    await synced(bot)
    assert bulk_writes(world) == 1
    await bot.restart()
    await synced(bot)
    assert bulk_writes(world) == 1


async def test_commands_that_discord_lost_are_registered_again(bot: Bot, world: DiscordSandbox) -> None:
    await synced(bot)
    await bot.client.http.bulk_upsert_global_commands(world.application_id, payload=[])
    await bot.restart()
    await synced(bot)
    assert {command["name"] for command in world.commands} == names(bot)


async def test_a_changed_definition_is_registered(bot: Bot, world: DiscordSandbox, tmp_path: Path) -> None:
    await synced(bot)

    @app_commands.command(name="later", description="Added in the next release")
    async def later(interaction: discord.Interaction) -> None:
        del interaction

    bot.client.tree.add_command(cast("app_commands.Command[Any, ..., None]", later))
    sync = CommandSync(bot.client.tree, tmp_path / "commands.json")
    assert await sync.sync()
    assert not await sync.sync()
    assert "later" in {command["name"] for command in world.commands}


async def test_a_difference_that_only_the_record_knows_is_registered(bot: Bot, tmp_path: Path) -> None:
    await synced(bot)
    record = tmp_path / "commands.json"
    record.write_text(json.dumps(dict.fromkeys(json.loads(record.read_text()), "another digest")))
    sync = CommandSync(bot.client.tree, record)
    assert await sync.sync()
    assert not await sync.sync()


async def test_a_changed_translation_is_registered_and_an_unchanged_one_is_not(
    bot: Bot, world: DiscordSandbox, tmp_path: Path
) -> None:
    await synced(bot)
    (tmp_path / "wording").mkdir()
    words = {
        Entry(one="imagine", context=NAME): "träumen",
        Entry(one="prompt", context=NAME): "worte",
        Entry(one="fast", context=CHOICE): "schnell",
        Entry(one="Show job", context=MENU): "Auftrag zeigen",
    }
    sync = CommandSync(bot.client.tree, tmp_path / "no-record-yet.json")
    with translated(tmp_path / "wording", {Language.GERMAN: words}):
        assert await sync.sync()
        (tmp_path / "no-record-yet.json").unlink()  # so that it is Discord's own list that is compared
        assert not await sync.sync()
    registered = {command["name"]: command for command in world.commands}
    assert registered["imagine"]["name_localizations"] == {"de": "träumen"}
    prompt, *_, speed = registered["imagine"]["options"]
    assert prompt["name_localizations"] == {"de": "worte"}
    assert speed["choices"][0]["name_localizations"] == {"de": "schnell"}
    assert registered["Show job"]["name_localizations"] == {"de": "Auftrag zeigen"}


async def test_a_damaged_record_is_no_obstacle(bot: Bot, tmp_path: Path) -> None:
    await synced(bot)
    (tmp_path / "commands.json").write_text("{not json")
    assert not await CommandSync(bot.client.tree, tmp_path / "commands.json").sync()


async def test_a_failed_registration_is_tried_again_ever_later(
    bot: Bot, world: DiscordSandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await synced(bot)
    await bot.client.http.bulk_upsert_global_commands(world.application_id, payload=[])
    world.faults.set(DiscordFault.FORBIDDEN, BULK, times=2)
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    await CommandSync(bot.client.tree, tmp_path / "commands.json", sleep=pause).run()
    assert pauses == [5, 10]
    assert {command["name"] for command in world.commands} == names(bot)
    assert "could not be registered" in caplog.text


async def test_commands_can_live_in_one_server(world: DiscordSandbox, tmp_path: Path) -> None:
    bot = Bot(world, tmp_path)
    await bot.start(guild_id=world.world.guild.id)
    await synced(bot)
    await bot.stop()
    assert {command["guild_id"] for command in world.commands} == {str(world.world.guild.id)}
    await bot.start(guild_id=world.world.guild.id)
    await synced(bot)
    await bot.stop()
    assert bulk_writes(world) == 1


async def test_commands_move_when_the_setting_changes_and_nobody_sees_them_twice(
    world: DiscordSandbox, tmp_path: Path
) -> None:
    bot = Bot(world, tmp_path)
    for guild_id in (None, world.world.guild.id, None):
        await bot.start(guild_id=guild_id)
        await synced(bot)
        await bot.stop()
        expected = None if guild_id is None else str(guild_id)
        assert [command.get("guild_id") for command in world.commands] == [expected] * len(names(bot))


async def test_two_forms_of_one_name_are_found_out_at_the_start(bot: Bot) -> None:
    name, form = next(iter(bot.client.forms.drafts.items()))
    with pytest.raises(ValueError, match=name):
        bot.client.forms.add_draft(name, form)


async def test_a_command_of_an_older_release_is_answered(bot: Bot, world: DiscordSandbox) -> None:
    await synced(bot)
    old = {"name": "dream", "description": "Gone", "type": 1}
    await bot.client.http.bulk_upsert_global_commands(world.application_id, payload=[old])
    call = await world.person(world.world.member).slash("dream", channel=world.world.general)
    answer = await call.answer()
    assert answer.ephemeral
    assert answer.message is not None
    assert "do not know this command" in answer.message.content


async def test_the_invite_link_is_logged_once_ready(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await bot.client.on_ready()
        await bot.client.on_ready()
    lines = [record.getMessage() for record in caplog.records if "invite" in record.getMessage()]
    assert len(lines) == 1
    assert f"client_id={bot.discord.application_id}" in lines[0]
    assert f"permissions={PERMISSIONS.value}" in lines[0]


@pytest.mark.parametrize("nothing", [None, [], {}, False, ""])
def test_missing_fields_and_their_defaults_compare_equal(nothing: object) -> None:
    option: dict[str, object] = {"type": 3, "name": "prompt", "description": "x"}
    command: dict[str, object] = {"name": "imagine", "description": "x"}
    spelled_out = command | {
        "nsfw": nothing,
        "contexts": nothing,
        "options": [option | {"required": False, "choices": nothing, "min_length": None}],
    }
    stored = command | {"type": 1, "id": "1", "version": "2", "options": [option]}
    assert canonical(spelled_out) == canonical(stored)


@pytest.mark.parametrize(
    "other",
    [
        {"name_localizations": {"de": "träumen"}},
        {"description_localizations": {"de": "y"}},
        {"options": [{"type": 3, "name": "prompt", "description": "x", "name_localizations": {"de": "worte"}}]},
        {"options": [{"type": 3, "name": "prompt", "description": "x", "description_localizations": {"de": "y"}}]},
    ],
)
def test_another_language_makes_another_definition(other: dict[str, Any]) -> None:
    command: dict[str, Any] = {"name": "imagine", "description": "x"}
    command["options"] = [{"type": 3, "name": "prompt", "description": "x"}]
    assert canonical(command | other) != canonical(command)
    assert canonical(command | {"name_localizations": {}, "description_localizations": None}) == canonical(command)


def test_a_limit_of_zero_is_not_a_missing_one() -> None:
    option = {"type": 4, "name": "count", "description": "x"}
    command = {"name": "imagine", "description": "x", "options": [option]}
    assert canonical(command) != canonical(command | {"options": [option | {"min_value": 0}]})
