"""Registering commands: what passes, what is refused, what keeps its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.discord import ClientRefused, DiscordOptions, Permission
from sandbox.discord.world import Overwrite
from tests.sandbox.discord_ground import bare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord_ground import Api, Json, Reply


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare(DiscordOptions(command_creates=101)) as running:
        yield running


def command(**fields: object) -> Json:
    return {"name": "imagine", "type": 1, "description": "Draw."} | fields


def option(**fields: object) -> Json:
    return {"type": 3, "name": "prompt", "description": "What to draw."} | fields


async def put(api: Api, *commands: Json, guild_id: int | None = None) -> Reply:
    place = "" if guild_id is None else f"/guilds/{guild_id}"
    return await api.call("PUT", f"/applications/{api.sandbox.application_id}{place}/commands", list(commands))


CHOICE = {"name": "Fast", "value": "fast"}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": "Imagine"}, ("name",)),
        ({"name": "two words"}, ("name",)),
        ({"name": "x" * 33}, ("name",)),
        ({"description": ""}, ("description",)),
        ({"description": "x" * 101}, ("description",)),
        ({"type": 2}, ("description",)),
        ({"options": [option(name=f"o{n}") for n in range(26)]}, ("options",)),
        ({"options": [option(), option()]}, ("options",)),
        ({"options": [option(), option(name="b", required=True)]}, ("options", "1")),
        ({"options": [option(choices=[CHOICE] * 2)]}, ("options", "0", "choices")),
        ({"options": [option(choices=[CHOICE | {"value": "x" * 101}])]}, ("options", "0", "choices", "0", "value")),
        ({"options": [option(choices=[CHOICE], autocomplete=True)]}, ("options", "0", "autocomplete")),
        ({"options": [option(type=5, autocomplete=True)]}, ("options", "0", "autocomplete")),
        ({"options": [option(), {"type": 1, "name": "sub", "description": "Sub."}]}, ("options",)),
        ({"name_localizations": {"xx": "bild"}}, ("name_localizations", "xx")),
        ({"name_localizations": {"de": "Mit Leer"}}, ("name_localizations", "de")),
        (
            {"options": [option(name_localizations={"de": "b"}), option(name="b")]},
            ("options",),
        ),
    ],
)
async def test_a_malformed_command_is_refused_at_the_right_place(api: Api, fields: Json, path: tuple[str, ...]) -> None:
    reply = await put(api, command(**fields))
    assert reply.refusal == (400, 50035)
    assert reply.errors("0", *path)


async def test_8000_characters_count_the_longest_language_of_each_field(api: Api) -> None:
    choices = [{"name": f"{n:02}" + "x" * 98, "value": f"{n:02}" + "y" * 98} for n in range(25)]
    options = [option(choices=choices), option(name="b", choices=choices[:14]), option(name="c")]
    assert (await put(api, command(options=options))).status == 200
    languages = {"description_localizations": {"de": "x" * 100, "fr": "y"}}
    grown = [entry | languages for entry in options]
    assert (await put(api, command(options=grown))).errors("0") == ["APPLICATION_COMMAND_TOO_LARGE"]


async def test_a_bulk_overwrite_keeps_ids_and_versions_of_what_stays(api: Api) -> None:
    first = (await put(api, command(), command(name="history"))).body
    second = (await put(api, command(), command(name="history", description="Other."), command(name="show"))).body
    assert [entry["id"] for entry in first] == [entry["id"] for entry in second[:2]]
    assert first[0]["version"] == second[0]["version"]
    assert first[1]["version"] != second[1]["version"]
    assert [entry["name"] for entry in api.sandbox.commands] == ["imagine", "history", "show"]


async def test_a_hundred_commands_and_fifteen_menus_and_the_daily_limit(api: Api) -> None:
    many = [command(name=f"c{n}") for n in range(101)]
    assert (await put(api, *many)).errors() == ["APPLICATION_COMMANDS_LIMIT"]
    menus = [{"name": f"Menu {n}", "type": 3} for n in range(16)]
    assert (await put(api, *menus)).errors() == ["APPLICATION_COMMANDS_LIMIT"]
    assert (await put(api, *many[:100])).status == 200
    assert (await put(api, *many[:99], command(name="new"))).status == 200
    assert (await put(api, *many[:98], command(name="newer"))).refusal == (400, 30034)


async def test_one_command_is_added_read_changed_and_removed(api: Api) -> None:
    base = f"/applications/{api.sandbox.application_id}/commands"
    added = await api.post(base, command(name_localizations={"de": "vorstellen"}))
    assert added.status == 201
    assert (await api.post(base, command(description="Again."))).status == 200
    path = f"{base}/{added.body['id']}"
    changed = await api.patch(path, {"description": "Changed."})
    assert (changed.body["description"], changed.body["id"]) == ("Changed.", added.body["id"])
    assert "name_localizations" not in (await api.get(base)).body[0]
    assert "name_localizations" in (await api.get(f"{base}?with_localizations=true")).body[0]
    assert (await api.call("DELETE", path)).status == 204
    assert (await api.get(path)).refusal == (404, 10063)
    assert (await api.get("/applications/5/commands")).refusal == (403, 50001)


async def test_commands_of_a_guild_exist_only_there(api: Api) -> None:
    world = api.sandbox.world
    await put(api, command(), guild_id=world.guild.id)
    await api.sandbox.commands_registered("imagine", timeout=1)
    mateo = api.sandbox.person(world.member)
    call = await mateo.slash("imagine", channel=world.general)
    assert call.payload["data"]["guild_id"] == str(world.guild.id)
    with pytest.raises(ClientRefused):
        await mateo.slash("imagine", channel=world.other_channel)
    assert (await put(api, command(), guild_id=5)).refusal == (403, 50001)


@pytest.mark.parametrize(
    ("fields", "channel", "person", "offered"),
    [
        ({}, "general", "guest", True),
        ({"contexts": [1]}, "general", "member", False),
        ({"nsfw": True}, "general", "member", False),
        ({"nsfw": True}, "nsfw", "member", True),
        ({"default_member_permissions": "8192"}, "general", "member", False),
        ({"default_member_permissions": "8192"}, "general", "owner", True),
        ({"integration_types": [1]}, "general", "guest", False),
        ({"integration_types": [1]}, "general", "member", True),
        ({}, "other_channel", "guest", False),
    ],
)
async def test_a_client_offers_a_command_only_where_it_belongs(
    api: Api, fields: Json, channel: str, person: str, *, offered: bool
) -> None:
    await put(api, command(**fields))
    world = api.sandbox.world
    typing = api.sandbox.person(getattr(world, person)).slash("imagine", channel=getattr(world, channel))
    if offered:
        assert (await typing).name == "imagine"
    else:
        with pytest.raises(ClientRefused):
            await typing


async def test_a_person_without_the_permission_is_offered_no_command(api: Api) -> None:
    await put(api, command())
    world = api.sandbox.world
    world.general.overwrites[world.member.id] = Overwrite(1, deny=Permission.USE_APPLICATION_COMMANDS)
    with pytest.raises(ClientRefused):
        await api.sandbox.person(world.member).slash("imagine", channel=world.general)
    assert (await api.sandbox.person(world.owner).slash("imagine", channel=world.general)).user is world.owner
