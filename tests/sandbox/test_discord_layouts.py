"""Components V2 and selects of all kinds, sent by discord.py, kept, shown, used, and read back by discord.py."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import discord
import pytest
from discord import ui

from sandbox.discord import ClientRefused, DiscordOptions, DiscordSandbox, Permission
from sandbox.discord.world import ROLE_OVERWRITE, Overwrite
from tests.sandbox.discord_ground import bare, connected, new_client, new_tree, row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from discord.ui.select import BaseSelect

    from sandbox.discord import Message
    from tests.sandbox.discord_ground import Api, Interaction

Json = dict[str, Any]
V2 = 1 << 15


@pytest.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(DiscordOptions(ack_seconds=2.0)) as running:
        yield running


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare() as running:
        yield running


def png(name: str) -> discord.File:
    header = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x20\x00\x00\x00\x10"
    return discord.File(io.BytesIO(header), name)


def layout() -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    seal: ui.Thumbnail[ui.LayoutView] = ui.Thumbnail("attachment://fox.png", description="A fox.", spoiler=True)
    more: ui.Button[ui.LayoutView] = ui.Button(label="More", custom_id="more", emoji="🦊", id=77)
    gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery(
        discord.MediaGalleryItem("attachment://fox.png", description="Again."),
        discord.MediaGalleryItem("https://example.org/bear.png", spoiler=True),
    )
    spacing = discord.SeparatorSpacing.large
    box: ui.Container[ui.LayoutView] = ui.Container(
        ui.Section("A **fox**", "in the snow", accessory=seal),
        ui.Separator(visible=False, spacing=spacing),
        ui.Section("More of it", accessory=more),
        gallery,
        ui.File("attachment://notes.txt", spoiler=True),
        ui.ActionRow(ui.UserSelect(custom_id="inner", placeholder="Who?")),
        accent_color=discord.Color(0xE67E22),
        spoiler=True,
    )
    view.add_item(ui.TextDisplay("# Foxes"))
    view.add_item(box)
    return view


def kinds(nodes: list[Json]) -> list[int]:
    return [node["type"] for node in nodes]


async def test_a_layout_is_kept_as_it_was_sent_and_read_back(sandbox: DiscordSandbox) -> None:
    client = new_client()
    async with connected(sandbox, client):
        channel = client.get_partial_messageable(sandbox.world.general.id)
        notes = discord.File(io.BytesIO(b"red"), "notes.txt")
        sent = await channel.send(view=layout(), files=[png("fox.png"), notes])
        read = ui.LayoutView.from_message(await channel.fetch_message(sent.id))
        shown = sandbox.message_json(sandbox.messages(sandbox.world.general)[0])
        picture = read.find_item(4)
        assert isinstance(picture, ui.TextDisplay)
        box = next(item for item in read.children if isinstance(item, ui.Container))
        button = read.find_item(77)
    assert isinstance(button, ui.Button)
    assert (button.label, button.custom_id) == ("More", "more")
    assert box.accent_color == discord.Color(0xE67E22)
    assert (shown["flags"] & V2, shown["content"], shown["attachments"]) == (V2, "", [])
    title, container = shown["components"]
    assert (title["content"], container["spoiler"]) == ("# Foxes", True)
    assert kinds(container["components"]) == [9, 14, 9, 12, 13, 1]
    section, line, _, gallery, file, actions = container["components"]
    assert (section["accessory"]["spoiler"], section["accessory"]["description"]) == (True, "A fox.")
    media = section["accessory"]["media"]
    assert media["url"].startswith(sandbox.url + "/attachments/")
    assert (media["width"], media["height"], media["content_type"]) == (32, 16, "image/png")
    assert (line["divider"], line["spacing"]) == (False, 2)
    assert [item["spoiler"] for item in gallery["items"]] == [False, True]
    assert gallery["items"][1]["media"]["url"] == "https://example.org/bear.png"
    assert (file["name"], file["size"], file["spoiler"]) == ("notes.txt", 3, True)
    assert actions["components"][0]["placeholder"] == "Who?"


async def test_a_layout_that_was_read_back_can_be_edited_and_its_addresses_stay_fresh(sandbox: DiscordSandbox) -> None:
    client = new_client()
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.MediaGallery[ui.LayoutView](discord.MediaGalleryItem("attachment://fox.png", description="Fox")))
    async with connected(sandbox, client):
        channel = client.get_partial_messageable(sandbox.world.general.id)
        sent = await channel.send(view=view, file=png("fox.png"))
        sandbox.advance(3600)
        again = ui.LayoutView.from_message(await channel.fetch_message(sent.id))
        again.add_item(ui.TextDisplay("Done"))
        sandbox.advance(3600)
        edited = await sent.edit(view=again)
    gallery, text = edited.components
    assert isinstance(gallery, discord.MediaGalleryComponent)
    assert isinstance(text, discord.TextDisplay)
    address = urlsplit(gallery.items[0].media.url)
    sandbox.advance(83_500)  # what was signed before the edit has expired
    file = sandbox.file(address.path, address.query)
    assert file is not None
    assert (file.filename, text.content, gallery.items[0].description) == ("fox.png", "Done", "Fox")


async def test_a_button_and_a_select_inside_a_layout_answer(sandbox: DiscordSandbox) -> None:
    client = new_client()
    told: list[str] = []

    @client.event
    async def on_interaction(interaction: Interaction) -> None:
        data: Any = interaction.data
        told.append(f"{data['custom_id']} {data['id']} {data.get('values')}")
        await interaction.response.defer()

    assert on_interaction.__name__ == "on_interaction"
    world = sandbox.world
    async with connected(sandbox, client):
        notes = discord.File(io.BytesIO(b"red"), "notes.txt")
        await client.get_partial_messageable(world.general.id).send(view=layout(), files=[png("fox.png"), notes])
        message = sandbox.messages(world.general)[0]
        mateo = sandbox.person(world.member)
        await (await mateo.click(message, label="More")).answer()
        call = await mateo.choose(message, str(world.guest.id), "inner")
        await call.answer()
    resolved = call.payload["data"]["resolved"]
    assert told[0] == "more 77 None"
    assert told[1].endswith(f"['{world.guest.id}']")
    assert resolved["users"][str(world.guest.id)]["username"] == "priya.writes"
    assert "user" not in resolved["members"][str(world.guest.id)]
    assert int(resolved["members"][str(world.guest.id)]["permissions"]) & (1 << 10)


async def test_every_kind_of_select_gives_discord_py_its_objects(sandbox: DiscordSandbox) -> None:
    client = new_client()
    world = sandbox.world
    told: list[list[str]] = []

    def telling(chosen: BaseSelect[Any]) -> BaseSelect[Any]:
        async def tell(interaction: Interaction) -> None:
            told.append([f"{type(value).__name__}:{value}" for value in chosen.values])
            await interaction.response.defer()

        chosen.callback = tell
        return chosen

    options = [discord.SelectOption(label=name, emoji="🎨") for name in ("ink", "oil")]
    selects = [
        telling(ui.Select(custom_id="3", options=options, min_values=0, max_values=2)),
        telling(ui.UserSelect(custom_id="5")),
        telling(ui.RoleSelect(custom_id="6", max_values=2)),
        telling(ui.MentionableSelect(custom_id="7", max_values=2)),
        telling(ui.ChannelSelect(custom_id="8", channel_types=[discord.ChannelType.text])),
    ]
    view = ui.View(timeout=None)
    for chosen in selects:
        view.add_item(chosen)
    artists = next(role for role in world.guild.roles.values() if role.name == "Artists")
    picks: list[list[str]] = [
        ["oil", "ink"],
        [str(world.guest.id)],
        [str(artists.id)],
        [str(artists.id), str(world.owner.id)],
        [str(world.gallery.id)],
    ]
    async with connected(sandbox, client):
        await client.get_partial_messageable(world.general.id).send("Choose", view=view)
        message = sandbox.messages(world.general)[0]
        mateo = sandbox.person(world.member)
        for chosen, picked in zip(selects, picks, strict=True):
            await (await mateo.choose(message, picked, chosen.custom_id)).answer()
        await (await mateo.choose(message, [], "3")).answer()
    assert message.select("3").options[0].emoji == "🎨"
    assert told == [
        ["str:oil", "str:ink"],
        ["Member:priya.writes"],
        ["Role:Artists"],
        ["Member:hanna.lind", "Role:Artists"],
        ["AppCommandChannel:gallery"],
        [],
    ]


async def post_selects(api: Api, *selects: Json) -> Message:
    reply = await api.send(
        {"content": "x", "components": [row(one | {"custom_id": str(one["type"])}) for one in selects]}
    )
    assert reply.status == 200, reply.body
    return api.sandbox.messages(api.sandbox.world.general)[-1]


async def test_what_cannot_be_picked_in_a_select(api: Api) -> None:
    world = api.sandbox.world
    role = world.guild.roles[world.guild.id]
    message = await post_selects(api, {"type": 5}, {"type": 6}, {"type": 7}, {"type": 8, "channel_types": [11]})
    mateo = api.sandbox.person(world.member)
    for custom_id, value in (
        ("5", str(role.id)),
        ("5", "12"),
        ("6", str(world.guest.id)),
        ("6", str(next(iter(world.other_guild.roles)))),
        ("7", str(world.general.id)),
        ("8", str(world.general.id)),
        ("8", str(world.other_channel.id)),
        ("8", str(world.guest.id)),
    ):
        with pytest.raises(ClientRefused):
            await mateo.choose(message, value, custom_id)
    with pytest.raises(ClientRefused):
        await mateo.choose(message, [str(world.guest.id), str(world.owner.id)], "5")
    call = await mateo.choose(message, str(world.thread.id), "8")
    channel = call.payload["data"]["resolved"]["channels"][str(world.thread.id)]
    assert channel["parent_id"] == str(world.gallery.id)
    assert int(channel["permissions"]) & (1 << 11)


async def test_a_hidden_channel_is_not_in_the_list(api: Api) -> None:
    world = api.sandbox.world
    world.gallery.overwrites[world.guild.id] = Overwrite(ROLE_OVERWRITE, deny=Permission.VIEW_CHANNEL)
    message = await post_selects(api, {"type": 8})
    with pytest.raises(ClientRefused):
        await api.sandbox.person(world.member).choose(message, str(world.gallery.id))
    await api.sandbox.person(world.owner).choose(message, str(world.gallery.id))


async def test_defaults_and_channel_types_reach_the_client(api: Api) -> None:
    defaults = [{"id": int(api.sandbox.world.member.id), "type": "user"}]
    message = await post_selects(api, {"type": 5, "default_values": defaults}, {"type": 8, "channel_types": [0, 11]})
    assert message.select("5").chosen == (str(api.sandbox.world.member.id),)
    assert message.select("8").channel_types == (0, 11)
    shown = api.sandbox.message_json(message)["components"]
    assert shown[0]["components"][0]["default_values"] == [{"id": str(api.sandbox.world.member.id), "type": "user"}]


async def test_ids_of_components_are_kept_and_never_given_twice(api: Api) -> None:
    texts: list[Json] = [
        {"type": 10, "content": "a"},
        {"type": 10, "content": "b", "id": 1},
        {"type": 10, "content": "c"},
    ]
    sent = await api.send({"flags": V2, "components": texts})
    assert [node["id"] for node in sent.body["components"]] == [2, 1, 3]
    twice = await api.send({"flags": V2, "components": [text | {"id": 9} for text in texts]})
    assert twice.errors("components", "1", "id") == ["COMPONENT_ID_DUPLICATED"]


async def test_options_that_name_people_roles_and_channels(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)

    @tree.command(description="Name them.")
    async def name(
        interaction: Interaction,
        who: discord.Member | discord.Role,
        role: discord.Role,
        where: discord.TextChannel | discord.Thread,
    ) -> None:
        permissions = where.permissions_for(interaction.user) if isinstance(interaction.user, discord.Member) else None
        seen = permissions is not None and permissions.view_channel
        await interaction.response.send_message(f"{who.name}, {role.name}, {where.name}, {seen}")

    assert name.name == "name"
    world = sandbox.world
    artists = next(one for one in world.guild.roles.values() if one.name == "Artists")
    foreign = next(iter(world.other_guild.roles.values()))
    values = {"who": world.guest, "role": artists, "where": world.thread}
    async with connected(sandbox, client, tree):
        mateo = sandbox.person(world.member)
        call = await mateo.slash("name", values, channel=world.general)
        answer = await call.answer()
        for wrong in ({"role": foreign}, {"where": world.other_channel}, {"where": world.dm(world.member)}):
            with pytest.raises(ClientRefused):
                await mateo.slash("name", values | wrong, channel=world.general)
    resolved = call.payload["data"]["resolved"]
    assert set(resolved) == {"users", "members", "roles", "channels"}
    assert resolved["channels"][str(world.thread.id)]["permissions"].isdecimal()
    assert answer.message is not None
    assert answer.message.content == "priya.writes, Artists, poster ideas, True"
